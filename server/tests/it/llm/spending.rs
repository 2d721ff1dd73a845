//! How many model calls an account, an interview and a server may make.

use std::collections::HashSet;

use viva_fake_model::{FakeModel, Script};
use viva_proto::v1::{CreateInterviewRequest, EvaluationStatus, Question, QuestionSource};

use super::world::{self, INDEX, World, evaluated};
use crate::support::{Person, TestServer, scratch::with_database, settings};

async fn world(more: &[(&str, &str)]) -> World {
    World::with_settings(Script::honest(), more, settings()).await
}

#[tokio::test]
async fn an_interview_without_calls_left_is_refused_without_naming_settings() {
    let world = world(&[("LLM_CALLS_PER_INTERVIEW", "2")]).await;
    let request =
        CreateInterviewRequest { role: "Dev".into(), num_questions: 1, ..Default::default() };
    let reply = world.ada.interviews().create_interview(world.ada.ask(request)).await.unwrap();
    let interview = reply.into_inner().interview.unwrap();
    let first = evaluated(&world.ada, &interview, "The first of several answers.").await;
    assert_eq!(first.status(), EvaluationStatus::Completed, "{}", first.failure_reason);
    let calls = world.model.calls();
    let second = evaluated(&world.ada, &interview, "The second of several answers.").await;
    assert_eq!(second.status(), EvaluationStatus::Failed);
    let told = &second.failure_reason;
    assert!(
        told.starts_with("This interview has used its 2 calls") && !told.contains("LLM_"),
        "{told}"
    );
    assert_eq!(world.model.calls(), calls, "the refusal cost no call");
    let other = world.ask(&world.ada, &[INDEX]).await;
    let third = evaluated(&world.ada, &other, "An answer in another interview.").await;
    assert_eq!(third.status(), EvaluationStatus::Completed, "{}", third.failure_reason);
}

#[tokio::test]
async fn an_account_without_calls_left_today_gets_questions_from_the_bank() {
    let world = world(&[("LLM_CALLS_PER_USER_AND_DAY", "1")]).await;
    let create = async || {
        let request =
            CreateInterviewRequest { role: "Dev".into(), num_questions: 2, ..Default::default() };
        let reply = world.ada.interviews().create_interview(world.ada.ask(request)).await.unwrap();
        let reply = reply.into_inner();
        let questions = reply.interview.unwrap().questions;
        (questions.iter().map(Question::source).collect::<HashSet<_>>(), reply.notice)
    };
    assert_eq!(create().await.0, HashSet::from([QuestionSource::Model]));
    let (sources, notice) = create().await;
    assert_eq!(sources, HashSet::from([QuestionSource::Bank]));
    assert!(notice.contains("Today's 1 calls") && !notice.contains("LLM_"), "{notice}");
}

/// Where a new interview's questions come from, and its notice.
async fn create(person: &Person) -> (HashSet<QuestionSource>, String) {
    let request =
        CreateInterviewRequest { role: "Dev".into(), num_questions: 2, ..Default::default() };
    let reply = person.interviews().create_interview(person.ask(request)).await.unwrap();
    let reply = reply.into_inner();
    let questions = reply.interview.unwrap().questions;
    (questions.iter().map(Question::source).collect(), reply.notice)
}

/// Two servers on one database, with two calls a day for all accounts together.
async fn two_calls_for_all(servers: [&TestServer; 2], model: &FakeModel) {
    let people = [servers[0].sign_up("ada").await, servers[1].sign_up("bob").await];
    for person in &people {
        assert_eq!(create(person).await.0, HashSet::from([QuestionSource::Model]));
    }
    for person in &people {
        let (sources, notice) = create(person).await;
        assert_eq!(sources, HashSet::from([QuestionSource::Bank]));
        assert!(notice.contains("This server's calls for today"), "{notice}");
    }
    let interview = world::ask(servers[1], &people[1], vec![world::question(INDEX)]).await;
    let refused = evaluated(&people[1], &interview, "An answer that nobody pays for.").await;
    assert_eq!(
        refused.status(),
        EvaluationStatus::Failed,
        "the server's cap fails it like the account's"
    );
    let told = &refused.failure_reason;
    assert!(told.contains("there are new ones at ") && !told.contains("LLM_"), "{told}");
    assert_eq!(model.calls(), 2);
}

#[tokio::test]
async fn two_servers_on_a_file_share_the_calls_of_all_accounts() {
    let model = FakeModel::start(Script::honest()).await.unwrap();
    let config = world::config(&model.url(), &[("LLM_CALLS_PER_DAY", "2")]);
    let folder = tempfile::tempdir().unwrap();
    let one = TestServer::start_full(folder, settings(), Some(&config)).await;
    let other = one.start_beside_with(&config).await;
    two_calls_for_all([&one, &other], &model).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn two_servers_on_postgres_share_the_calls_of_all_accounts() {
    with_database(async |url| {
        let model = FakeModel::start(Script::honest()).await.unwrap();
        let config = world::config(&model.url(), &[("LLM_CALLS_PER_DAY", "2")]);
        let one = TestServer::start_on_with(&url, &config).await;
        let other = TestServer::start_on_with(&url, &config).await;
        two_calls_for_all([&one, &other], &model).await;
        one.stop().await;
        other.stop().await;
    })
    .await;
}

#[tokio::test]
async fn no_more_calls_than_allowed_run_at_once() {
    let world = world(&[("LLM_CONCURRENCY", "2")]).await;
    let questions: Vec<String> = (0..6).map(|number| format!("{INDEX} ({number})")).collect();
    let texts: Vec<&str> = questions.iter().map(String::as_str).collect();
    let interview = world.ask(&world.ada, &texts).await;
    world.model.hold();
    for at in 0..6 {
        world.ada.submit(&interview, at, "It is sorted and finds rows fast.").await.unwrap();
    }
    world.model.wait_for_calls(2).await;
    for calls in 3..=6 {
        world.model.release_one();
        world.model.wait_for_calls(calls).await;
    }
    world.model.release();
    let settled = world.ada.settled(interview.id).await;
    assert!(settled.iter().all(|a| a.evaluation.as_ref().unwrap().scores.is_some()));
    assert_eq!(world.model.most_at_once(), 2);
}
