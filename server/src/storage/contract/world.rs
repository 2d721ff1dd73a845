//! People, interviews and answers to try a store with.

use std::time::Duration;

use crate::{
    domain::{
        clock::Timestamp,
        id::{AnswerId, QuestionId, UserId},
        interview::{Interview, Level},
        question::{KeyPoint, Mistake, NewQuestion, QuestionOrigin, Rubric},
        timing::Conditions,
    },
    storage::{
        Store,
        accounts::{Credentials, NewRefreshToken, NewUser, Registered},
        answers::{NewAnswer, Submission},
        interviews::{Creation, NewInterview, RequestKey},
        queue::{Claim, Job, Outcome},
    },
};

/// The time at which everything begins.
pub(in crate::storage) const START: Timestamp = Timestamp::from_micros(1_800_000_000_123_456);

/// The time this many seconds after the start.
pub(in crate::storage) fn at(seconds: u64) -> Timestamp {
    START.after(Duration::from_secs(seconds))
}

pub(in crate::storage) fn new_user(name: &str) -> NewUser {
    NewUser {
        username: name.into(),
        email: format!("{name}@corpus.example"),
        hashed_password: "$argon2id$".into(),
        created_at: START,
    }
}

pub(in crate::storage) async fn user(store: &dyn Store, name: &str) -> UserId {
    match store.create_user(new_user(name)).await.unwrap() {
        Registered::User(user) => user.id,
        other => panic!("{other:?}"),
    }
}

/// The credentials of an account that `user` has made.
pub(in crate::storage) fn proven(user_id: UserId) -> Credentials {
    Credentials { user_id, hashed_password: new_user("").hashed_password }
}

pub(in crate::storage) fn token(byte: u8, expires_at: Timestamp) -> NewRefreshToken {
    NewRefreshToken { hash: [byte; 32], expires_at }
}

pub(in crate::storage) fn rubric() -> Rubric {
    Rubric {
        reference: "A mutex lets one thread in at a time.".into(),
        key_points: vec![KeyPoint {
            point: "Only one thread holds the lock.".into(),
            weight: 2.5,
            phrasings: vec!["one at a time".into()],
        }],
        mistakes: vec![Mistake { claim: "It is free.".into(), why_wrong: "It is not.".into() }],
    }
}

pub(in crate::storage) fn new_interview(user_id: UserId, questions: usize) -> NewInterview {
    let question = |at: usize| NewQuestion {
        text: format!("Question {at}?"),
        topic: "concurrency".into(),
        origin: QuestionOrigin::Bank,
        bank_id: Some(format!("concurrency-{at}")),
        rubric: rubric(),
    };
    NewInterview {
        user_id,
        role: "Backend engineer".into(),
        level: Level::Senior,
        language: "en".into(),
        job_description: "An advert.".into(),
        created_at: START,
        questions: (1..=questions).map(question).collect(),
        model_calls: 0,
        request: None,
        conditions: Conditions::default(),
    }
}

pub(in crate::storage) fn request(key: &str, byte: u8) -> RequestKey {
    RequestKey { key: key.into(), request_hash: [byte; 32] }
}

pub(in crate::storage) async fn interview(
    store: &dyn Store,
    user: UserId,
    questions: usize,
) -> Interview {
    match store.create_interview(new_interview(user, questions)).await.unwrap() {
        Creation::Created(interview) => interview,
        other => panic!("{other:?}"),
    }
}

pub(in crate::storage) fn new_answer(
    user_id: UserId,
    question_id: QuestionId,
    text: &str,
) -> NewAnswer {
    NewAnswer {
        question_id,
        user_id,
        text: text.into(),
        submitted_at: START,
        duration_ms: 0,
        idempotency_key: None,
    }
}

pub(in crate::storage) async fn answer(store: &dyn Store, new: NewAnswer) -> AnswerId {
    match store.submit_answer(new).await.unwrap() {
        Submission::Stored(id) => id,
        other => panic!("{other:?}"),
    }
}

/// An account with an interview of one question and a waiting answer.
pub(in crate::storage) async fn queued(
    store: &dyn Store,
    name: &str,
) -> (UserId, Interview, AnswerId) {
    let ada = user(store, name).await;
    let interview = interview(store, ada, 1).await;
    let text = crate::domain::sample::ANSWER;
    let id = answer(store, new_answer(ada, interview.questions[0].id, text)).await;
    (ada, interview, id)
}

/// Claims an evaluation at that second, with a lease of ten seconds.
pub(in crate::storage) async fn claim(store: &dyn Store, seconds: u64) -> Option<Job> {
    store.claim(at(seconds), at(seconds + 10), 1).await.unwrap().pop()
}

pub(in crate::storage) async fn claimed(store: &dyn Store, seconds: u64) -> Claim {
    claim(store, seconds).await.expect("something is due").claim
}

/// Writes one outcome; returns whether the claim was still the newest.
pub(in crate::storage) async fn finish(
    store: &dyn Store,
    claim: Claim,
    outcome: Outcome,
    seconds: u64,
) -> bool {
    store.finish(vec![(claim, outcome)], at(seconds)).await.unwrap() == [true]
}

/// The list of an account with two interviews: one of three questions, of which one is evaluated, one
/// was evaluated and is answered again, and one is waiting; and one that is not begun.
pub(in crate::storage) async fn practised(store: &dyn Store) -> Vec<Interview> {
    let ada = user(store, "ada").await;
    let made = interview(store, ada, 3).await;
    for question in &made.questions[..2] {
        answer(store, new_answer(ada, question.id, crate::domain::sample::ANSWER)).await;
    }
    for second in 1..3 {
        let outcome = Outcome::Completed(Box::new(crate::domain::sample::assessment()));
        let claim = claimed(store, second).await;
        assert!(finish(store, claim, outcome, second).await);
    }
    answer(store, new_answer(ada, made.questions[1].id, "Another one.")).await;
    interview(store, ada, 1).await;
    let list = store.interviews(ada, None, 9).await.unwrap();
    let progress = list[1].progress;
    assert_eq!((progress.questions, progress.answered, progress.evaluated), (3, 2, 1));
    assert!(progress.overall_score.is_some());
    list
}
