//! Data with a language model: its evaluations, faults and opinions.

use viva_proto::v1::{
    Answer, Evaluation, EvaluationStatus, Grader, GraderKind, Opinion, Provenance, QuestionSource,
    Report, Scores,
};

use super::{answer, begun, complete, evaluated, on};

/// The fault when the model cannot be reached.
pub(crate) fn unreachable() -> &'static str {
    "The language model (LLM_API_URL) cannot be reached."
}

/// An answer to be retried in eight seconds, after two attempts with this fault.
pub(crate) fn waiting(at: usize, fault: &str) -> Answer {
    answer(
        at,
        Evaluation {
            status: EvaluationStatus::Pending.into(),
            attempts: 2,
            last_fault: fault.into(),
            next_attempt_at: Some(on(23, "14:02:39")),
            ..Evaluation::default()
        },
    )
}

/// An answer whose evaluation failed for this reason.
pub(crate) fn failing(at: usize, reason: &str) -> Answer {
    answer(
        at,
        Evaluation {
            status: EvaluationStatus::Failed.into(),
            attempts: 5,
            failure_reason: reason.into(),
            ..Evaluation::default()
        },
    )
}

/// An answer that a language model evaluated.
pub(crate) fn by_model(at: usize, score: f64) -> Answer {
    with(evaluated(at, score), |evaluation| {
        evaluation.grader = Some(model());
        evaluation.provenance = Some(Provenance {
            duration_ms: 3_249,
            model_calls: 1,
            prompt_tokens: 1_204,
            completion_tokens: 310,
            ..Provenance::default()
        });
    })
}

/// An answer that was read twice, because the built-in grader found much less in it.
pub(crate) fn disputed(at: usize) -> Answer {
    with(by_model(at, 6.2), |evaluation| {
        let Some(provenance) = &mut evaluation.provenance else { return };
        provenance.model_calls = 2;
        provenance.note = "The built-in grader found far less in it, so it was read again with \
                           its words marked; the lower of the two readings stands."
            .into();
        provenance.opinions = vec![
            opinion(model(), 8.0, false),
            opinion(model(), 6.2, true),
            opinion(built_in(), 2.5, false),
        ];
    })
}

/// The interview with questions by a model, three evaluations by it and two by the built-in grader.
pub(crate) fn mixed() -> Report {
    let mut report = complete();
    for (at, slot) in report.questions.iter_mut().enumerate() {
        let Some(question) = &mut slot.question else { continue };
        if at != 1 {
            question.source = QuestionSource::Model.into();
        }
    }
    report.questions[0].answer = Some(by_model(0, 7.4));
    report.questions[2].answer = Some(disputed(2));
    report.questions[3].answer = Some(by_model(3, 7.0));
    report
}

/// The interview with an answer that waits after this fault.
pub(crate) fn said(fault: &str) -> Report {
    let mut report = begun();
    report.questions[1].answer = Some(waiting(1, fault));
    report
}

fn with(mut answer: Answer, change: impl FnOnce(&mut Evaluation)) -> Answer {
    if let Some(evaluation) = &mut answer.evaluation {
        change(evaluation);
    }
    answer
}

fn opinion(grader: Grader, score: f64, stands: bool) -> Opinion {
    let scores = Scores {
        correctness: Some(score + 1.0),
        completeness: Some(score - 1.0),
        quality: Some(score),
        communication: Some(score),
    };
    Opinion { grader: Some(grader), scores: Some(scores), stands }
}

fn model() -> Grader {
    Grader {
        kind: GraderKind::Model.into(),
        name: "qwen2.5-32b".into(),
        version: "viva-evaluation-1".into(),
    }
}

fn built_in() -> Grader {
    Grader { kind: GraderKind::Offline.into(), name: "viva-offline".into(), version: "1".into() }
}
