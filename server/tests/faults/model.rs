//! The language model misbehaves: F17, F18, F19, F34.

use std::{collections::HashSet, sync::Arc};

use futures::future::join_all;
use viva_fake_model::{Case, FakeModel, Reply, Script};
use viva_proto::v1;

use crate::support::{
    in_time,
    ledger::Ledger,
    people::{Person, Question, practise},
    program::{Deployment, Plan, Program},
    scale,
    state::{Reader, Stored},
};

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpora");

/// A server with this model; questions come from the bank, because the model writes none.
fn served(deployment: &Deployment, model: &FakeModel, more: &[(&str, &str)]) -> (Plan, Program) {
    let mut plan = Plan::serve(deployment)
        .with("LLM_API_URL", &model.url())
        .with("LLM_MODEL", "fault-1")
        .with("LLM_CALLS_PER_INTERVIEW", "100000")
        .with("LLM_CALLS_PER_USER_AND_DAY", "100000");
    for (name, value) in more {
        plan = plan.with(name, value);
    }
    let program = plan.start();
    (plan, program)
}

/// Submits the person's answers, each in different words, so that no evaluation is reused.
async fn submit_all(person: &Person, count: usize, ledger: &Ledger) -> Vec<i64> {
    let mut questions: Vec<Question> = Vec::new();
    for round in 0..count.div_ceil(10) {
        questions.extend(person.questions(&format!("round {round}")).await);
    }
    let submits = questions.iter().take(count).enumerate().map(|(at, question)| async move {
        let text = format!("Answer number {at} is about an index that keeps its keys in order.");
        person.submit(*question, &text, &format!("key {at}"), ledger).await
    });
    join_all(submits).await
}

fn with_status<'a>(stored: &'a [Stored], status: &'a str) -> impl Iterator<Item = &'a Stored> {
    stored.iter().filter(move |answer| answer.status == status)
}

/// F17: the model hangs on every call. Submits continue, each evaluation fails at its deadline, and
/// all of them succeed when retried once the model has recovered.
async fn hangs(deployment: Deployment) {
    let model = FakeModel::start(Script::honest()).await.unwrap();
    let settings = [("LLM_TIMEOUT_SECONDS", "1"), ("LLM_CONCURRENCY", "64")];
    let (plan, _program) = served(&deployment, &model, &settings);
    let (ledger, reader) = (Ledger::new(deployment.folder.path()), Reader::open(&deployment).await);
    let ada = Person::sign_up(&[plan.url()], "ada").await;
    model.hold();
    let ids = submit_all(&ada, scale(60, 500), &ledger).await;
    let stored = reader.check(&ledger, &[]).await;
    assert_eq!(with_status(&stored, "failed").count(), ids.len());
    model.set(Script::honest());
    model.release();
    for answer_id in &ids {
        let request = v1::RetryEvaluationRequest { answer_id: *answer_id };
        ada.answers().retry_evaluation(ada.ask(request)).await.unwrap();
    }
    let stored = reader.check(&ledger, &[]).await;
    assert_eq!(with_status(&stored, "completed").count(), ids.len());
}

/// F18: the model replies 429 for a while, then recovers. Every evaluation completes without help,
/// and the calls stay within what the attempts allow.
async fn busy(deployment: Deployment) {
    let busy = Reply::new(429, "application/json", r#"{"error":{"message":"busy"}}"#)
        .with_header("retry-after", "1");
    let model = FakeModel::start(Script::Reply(busy)).await.unwrap();
    let (plan, _program) = served(&deployment, &model, &[("LLM_MAX_ATTEMPTS", "20")]);
    let (ledger, reader) = (Ledger::new(deployment.folder.path()), Reader::open(&deployment).await);
    let ada = Person::sign_up(&[plan.url()], "ada").await;
    let ids = submit_all(&ada, scale(20, 200), &ledger).await;
    in_time("the first refusals", model.wait_for_calls(ids.len())).await;
    model.set(Script::honest());
    let stored = reader.check(&ledger, &[]).await;
    assert_eq!(with_status(&stored, "completed").count(), ids.len());
    let attempts: i64 = stored.iter().map(|answer| answer.attempts).sum();
    let calls = i64::try_from(model.calls()).unwrap();
    // I6: one call per attempt, one more per answer for a second reading, and those for questions,
    // which the bank supplied in the end.
    let allowed = 2 * attempts + 2 * i64::try_from(ids.len()).unwrap();
    assert!(calls <= allowed, "I6: {calls} calls for {attempts} attempts");
}

/// F19: the model flaps: errors, resets and every reply of the corpus, one after the other.
async fn flaps(deployment: Deployment) {
    let mut script = Vec::new();
    for case in Case::folder(format!("{CORPUS}/llm-responses")).unwrap() {
        // One fault each, then an honest reply, so that some succeed at once.
        script.push(Script::Replay(case));
        script.push(Script::honest());
    }
    let model = FakeModel::start(Script::honest()).await.unwrap();
    let settings = [("LLM_TIMEOUT_SECONDS", "1"), ("LLM_MAX_ATTEMPTS", "3")];
    let (plan, _program) = served(&deployment, &model, &settings);
    let (ledger, reader) = (Ledger::new(deployment.folder.path()), Reader::open(&deployment).await);
    let ada = Person::sign_up(&[plan.url()], "ada").await;
    let warm = ada.questions("round 0").await;
    assert_eq!(warm.len(), 10);
    model.set(Script::Sequence(script));
    submit_all(&ada, scale(60, 400), &ledger).await;
    let stored = reader.check(&ledger, &[]).await;
    let ended: HashSet<&str> = stored.iter().map(|answer| answer.status.as_str()).collect();
    assert!(ended.contains("completed") && ended.contains("failed"), "{ended:?}");
}

/// F34: the whole corpus of injections, submitted together.
async fn poison(deployment: Deployment) {
    let plan = Plan::serve(&deployment);
    let _program = plan.start();
    let (ledger, reader) =
        (Arc::new(Ledger::new(deployment.folder.path())), Reader::open(&deployment).await);
    let ada = Person::sign_up(&[plan.url()], "ada").await;
    let rows = std::fs::read_to_string(format!("{CORPUS}/injections.jsonl")).unwrap();
    let rows = rows.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let texts: Vec<String> = rows
        .filter(|row| row["expect"] != "rejected INVALID_ARGUMENT")
        .map(|row| row["answer"].as_str().unwrap().to_owned())
        .collect();
    for round in 0..scale(2, 20) {
        let mut questions = Vec::new();
        while questions.len() < texts.len() {
            questions.extend(ada.questions(&format!("{round}-{}", questions.len())).await);
        }
        let submits = texts.iter().zip(&questions).enumerate().map(|(at, (text, question))| {
            let (ada, ledger) = (&ada, &ledger);
            async move { ada.submit(*question, text, &format!("poison {round}-{at}"), ledger).await }
        });
        join_all(submits).await;
    }
    let before = reader.check(&ledger, &[]).await.len();
    practise(&[plan.url()], 1, 1, &ledger).await;
    let stored = reader.check(&ledger, &[]).await;
    // Some injections are declined, each with its reason; the honest answer after them is judged.
    let declined = with_status(&stored, "failed").filter(|answer| answer.refusal.is_some()).count();
    let completed = with_status(&stored, "completed").count();
    assert_eq!((completed + declined, stored.len()), (stored.len(), before + 1));
    assert_eq!(stored[before].status, "completed");
}

#[tokio::test]
async fn f17_sqlite_a_model_that_hangs_delays_no_submit() {
    hangs(Deployment::sqlite()).await;
}

#[tokio::test]
async fn f18_sqlite_a_busy_model_is_waited_for_without_help() {
    busy(Deployment::sqlite()).await;
}

#[tokio::test]
async fn f19_sqlite_a_flapping_model_ends_every_evaluation_with_a_reason_or_a_score() {
    flaps(Deployment::sqlite()).await;
}

#[tokio::test]
async fn f34_sqlite_poisonous_answers_block_no_others() {
    poison(Deployment::sqlite()).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn f17_postgres_a_model_that_hangs_delays_no_submit() {
    hangs(Deployment::postgres().await).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn f18_postgres_a_busy_model_is_waited_for_without_help() {
    busy(Deployment::postgres().await).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn f19_postgres_a_flapping_model_ends_every_evaluation_with_a_reason_or_a_score() {
    flaps(Deployment::postgres().await).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn f34_postgres_poisonous_answers_block_no_others() {
    poison(Deployment::postgres().await).await;
}
