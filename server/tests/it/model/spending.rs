//! What calls may cost, and how many there are at once.

use std::collections::HashSet;

use viva_fake_model::Script;
use viva_proto::v1::{CreateInterviewRequest, EvaluationStatus, Question, QuestionSource};

use super::world::{INDEX, World, evaluated};
use crate::support::settings;

async fn world(more: &[(&str, &str)]) -> World {
    World::with_settings(Script::honest(), more, settings()).await
}

#[tokio::test]
async fn an_interview_that_has_had_its_calls_is_refused_more_with_the_settings_name() {
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
    assert!(second.failure_reason.contains("LLM_CALLS_PER_INTERVIEW"), "{}", second.failure_reason);
    assert_eq!(world.model.calls(), calls, "nothing was called for it");
    let other = world.ask(&world.ada, &[INDEX]).await;
    let third = evaluated(&world.ada, &other, "An answer in another interview.").await;
    assert_eq!(third.status(), EvaluationStatus::Completed, "{}", third.failure_reason);
}

#[tokio::test]
async fn an_account_that_has_had_its_calls_today_gets_questions_from_the_bank() {
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
    assert!(notice.contains("LLM_CALLS_PER_USER_AND_DAY"), "{notice}");
}

#[tokio::test]
async fn no_more_calls_than_allowed_are_under_way_at_once() {
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
