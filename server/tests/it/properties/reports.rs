//! Properties 14 and 15.

use proptest::{prelude::*, prop_assert, prop_assert_eq};
use tonic::Code;
use viva_proto::v1::EvaluationStatus;

use super::holds;

/// What happens to a question: left open, answered with a failed evaluation, or evaluated.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fate {
    Open,
    Failed,
    Evaluated,
}

#[test]
fn property_14_report_completeness() {
    let fate = prop_oneof![Just(Fate::Open), Just(Fate::Failed), Just(Fate::Evaluated)];
    holds(
        prop::collection::vec(fate, 1..=6),
        |server| Box::pin(async move { server.sign_up("ada").await }),
        |_, ada, fates| {
            Box::pin(async move {
                let count = i32::try_from(fates.len()).unwrap();
                let interview = ada.create("Backend engineer", count).await;
                for (at, fate) in fates.iter().enumerate() {
                    let text = match fate {
                        Fate::Open => continue,
                        Fate::Failed => "[fail] at this one",
                        Fate::Evaluated => "I would measure first, because guesses mislead.",
                    };
                    ada.submit(&interview, at, text).await.unwrap();
                }
                ada.settled(interview.id).await;
                let report = ada.report(interview.id).await.unwrap();
                prop_assert_eq!(report.questions.len(), fates.len());
                for (at, fate) in fates.iter().enumerate() {
                    let question = report.questions[at].question.as_ref().unwrap();
                    prop_assert_eq!(question, &interview.questions[at]);
                    let answer = report.questions[at].answer.as_ref();
                    prop_assert_eq!(answer.is_some(), *fate != Fate::Open);
                    let Some(answer) = answer else { continue };
                    prop_assert_eq!(answer.question_id, question.id);
                    let status = answer.evaluation.as_ref().unwrap().status();
                    let completed = status == EvaluationStatus::Completed;
                    prop_assert_eq!(completed, *fate == Fate::Evaluated);
                }
                let evaluated = fates.contains(&Fate::Evaluated);
                prop_assert_eq!(report.overall_score.is_some(), evaluated);
                Ok(())
            })
        },
    );
}

#[test]
fn property_15_report_not_found_handling() {
    holds(
        any::<i64>(),
        |server| {
            Box::pin(async move {
                let ada = server.sign_up("ada").await;
                let only = ada.create("Backend engineer", 1).await.id;
                (ada, only)
            })
        },
        |_, (ada, only), id| {
            Box::pin(async move {
                prop_assume!(id != *only);
                let error = ada.report(id).await.unwrap_err();
                prop_assert_eq!(error.code(), Code::NotFound);
                prop_assert!(error.message() == "Interview not found");
                Ok(())
            })
        },
    );
}
