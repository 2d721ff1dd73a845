//! People who practise through every fault: they retry as good clients do, under the same key, and
//! write down what was acknowledged.

use std::{sync::Arc, time::Duration};

use tonic::{
    Code, Request, Status,
    metadata::MetadataValue,
    transport::{Channel, Endpoint},
};
use viva_proto::v1::{
    self, answer_service_client::AnswerServiceClient, auth_service_client::AuthServiceClient,
    interview_service_client::InterviewServiceClient,
};

use super::ledger::Ledger;

/// The password of every account.
pub(crate) const PASSWORD: &str = "correct horse 42";

/// How long a client waits for one reply.
const DEADLINE: Duration = Duration::from_secs(10);

/// A person with an account, whom any of these servers may serve.
#[derive(Clone)]
pub(crate) struct Person {
    servers: Vec<Channel>,
    token: String,
    pub(crate) name: String,
}

/// A question to answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Question {
    pub(crate) interview_id: i64,
    pub(crate) question_id: i64,
}

/// A connection that is made when needed, and again after it is lost.
pub(crate) fn channel(url: &str) -> Channel {
    let endpoint = Endpoint::from_shared(url.to_owned()).unwrap();
    endpoint.connect_timeout(Duration::from_secs(2)).timeout(DEADLINE).connect_lazy()
}

/// Whether a good client retries.
fn passes(status: &Status) -> bool {
    matches!(
        status.code(),
        Code::Unavailable
            | Code::DeadlineExceeded
            | Code::ResourceExhausted
            | Code::Cancelled
            | Code::Unknown
    )
}

/// Retries until it succeeds; only transient errors are retried.
pub(crate) async fn insist<T, F, Fut>(what: &str, mut attempt: F) -> T
where
    F: FnMut(usize) -> Fut,
    Fut: Future<Output = Result<T, Status>>,
{
    let mut tries = 0;
    loop {
        match attempt(tries).await {
            Ok(value) => return value,
            Err(status) if passes(&status) => {}
            Err(status) => panic!("{what}: {status:?}"),
        }
        tries += 1;
        assert!(tries < 600, "{what}: never done");
        // The pause of a client that retries; a server that is away cannot announce its return.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

impl Person {
    /// Registers and signs in.
    pub(crate) async fn sign_up(urls: &[String], name: &str) -> Self {
        let servers: Vec<Channel> = urls.iter().map(|url| channel(url)).collect();
        let request = v1::RegisterRequest {
            username: name.into(),
            email: format!("{name}@corpus.example"),
            password: PASSWORD.into(),
        };
        insist("register", async |at: usize| {
            let mut auth = AuthServiceClient::new(servers[at % servers.len()].clone());
            match auth.register(request.clone()).await {
                // The reply to an earlier attempt was lost.
                Err(status) if status.code() == Code::AlreadyExists => Ok(()),
                other => other.map(|_| ()),
            }
        })
        .await;
        let request = v1::LoginRequest { username: name.into(), password: PASSWORD.into() };
        let token = insist("login", async |at: usize| {
            let mut auth = AuthServiceClient::new(servers[at % servers.len()].clone());
            let reply = auth.login(request.clone()).await?.into_inner();
            Ok(reply.session.unwrap().access_token)
        })
        .await;
        Self { servers, token, name: name.to_owned() }
    }

    pub(crate) fn ask<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        let value = MetadataValue::try_from(format!("Bearer {}", self.token)).unwrap();
        request.metadata_mut().insert("authorization", value);
        request
    }

    fn server(&self, at: usize) -> Channel {
        self.servers[at % self.servers.len()].clone()
    }

    pub(crate) fn answers(&self) -> AnswerServiceClient<Channel> {
        AnswerServiceClient::new(self.server(0))
    }

    pub(crate) fn interviews(&self) -> InterviewServiceClient<Channel> {
        InterviewServiceClient::new(self.server(0))
    }

    pub(crate) fn auth(&self) -> AuthServiceClient<Channel> {
        AuthServiceClient::new(self.server(0))
    }

    /// Creates an interview of ten questions.
    pub(crate) async fn questions(&self, key: &str) -> Vec<Question> {
        let request = v1::CreateInterviewRequest {
            role: "Backend engineer".into(),
            num_questions: 10,
            idempotency_key: key.into(),
            ..Default::default()
        };
        let interview = insist("create", async |at: usize| {
            let mut interviews = InterviewServiceClient::new(self.server(at));
            let reply = interviews.create_interview(self.ask(request.clone())).await?;
            Ok(reply.into_inner().interview.unwrap())
        })
        .await;
        let ids = interview.questions.iter().map(|question| question.id);
        ids.map(|question_id| Question { interview_id: interview.id, question_id }).collect()
    }

    /// Submits an answer under a key until it is acknowledged, and enters it in the ledger.
    pub(crate) async fn submit(
        &self,
        question: Question,
        text: &str,
        key: &str,
        ledger: &Ledger,
    ) -> i64 {
        let request = v1::SubmitAnswerRequest {
            interview_id: question.interview_id,
            question_id: question.question_id,
            answer_text: text.into(),
            idempotency_key: key.into(),
            duration_ms: 0,
        };
        let id = insist("submit", async |at: usize| {
            let mut answers = AnswerServiceClient::new(self.server(at));
            let reply = answers.submit_answer(self.ask(request.clone())).await?;
            Ok(reply.into_inner().answer_id)
        })
        .await;
        ledger.acknowledge(id, text, key);
        id
    }
}

/// Lets several people submit this many answers in all, each person one after the other.
pub(crate) async fn practise(urls: &[String], people: usize, answers: usize, ledger: &Arc<Ledger>) {
    let each = answers.div_ceil(people);
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..people {
        let (urls, ledger) = (urls.to_vec(), Arc::clone(ledger));
        tasks.spawn(async move {
            let person = Person::sign_up(&urls, &format!("person{number}")).await;
            let mut questions = Vec::new();
            for at in 0..each {
                if questions.is_empty() {
                    questions = person.questions(&format!("{number}-{at}")).await;
                }
                let question = questions.pop().unwrap();
                // A text as short as this is never declined as off topic, whatever the question.
                let text = format!("Answer {at} by {number}: indexes help reads.");
                person.submit(question, &text, &format!("{number}-{at}"), &ledger).await;
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
}
