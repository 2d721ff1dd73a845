//! The same answer to the same question is evaluated once.

use std::time::Duration;

use viva_fake_model::Script;
use viva_proto::v1::EvaluationStatus;

use super::world::{INDEX, INDEX_ANSWER, World, ask, evaluated, question};

#[tokio::test]
async fn the_same_answer_is_not_evaluated_twice() {
    let world = World::with(Script::honest()).await;
    let interview = world.ask(&world.ada, &[INDEX]).await;
    let first = evaluated(&world.ada, &interview, INDEX_ANSWER).await;
    let again = evaluated(&world.ada, &interview, INDEX_ANSWER).await;
    assert_eq!(world.model.calls(), 1);
    assert_eq!((again.scores, &again.feedback), (first.scores, &first.feedback));
    evaluated(&world.ada, &interview, "It is sorted, and writes get slower.").await;
    assert_eq!(world.model.calls(), 2, "another answer is another evaluation");
}

#[tokio::test]
async fn an_evaluation_by_another_rubric_or_of_a_deleted_interview_is_not_reused() {
    let world = World::with(Script::honest()).await;
    let first = world.ask(&world.ada, &[INDEX]).await;
    evaluated(&world.ada, &first, INDEX_ANSWER).await;
    let mut stricter = question(INDEX);
    stricter.rubric.key_points[0].weight = 0.9;
    let second = ask(&world.server, &world.ada, vec![stricter]).await;
    evaluated(&world.ada, &second, INDEX_ANSWER).await;
    assert_eq!(world.model.calls(), 2);
    let request = viva_proto::v1::DeleteInterviewRequest { interview_id: first.id };
    world.ada.interviews().delete_interview(world.ada.ask(request)).await.unwrap();
    let third = world.ask(&world.ada, &[INDEX]).await;
    evaluated(&world.ada, &third, INDEX_ANSWER).await;
    assert_eq!(world.model.calls(), 3);
}

#[tokio::test]
async fn a_reused_evaluation_does_not_show_that_another_account_gave_the_same_answer() {
    const DELAY: Duration = Duration::from_millis(400);
    let script = Script::Honest { delay: DELAY };
    let budget = [("LLM_CALLS_PER_USER_AND_DAY", "1")];
    let world = World::with_settings(script, &budget, crate::support::settings()).await;
    let interview = world.ask(&world.ada, &[INDEX]).await;
    let adas = evaluated(&world.ada, &interview, INDEX_ANSWER).await;
    let calls = world.model.calls();
    let bob = world.server.sign_up("bob").await;
    let interview = world.ask(&bob, &[INDEX]).await;
    let bobs = evaluated(&bob, &interview, INDEX_ANSWER).await;
    assert_eq!(world.model.calls(), calls, "the model was not called for it");
    assert_eq!(bobs.scores, adas.scores);
    // It came as late as a new one would have,
    let answer = &bob.report(interview.id).await.unwrap().questions[0].answer.clone().unwrap();
    let seconds = |time: &prost_types::Timestamp| time.seconds as f64 + f64::from(time.nanos) / 1e9;
    let (sent, done) = (answer.submitted_at.unwrap(), bobs.evaluated_at.unwrap());
    assert!(seconds(&done) - seconds(&sent) >= DELAY.as_secs_f64());
    // and it has cost Bob his one call.
    let more = evaluated(&bob, &interview, "Another answer of mine, please.").await;
    assert_eq!(more.status(), EvaluationStatus::Failed);
    assert!(more.failure_reason.starts_with("Today's 1 calls"), "{}", more.failure_reason);
}

#[tokio::test]
async fn while_the_endpoint_is_away_no_evaluation_of_another_account_is_reused() {
    let world =
        World::with_settings(Script::honest(), &[], super::world::patient_settings(1)).await;
    let interview = world.ask(&world.ada, &[INDEX]).await;
    evaluated(&world.ada, &interview, INDEX_ANSWER).await;
    world.model.stop().await;
    let bob = world.server.sign_up("bob").await;
    for answer in ["An answer that nobody has given yet.", INDEX_ANSWER] {
        let interview = world.ask(&bob, &[INDEX]).await;
        let given = evaluated(&bob, &interview, answer).await;
        assert_eq!(given.status(), EvaluationStatus::Failed, "{answer}");
    }
    // Your own evaluation is reused all the same.
    let again = evaluated(&world.ada, &interview, INDEX_ANSWER).await;
    assert_eq!(again.status(), EvaluationStatus::Completed);
}
