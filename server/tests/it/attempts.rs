//! Comparing two attempts at a question.

use tonic::Status;
use viva_proto::v1::{
    AttemptVerdict, CompareAttemptsRequest, CompareAttemptsResponse, PointChange,
};

use crate::support::{Person, TestServer, fields, reason};

async fn compare(
    person: &Person,
    question_id: i64,
    earlier_attempt: i32,
    later_attempt: i32,
) -> Result<CompareAttemptsResponse, Status> {
    let request = CompareAttemptsRequest { question_id, earlier_attempt, later_attempt };
    Ok(person.reports().compare_attempts(person.ask(request)).await?.into_inner())
}

#[tokio::test]
async fn a_retake_shows_what_it_gained_and_whether_it_is_better() {
    let server = TestServer::start().await;
    let (ada, bob) = (server.sign_up("ada").await, server.sign_up("bob").await);
    let made = ada.create("Backend engineer", 1).await;
    let id = made.questions[0].id;
    let weak = ada.submit(&made, 0, "I would measure it first and then decide.").await.unwrap();
    ada.settled(made.id).await;
    let before = ada.status(weak).await.unwrap();
    assert_eq!(reason(&compare(&ada, id, 0, 0).await.unwrap_err()), "NOTHING_TO_COMPARE");
    let reference = before.evaluation.clone().unwrap().reference_answer;
    ada.submit(&made, 0, &reference).await.unwrap();
    ada.settled(made.id).await;
    let both = compare(&ada, id, 0, 0).await.unwrap();
    assert_eq!((both.earlier.clone().unwrap(), both.best_attempt), (before, 2));
    assert_eq!(both.verdict(), AttemptVerdict::Better, "{both:?}");
    assert!(both.points.iter().any(|point| point.change() == PointChange::Gained));
    assert!(both.points.iter().all(|point| point.change() != PointChange::Lost));
    let attempts: Vec<_> = both.attempts.iter().map(|attempt| attempt.attempt).collect();
    assert_eq!(attempts, [1, 2]);
    assert!(both.attempts[1].score > both.attempts[0].score);
    let back = compare(&ada, id, 2, 1).await.unwrap();
    assert_eq!(back.verdict(), AttemptVerdict::Worse);

    assert_eq!(reason(&compare(&ada, id, 0, 9).await.unwrap_err()), "ANSWER_NOT_FOUND");
    assert_eq!(reason(&compare(&bob, id, 0, 0).await.unwrap_err()), "ACCESS_DENIED");
    assert_eq!(reason(&compare(&ada, 4711, 0, 0).await.unwrap_err()), "QUESTION_NOT_FOUND");
    let wrong = compare(&ada, id, -1, -1).await.unwrap_err();
    assert_eq!(fields(&wrong), ["earlier_attempt", "later_attempt"]);
}
