//! Accounts with answered interviews, and their calls.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use rand::RngExt;
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};
use tonic::{Code, Request, Status, metadata::MetadataValue, transport::Channel};
use viva_proto::v1::{
    self, answer_service_client::AnswerServiceClient, auth_service_client::AuthServiceClient,
    interview_service_client::InterviewServiceClient, report_service_client::ReportServiceClient,
};

use crate::{Result, operation::Operation};

const PASSWORD: &str = "a password for benchmarks alone";

/// Long enough for a grader to have something to read.
const ANSWER: &str = "I would measure first, because guesses mislead: look at where time goes, form one \
                      hypothesis, change one thing, and measure again under the same load. An index \
                      helps a query that reads few rows of many, and costs every write a little.";

/// How long a server may take to open its database.
const LONGEST_START: Duration = Duration::from_mins(2);

/// How many people create their interviews at the same time.
const AT_ONCE: usize = 8;

/// How many people, interviews, questions and connections there are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    pub(crate) people: usize,
    pub(crate) interviews: usize,
    pub(crate) questions: i32,
    pub(crate) connections: usize,
}

/// All people who use the server.
#[derive(Clone)]
pub(crate) struct People {
    all: Arc<Vec<Person>>,
    channels: Arc<Vec<Channel>>,
    next: Arc<AtomicUsize>,
}

struct Person {
    name: String,
    token: MetadataValue<tonic::metadata::Ascii>,
    interviews: Vec<i64>,
    /// Each interview's id, with the id of one of its questions.
    questions: Vec<(i64, i64)>,
    answers: Vec<i64>,
}

impl People {
    /// Signs everyone in. A missing person is registered, and creates and answers interviews.
    pub(crate) async fn gather(target: &str, size: Size) -> Result<Self> {
        let endpoint = Channel::from_shared(target.to_owned())?;
        let mut channels = Vec::new();
        for _ in 0..size.connections {
            channels.push(endpoint.connect().await?);
        }
        let channels = Arc::new(channels);
        is_ready(channels[0].clone()).await?;
        let (mut coming, mut people) = (JoinSet::new(), Vec::new());
        for number in 0..size.people.max(1) {
            if coming.len() >= AT_ONCE
                && let Some(person) = coming.join_next().await
            {
                people.push(person??);
            }
            let channel = channels[number % channels.len()].clone();
            coming.spawn(Person::come(channel, format!("bench-{number}"), size));
        }
        while let Some(person) = coming.join_next().await {
            people.push(person??);
        }
        Ok(Self { all: Arc::new(people), channels, next: Arc::default() })
    }

    /// How many calls to make at the same time.
    pub(crate) fn connections(&self) -> usize {
        self.channels.len()
    }

    /// The next person makes a call on the next connection.
    pub(crate) async fn call(&self, operation: Operation) -> Code {
        let at = self.next.fetch_add(1, Ordering::Relaxed);
        let channel = self.channels[at % self.channels.len()].clone();
        let person = &self.all[rand::rng().random_range(0..self.all.len())];
        match person.call(channel, operation).await {
            Ok(()) => Code::Ok,
            Err(status) => status.code(),
        }
    }

    /// The next person submits an answer. Returns the person's number and the answer's id.
    pub(crate) async fn submit(&self, number: usize) -> Result<(usize, i64)> {
        let who = number % self.all.len();
        let channel = self.channels[number % self.channels.len()].clone();
        Ok((who, self.all[who].submit(channel).await?))
    }

    /// Whether an answer's evaluation has ended.
    pub(crate) async fn is_evaluated(&self, (who, answer): (usize, i64)) -> Result<bool> {
        let channel = self.channels[who % self.channels.len()].clone();
        let request = self.all[who].ask(v1::GetAnswerStatusRequest { answer_id: answer });
        let reply = AnswerServiceClient::new(channel).get_answer_status(request).await?;
        let status = reply.into_inner().answer.and_then(|answer| answer.evaluation);
        let status = status.map(|evaluation| evaluation.status());
        Ok(status != Some(v1::EvaluationStatus::Pending))
    }
}

impl Person {
    async fn come(channel: Channel, name: String, size: Size) -> Result<Self> {
        let mut auth = AuthServiceClient::new(channel.clone());
        let login = v1::LoginRequest { username: name.clone(), password: PASSWORD.into() };
        let reply = match auth.login(login.clone()).await {
            Err(status) if status.code() == Code::Unauthenticated => {
                let register = v1::RegisterRequest {
                    username: name.clone(),
                    email: format!("{name}@example.org"),
                    password: PASSWORD.into(),
                };
                auth.register(register).await?;
                auth.login(login).await?
            }
            other => other?,
        };
        let session = reply.into_inner().session.ok_or("no session")?;
        let token = format!("Bearer {}", session.access_token).parse()?;
        let nothing = (Vec::new(), Vec::new(), Vec::new());
        let (interviews, questions, answers) = nothing;
        let mut person = Self { name, token, interviews, questions, answers };
        person.look_around(channel.clone()).await?;
        if person.interviews.is_empty() {
            person.practise(channel.clone(), size).await?;
            person.look_around(channel).await?;
        }
        Ok(person)
    }

    fn ask<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        request.metadata_mut().insert("authorization", self.token.clone());
        request
    }

    /// Creates interviews and answers all their questions.
    async fn practise(&self, channel: Channel, size: Size) -> Result<()> {
        let mut answering = AnswerServiceClient::new(channel.clone());
        let mut interviewing = InterviewServiceClient::new(channel);
        for _ in 0..size.interviews {
            let request = v1::CreateInterviewRequest {
                role: "Backend engineer".into(),
                num_questions: size.questions,
                ..Default::default()
            };
            let reply = interviewing.create_interview(self.ask(request)).await?.into_inner();
            let interview = reply.interview.ok_or("no interview")?;
            for question in interview.questions {
                answering.submit_answer(self.ask(answer(interview.id, question.id))).await?;
            }
        }
        Ok(())
    }

    /// Reads the ids of existing interviews, questions and answers.
    async fn look_around(&mut self, channel: Channel) -> Result<()> {
        let request = self.ask(v1::ListInterviewsRequest { page_size: 100, ..Default::default() });
        let list = InterviewServiceClient::new(channel.clone()).list_interviews(request).await?;
        for listed in list.into_inner().interviews {
            let request = self.ask(v1::GetReportRequest { interview_id: listed.id });
            let reply = ReportServiceClient::new(channel.clone()).get_report(request).await?;
            self.interviews.push(listed.id);
            for one in reply.into_inner().report.ok_or("no report")?.questions {
                self.questions.extend(one.question.map(|question| (listed.id, question.id)));
                self.answers.extend(one.answer.map(|answer| answer.id));
            }
        }
        Ok(())
    }

    async fn call(
        &self,
        channel: Channel,
        operation: Operation,
    ) -> std::result::Result<(), Status> {
        match operation {
            Operation::Login => {
                let (username, password) = (self.name.clone(), PASSWORD.into());
                let request = v1::LoginRequest { username, password };
                AuthServiceClient::new(channel).login(request).await.map(drop)
            }
            Operation::Me => {
                let request = self.ask(v1::GetMeRequest {});
                AuthServiceClient::new(channel).get_me(request).await.map(drop)
            }
            Operation::List => {
                let request = self.ask(v1::ListInterviewsRequest::default());
                InterviewServiceClient::new(channel).list_interviews(request).await.map(drop)
            }
            Operation::Report => {
                let interview_id = one_of(&self.interviews)?;
                let request = self.ask(v1::GetReportRequest { interview_id });
                ReportServiceClient::new(channel).get_report(request).await.map(drop)
            }
            Operation::Status => {
                let answer_id = one_of(&self.answers)?;
                let request = self.ask(v1::GetAnswerStatusRequest { answer_id });
                AnswerServiceClient::new(channel).get_answer_status(request).await.map(drop)
            }
            Operation::Submit => self.submit(channel).await.map(drop),
        }
    }

    async fn submit(&self, channel: Channel) -> std::result::Result<i64, Status> {
        let (interview, question) = one_of(&self.questions)?;
        let request = self.ask(answer(interview, question));
        let reply = AnswerServiceClient::new(channel).submit_answer(request).await?;
        Ok(reply.into_inner().answer_id)
    }
}

/// Waits for a server that listens but is still opening its database.
async fn is_ready(channel: Channel) -> Result<()> {
    let began = Instant::now();
    let mut auth = AuthServiceClient::new(channel);
    while let Err(status) = auth.get_me(v1::GetMeRequest {}).await
        && status.code() == Code::Unavailable
    {
        if began.elapsed() > LONGEST_START {
            return Err(status.into());
        }
        sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

/// An answer that is different each time, so that no evaluation is reused.
fn answer(interview_id: i64, question_id: i64) -> v1::SubmitAnswerRequest {
    let number: u64 = rand::random();
    let answer_text = format!("{ANSWER} I have seen this {number} times.");
    let idempotency_key = format!("bench-{number:016x}");
    v1::SubmitAnswerRequest {
        interview_id,
        question_id,
        answer_text,
        idempotency_key,
        ..Default::default()
    }
}

fn one_of<T: Copy>(things: &[T]) -> std::result::Result<T, Status> {
    let at = rand::rng().random_range(0..things.len().max(1));
    things.get(at).copied().ok_or_else(|| Status::failed_precondition("nothing to ask for"))
}
