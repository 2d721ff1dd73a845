//! Properties 7 to 9.

use proptest::{prelude::*, prop_assert, prop_assert_eq};
use tonic::Code;
use viva_proto::v1::{self, EvaluationStatus, FailureCode};

use super::holds;
use crate::support::fields;

#[test]
fn property_7_answer_validation_and_persistence() {
    holds(
        ("[^\\x00]{0,40}", 0usize..3),
        |server| {
            Box::pin(async move {
                let ada = server.sign_up("ada").await;
                let interview = ada.create("Backend engineer", 3).await;
                (ada, interview)
            })
        },
        |_, (ada, interview), (text, question)| {
            Box::pin(async move {
                let submitted = ada.submit(interview, question, &text).await;
                if text.trim().chars().count() < 10 {
                    prop_assert_eq!(fields(&submitted.unwrap_err()), ["answer_text"]);
                    return Ok(());
                }
                let answer = ada.status(submitted.unwrap()).await.unwrap();
                prop_assert_eq!(&answer.answer_text, &text);
                prop_assert_eq!(answer.question_id, interview.questions[question].id);
                let mut elsewhere = interview.clone();
                elsewhere.id = i64::MAX;
                let error = ada.submit(&elsewhere, question, &text).await.unwrap_err();
                prop_assert_eq!(
                    (error.code(), error.message()),
                    (Code::NotFound, "Interview not found")
                );
                let mut another = interview.clone();
                another.questions[question].id = i64::MAX;
                let error = ada.submit(&another, question, &text).await.unwrap_err();
                prop_assert_eq!(
                    (error.code(), error.message()),
                    (Code::NotFound, "Question not found")
                );
                Ok(())
            })
        },
    );
}

#[test]
fn property_8_non_blocking_answer_submission() {
    // Every grader hangs forever, so a submit that waited for one would never return.
    holds(
        "[a-zA-Z ,.]{10,400}",
        |server| Box::pin(async move { server.sign_up("ada").await }),
        |_, ada, text| {
            Box::pin(async move {
                let interview = ada.create("Backend engineer", 1).await;
                let id = ada.submit(&interview, 0, &format!("[hang] {text}")).await.unwrap();
                let answer = ada.status(id).await.unwrap();
                prop_assert_eq!(answer.evaluation.unwrap().status(), EvaluationStatus::Pending);
                Ok(())
            })
        },
    );
}

#[test]
fn property_9_evaluation_pipeline_triggering() {
    let word = prop_oneof![Just(""), Just("[fail] "), Just("[twice] "), Just("[panic] ")];
    // These short answers are always judged; random letters may be declined as no answer.
    let said = prop::sample::select(vec!["I would measure first.", "It depends on the load."]);
    let text = prop_oneof![said.prop_map(str::to_owned), "some [a-zA-Z ,.]{10,200}"];
    holds(
        (word, text),
        |server| Box::pin(async move { server.sign_up("ada").await }),
        |_, ada, (word, text)| {
            Box::pin(async move {
                let interview = ada.create("Backend engineer", 1).await;
                let submitted = ada.submit(&interview, 0, &format!("{word}{text}")).await;
                let request =
                    v1::WatchInterviewRequest { interview_id: interview.id, follow: false };
                let stream = ada.answers().watch_interview(ada.ask(request)).await;
                let mut stream = stream.unwrap().into_inner();
                let mut seen = Vec::new();
                while let Some(message) = stream.message().await.unwrap() {
                    seen.push(message.answer.unwrap().evaluation.unwrap());
                }
                let last = seen.pop().unwrap();
                prop_assert!(seen.iter().all(|e| e.status() == EvaluationStatus::Pending));
                let fails = ["[fail] ", "[panic] "].contains(&word);
                let is_declined = last.failure_code() != FailureCode::Unspecified;
                prop_assert!(!is_declined || !fails && text.starts_with("some "), "{:?}", last);
                let expected = if fails || is_declined {
                    EvaluationStatus::Failed
                } else {
                    EvaluationStatus::Completed
                };
                prop_assert_eq!(last.status(), expected);
                prop_assert!(submitted.is_ok());
                Ok(())
            })
        },
    );
}
