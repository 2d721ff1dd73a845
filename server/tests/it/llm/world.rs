//! A server with a scripted model, and questions with known rubrics to ask there.

use std::{collections::HashMap, time::Duration};

use serde_json::Value;
use viva_fake_model::{FakeModel, Script};
use viva_proto::v1;
use viva_server::{
    config::{self, LlmConfig},
    domain::{
        clock::{Clock, SystemClock},
        id::UserId,
        interview::Level,
        question::{KeyPoint, NewQuestion, QuestionOrigin, Rubric},
        timing::Conditions,
    },
    startup::app::AppSettings,
    storage::interviews::{Creation, NewInterview},
};

use crate::support::{Person, TestServer, settings};

const QUESTIONS: &str = include_str!("../../corpora/questions.json");

/// The key with which these servers call their model.
pub(crate) const KEY: &str = "sk-corpus-key-that-nobody-may-see-0001";

/// The question of the corpus of replies, and the answer that it quotes.
pub(crate) const INDEX: &str = "What is a database index and what does it cost?";
pub(crate) const INDEX_ANSWER: &str = "An index is a sorted side structure, usually a B-tree, so the engine can find rows without \
     scanning the whole table. It makes reads faster but every write must also update the index, \
     and it takes disk space.";

/// A server with a scripted model, and a person who is signed in there.
pub(crate) struct World {
    pub(crate) server: TestServer,
    pub(crate) model: FakeModel,
    pub(crate) ada: Person,
}

impl World {
    pub(crate) async fn with(script: Script) -> Self {
        Self::with_settings(script, &[], settings()).await
    }

    /// With more settings of the model than its address, name and key.
    pub(crate) async fn with_settings(
        script: Script,
        model_settings: &[(&str, &str)],
        settings: AppSettings,
    ) -> Self {
        let model = FakeModel::start(script).await.unwrap();
        let config = config(&model.url(), model_settings);
        let folder = tempfile::tempdir().unwrap();
        let server = TestServer::start_full(folder, settings, Some(&config)).await;
        let ada = server.sign_up("ada").await;
        Self { server, model, ada }
    }

    /// Creates an interview of this person with these questions of the corpus.
    pub(crate) async fn ask(&self, person: &Person, questions: &[&str]) -> v1::Interview {
        let new = questions.iter().map(|text| question(text)).collect();
        ask(&self.server, person, new).await
    }
}

/// A model's settings as the environment would give them.
pub(crate) fn config(url: &str, more: &[(&str, &str)]) -> LlmConfig {
    let mut set: HashMap<&str, &str> =
        HashMap::from([("LLM_API_URL", url), ("LLM_MODEL", "corpus-1"), ("LLM_API_KEY", KEY)]);
    set.extend(more.iter().copied());
    config::llm(|name| set.get(name).map(|value| (*value).to_owned())).unwrap().unwrap()
}

/// The usual settings, but with retry waits long enough for a watcher to see.
pub(crate) fn patient_settings(attempts: i32) -> AppSettings {
    let mut settings = settings();
    if let Some(worker) = &mut settings.worker {
        worker.retry.base = Duration::from_millis(300);
        worker.retry.max_attempts = attempts;
    }
    settings
}

/// A question of the corpus with its rubric; any other text gets the rubric of the first.
pub(crate) fn question(text: &str) -> NewQuestion {
    let questions: Vec<Value> = serde_json::from_str(QUESTIONS).unwrap();
    let known = questions.iter().find(|known| known["question"] == text).unwrap_or(&questions[0]);
    let key_points = known["key_points"].as_array().unwrap().iter().map(|point| KeyPoint {
        point: point["point"].as_str().unwrap().to_owned(),
        weight: point["weight"].as_f64().unwrap(),
        phrasings: vec![],
    });
    NewQuestion {
        text: text.to_owned(),
        topic: known["topic"].as_str().unwrap().to_owned(),
        origin: QuestionOrigin::Model,
        bank_id: None,
        rubric: Rubric {
            reference: known["reference"].as_str().unwrap().to_owned(),
            key_points: key_points.collect(),
            mistakes: vec![],
        },
    }
}

/// Stores an interview with exactly these questions.
pub(crate) async fn ask(
    server: &TestServer,
    person: &Person,
    questions: Vec<NewQuestion>,
) -> v1::Interview {
    ask_in(server, person, "en", questions).await
}

/// As [`ask`], in another language.
pub(crate) async fn ask_in(
    server: &TestServer,
    person: &Person,
    language: &str,
    questions: Vec<NewQuestion>,
) -> v1::Interview {
    let me = person.auth().get_me(person.ask(v1::GetMeRequest {})).await.unwrap();
    let new = NewInterview {
        user_id: UserId::new(me.into_inner().user.unwrap().id),
        role: "Backend engineer".into(),
        level: Level::Mid,
        language: language.into(),
        job_description: String::new(),
        created_at: SystemClock.now(),
        questions,
        model_calls: 0,
        request: None,
        conditions: Conditions::default(),
    };
    let Creation::Created(made) = server.store.create_interview(new).await.unwrap() else {
        panic!("a new interview was not new");
    };
    let request = v1::GetInterviewRequest { interview_id: made.id.get() };
    let reply = person.interviews().get_interview(person.ask(request)).await.unwrap();
    reply.into_inner().interview.unwrap()
}

/// Answers an interview's only question and returns the evaluation once nothing is pending.
pub(crate) async fn evaluated(
    person: &Person,
    interview: &v1::Interview,
    text: &str,
) -> v1::Evaluation {
    person.submit(interview, 0, text).await.unwrap();
    let settled = person.settled(interview.id).await;
    assert_eq!(settled[0].answer_text, text, "the answer is kept as it was sent");
    settled[0].evaluation.clone().unwrap()
}

/// The mean of the four scores.
pub(crate) fn mean(evaluation: &v1::Evaluation) -> f64 {
    let scores = evaluation.scores.unwrap();
    (scores.correctness() + scores.completeness() + scores.quality() + scores.communication()) / 4.0
}
