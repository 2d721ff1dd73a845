//! The endpoint goes away and comes back.

use viva_fake_model::{FakeModel, Script};
use viva_proto::v1::{self, EvaluationStatus};

use super::world::{INDEX, World, patient_settings};

const ANSWER: &str = "It is a sorted structure that finds rows without a scan; writes get slower.";

fn state(answer: &v1::Answer) -> (EvaluationStatus, String) {
    let evaluation = answer.evaluation.as_ref().unwrap();
    (evaluation.status(), evaluation.last_fault.clone())
}

#[tokio::test]
async fn answers_submitted_while_the_endpoint_is_away_complete_when_it_is_back() {
    let world = World::with_settings(Script::honest(), &[], patient_settings(20)).await;
    let questions: Vec<String> = (0..5).map(|number| format!("{INDEX} ({number})")).collect();
    let texts: Vec<&str> = questions.iter().map(String::as_str).collect();
    let interview = world.ask(&world.ada, &texts).await;
    for at in 0..2 {
        world.ada.submit(&interview, at, ANSWER).await.unwrap();
    }
    world.ada.settled(interview.id).await;
    let address = world.model.address();
    world.model.stop().await;
    for at in 2..5 {
        world.ada.submit(&interview, at, ANSWER).await.unwrap();
    }
    // Each watcher learns that its answer waits, and for what.
    let request = v1::WatchInterviewRequest { interview_id: interview.id, follow: true };
    let mut stream =
        world.ada.answers().watch_interview(world.ada.ask(request)).await.unwrap().into_inner();
    let mut told = std::collections::HashSet::new();
    while told.len() < 3 {
        let answer = stream.message().await.unwrap().unwrap().answer.unwrap();
        let (status, fault) = state(&answer);
        if status == EvaluationStatus::Pending && fault.contains("cannot be reached") {
            told.insert(answer.question_id);
        }
    }
    let back = FakeModel::start_at(address, Script::honest()).await.unwrap();
    let settled = world.ada.settled(interview.id).await;
    assert_eq!(settled.len(), 5);
    for answer in &settled {
        assert_eq!(
            (state(answer).0, answer.answer_text.as_str()),
            (EvaluationStatus::Completed, ANSWER)
        );
    }
    assert!(back.calls() >= 3);
}

#[tokio::test]
async fn an_outage_uses_up_no_accounts_calls() {
    let limits = [("LLM_CALLS_PER_INTERVIEW", "2")];
    let world = World::with_settings(Script::honest(), &limits, patient_settings(2)).await;
    let interview = world.ask(&world.ada, &[INDEX]).await;
    let address = world.model.address();
    world.model.stop().await;
    let id = world.ada.submit(&interview, 0, ANSWER).await.unwrap();
    assert_eq!(state(&world.ada.settled(interview.id).await[0]).0, EvaluationStatus::Failed);
    let _back = FakeModel::start_at(address, Script::honest()).await.unwrap();
    let request = v1::RetryEvaluationRequest { answer_id: id };
    world.ada.answers().retry_evaluation(world.ada.ask(request)).await.unwrap();
    let settled = world.ada.settled(interview.id).await;
    let evaluation = settled[0].evaluation.as_ref().unwrap();
    assert_eq!(evaluation.status(), EvaluationStatus::Completed, "{}", evaluation.failure_reason);
}

#[tokio::test]
async fn evaluations_of_a_server_that_stops_are_completed_by_the_next_one() {
    let world = World::with(Script::honest()).await;
    let interview = world.ask(&world.ada, &[INDEX]).await;
    world.model.hold();
    world.ada.submit(&interview, 0, ANSWER).await.unwrap();
    world.model.wait_for_calls(1).await;
    let folder = world.server.stop().await;
    world.model.release();
    let config = super::world::config(&world.model.url(), &[]);
    let server =
        crate::support::TestServer::start_full(folder, crate::support::settings(), Some(&config))
            .await;
    let ada = server.sign_in("ada", crate::support::PASSWORD).await.unwrap();
    let settled = ada.settled(interview.id).await;
    let evaluation = settled[0].evaluation.as_ref().unwrap();
    assert_eq!((evaluation.status(), evaluation.attempts), (EvaluationStatus::Completed, 1));
}
