//! Submitting answers, and how they are evaluated.

use futures::future::join_all;
use tonic::{Code, Status};
use viva_proto::v1::{self, EvaluationStatus};
use viva_server::domain::clock::{Clock, SystemClock};

use crate::support::{Person, TestServer, reason};

/// It is judged whatever the question is; a longer text may be declined as off topic.
const GOOD: &str = "I would measure first.";

async fn submit_under(
    person: &Person,
    interview: &v1::Interview,
    key: &str,
    text: &str,
) -> Result<i64, Status> {
    let request = v1::SubmitAnswerRequest {
        interview_id: interview.id,
        question_id: interview.questions[0].id,
        answer_text: text.into(),
        idempotency_key: key.into(),
        duration_ms: 1234,
    };
    Ok(person.answers().submit_answer(person.ask(request)).await?.into_inner().answer_id)
}

#[tokio::test]
async fn a_submitted_answer_is_evaluated_without_a_further_request() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let interview = ada.create("Backend engineer", 1).await;
    let id = ada.submit(&interview, 0, GOOD).await.unwrap();
    let settled = ada.settled(interview.id).await;
    let answer = ada.status(id).await.unwrap();
    assert_eq!(settled, std::slice::from_ref(&answer));
    assert_eq!((answer.answer_text.as_str(), answer.attempt), (GOOD, 1));
    let evaluation = answer.evaluation.unwrap();
    assert_eq!(evaluation.status(), EvaluationStatus::Completed);
    assert_eq!(evaluation.attempts, 1);
    assert!(evaluation.scores.is_some() && evaluation.evaluated_at.is_some());
    assert!(!evaluation.feedback.is_empty() && !evaluation.reference_answer.is_empty());
    assert_eq!(evaluation.explanations.len(), 4);
    assert!(evaluation.key_points.iter().all(|point| GOOD.contains(&point.evidence)));
    assert_eq!(evaluation.grader.unwrap().kind(), v1::GraderKind::Offline);
}

#[tokio::test]
async fn text_is_kept_to_the_byte() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let interview = ada.create("Backend engineer", 1).await;
    let text = "  \u{1b}[31mred\u{1b}[0m \u{202e}desrever\u{200b} \r\n\ttabs and 語 \u{7f} \n ";
    let id = ada.submit(&interview, 0, text).await.unwrap();
    assert_eq!(ada.status(id).await.unwrap().answer_text, text);
}

#[tokio::test]
async fn a_second_answer_to_a_question_is_a_new_attempt_and_the_latest_counts() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let interview = ada.create("Backend engineer", 2).await;
    ada.submit(&interview, 0, "My first try at this one.").await.unwrap();
    ada.submit(&interview, 0, "My second try at this one.").await.unwrap();
    let settled = ada.settled(interview.id).await;
    assert_eq!(settled.len(), 1);
    assert_eq!(
        (settled[0].answer_text.as_str(), settled[0].attempt),
        ("My second try at this one.", 2)
    );
}

#[tokio::test]
async fn fifty_submits_under_one_key_store_one_answer() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let interview = ada.create("Backend engineer", 1).await;
    let submits = (0..50).map(|_| submit_under(&ada, &interview, "once", GOOD));
    let ids: Vec<i64> = join_all(submits).await.into_iter().map(Result::unwrap).collect();
    assert!(ids.iter().all(|id| *id == ids[0]));
    assert_eq!(ada.status(ids[0]).await.unwrap().attempt, 1);
    let error =
        submit_under(&ada, &interview, "once", "Another text altogether.").await.unwrap_err();
    assert_eq!(
        (error.code(), reason(&error).as_str()),
        (Code::AlreadyExists, "IDEMPOTENCY_KEY_REUSED")
    );
}

#[tokio::test]
async fn a_failed_evaluation_says_why_and_can_be_retried() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let interview = ada.create("Backend engineer", 2).await;
    let id = ada.submit(&interview, 0, "[fail] this one, please").await.unwrap();
    ada.settled(interview.id).await;
    let failed = ada.status(id).await.unwrap().evaluation.unwrap();
    assert_eq!(failed.status(), EvaluationStatus::Failed);
    assert_eq!(failed.failure_reason, "LLM_API_KEY is not accepted by the endpoint.");
    assert!(failed.scores.is_none() && failed.reference_answer.is_empty());
    let retry = |id| ada.ask(v1::RetryEvaluationRequest { answer_id: id });
    let again = ada.answers().retry_evaluation(retry(id)).await.unwrap().into_inner();
    assert_eq!(again.answer.unwrap().evaluation.unwrap().status(), EvaluationStatus::Pending);
    ada.settled(interview.id).await;
    assert_eq!(
        ada.status(id).await.unwrap().evaluation.unwrap().attempts,
        1,
        "attempts are counted from the start again"
    );

    let good = ada.submit(&interview, 1, GOOD).await.unwrap();
    ada.settled(interview.id).await;
    let error = ada.answers().retry_evaluation(retry(good)).await.unwrap_err();
    assert_eq!(
        (error.code(), error.message()),
        (Code::FailedPrecondition, "Evaluation has not failed")
    );
}

#[tokio::test]
async fn a_transient_error_is_retried_and_a_lasting_one_given_up_with_a_reason() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let interview = ada.create("Backend engineer", 2).await;
    let passing = ada.submit(&interview, 0, "[twice] then it works").await.unwrap();
    let lasting = ada.submit(&interview, 1, "[retry] it never works").await.unwrap();
    ada.settled(interview.id).await;
    let passing = ada.status(passing).await.unwrap().evaluation.unwrap();
    assert_eq!((passing.status(), passing.attempts), (EvaluationStatus::Completed, 2));
    let lasting = ada.status(lasting).await.unwrap().evaluation.unwrap();
    assert_eq!((lasting.status(), lasting.attempts), (EvaluationStatus::Failed, 3));
    assert_eq!(lasting.failure_reason, "The model is busy. Tried 3 times.");
}

#[tokio::test]
async fn a_grader_that_panics_fails_one_evaluation_and_no_other() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let interview = ada.create("Backend engineer", 2).await;
    let bad = ada.submit(&interview, 0, "[panic] if you can").await.unwrap();
    let good = ada.submit(&interview, 1, GOOD).await.unwrap();
    ada.settled(interview.id).await;
    let bad = ada.status(bad).await.unwrap().evaluation.unwrap();
    assert_eq!(bad.status(), EvaluationStatus::Failed);
    assert_eq!(bad.failure_reason, "The grader stopped unexpectedly on this answer.");
    let good = ada.status(good).await.unwrap().evaluation.unwrap();
    assert_eq!(good.status(), EvaluationStatus::Completed);
}

#[tokio::test]
async fn an_interview_may_be_deleted_while_its_answer_is_graded() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let doomed = ada.create("Backend engineer", 1).await;
    let id = ada.submit(&doomed, 0, "[hang] until it is gone").await.unwrap();
    server.grader.has(id).await;
    let request = ada.ask(v1::DeleteInterviewRequest { interview_id: doomed.id });
    ada.interviews().delete_interview(request).await.unwrap();
    // Its late result is not written anywhere, and the worker lives on.
    server.grader.let_go();
    let other = ada.create("Backend engineer", 1).await;
    let id = ada.submit(&other, 0, GOOD).await.unwrap();
    ada.settled(other.id).await;
    let evaluation = ada.status(id).await.unwrap().evaluation.unwrap();
    assert_eq!(evaluation.status(), EvaluationStatus::Completed);
}

#[tokio::test]
async fn a_stopping_server_returns_unfinished_work_to_the_queue_and_counts_no_attempt() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let interview = ada.create("Backend engineer", 1).await;
    let id = ada.submit(&interview, 0, "[hang] while the server stops").await.unwrap();
    server.grader.has(id).await;
    let begun = ada.status(id).await.unwrap().evaluation.unwrap();
    assert_eq!(begun.attempts, 1);
    let folder = server.stop().await;
    // The next server does not evaluate, so it shows what the first one left behind.
    let idle =
        viva_server::startup::app::AppSettings { worker: None, ..crate::support::settings() };
    let server = TestServer::start_in(folder, idle).await;
    let ada = server.sign_in("ada", crate::support::PASSWORD).await.unwrap();
    let left = ada.status(id).await.unwrap().evaluation.unwrap();
    assert_eq!((left.status(), left.attempts), (EvaluationStatus::Pending, 0));
    let due = server.store.next_due().await.unwrap().unwrap();
    assert!(due <= SystemClock.now(), "the lease was given up");
}
