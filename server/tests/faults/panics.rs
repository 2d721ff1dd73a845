//! Code that panics: F23. That a panicking grader and deep JSON each fail one evaluation is tested
//! in `tests/it/answers.rs` and `tests/it/llm/corpus.rs`.

use tonic::Code;
use viva_proto::v1;

use crate::support::{
    POINTS,
    ledger::Ledger,
    people::{Person, Question},
    program::{Deployment, Plan},
    state::Reader,
};

const TEXT: &str = "It comes to grief on the way.";

/// Submits once and returns the error, if any.
async fn submit_once(ada: &Person, question: Question, key: &str) -> Option<tonic::Status> {
    let request = v1::SubmitAnswerRequest {
        interview_id: question.interview_id,
        question_id: question.question_id,
        answer_text: TEXT.into(),
        idempotency_key: key.into(),
        duration_ms: 0,
    };
    ada.answers().submit_answer(ada.ask(request)).await.err()
}

/// F23: a panic at each point of a submit and of its evaluation: one call or one attempt fails, the
/// process lives, and nothing is half-written or left over.
async fn panicked_at(deployment: Deployment, point: &str) {
    let plan = Plan::serve(&deployment);
    let mut program = plan.clone().with("VIVA_FAIL_POINT", &format!("panic at {point}")).start();
    let ledger = Ledger::new(deployment.folder.path());
    let ada = Person::sign_up(&[plan.url()], "ada").await;
    let questions = ada.questions("panics").await;
    if let Some(error) = submit_once(&ada, questions[0], "panic").await {
        assert_eq!((error.code(), error.message()), (Code::Internal, "Something went wrong"));
    }
    ada.submit(questions[0], TEXT, "panic", &ledger).await;
    ada.submit(questions[1], "The next one is handled as ever.", "next", &ledger).await;
    let stored = Reader::open(&deployment).await.check(&ledger, &[]).await;
    assert_eq!(stored.len(), 2, "I7 at {point}");
    assert!(stored.iter().all(|answer| answer.status == "completed"), "{point}: {stored:?}");
    let log = program.log();
    assert!(log.contains("fail_point.rs"), "nothing panicked at {point}");
    assert!(!log.contains("an armed panic"), "the panic's message is in the log: {log}");
    assert!(!program.has_ended(), "{point} ended the process");
}

#[tokio::test(flavor = "multi_thread")]
async fn f23_sqlite_a_panic_at_any_point_fails_one_call_or_attempt() {
    for point in POINTS {
        panicked_at(Deployment::sqlite(), point).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn f23_postgres_a_panic_at_any_point_fails_one_call_or_attempt() {
    for point in POINTS {
        panicked_at(Deployment::postgres().await, point).await;
    }
}
