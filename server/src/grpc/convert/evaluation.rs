//! Converts evaluations to messages on the wire.

use viva_proto::v1;

use super::{super::challenge::add_remarks, time};
use crate::domain::{
    band::Band,
    evaluation::{Assessment, Declined, Evaluation, EvaluationState, Grader, GraderKind, Refusal},
    grading::CallersRubric,
    provenance::Provenance,
    score::{Dimension, Scores},
};

/// Converts an evaluation in any state.
pub(super) fn evaluation(evaluation: Evaluation, reference: String) -> v1::Evaluation {
    let attempts = evaluation.attempts;
    match evaluation.state {
        EvaluationState::Pending { next_attempt_at, last_fault } => v1::Evaluation {
            status: v1::EvaluationStatus::Pending.into(),
            attempts,
            next_attempt_at: next_attempt_at.map(time),
            last_fault: last_fault.unwrap_or_default(),
            ..v1::Evaluation::default()
        },
        EvaluationState::Failed { reason, refusal } => v1::Evaluation {
            status: v1::EvaluationStatus::Failed.into(),
            attempts,
            failure_reason: reason,
            failure_code: refusal.map_or(v1::FailureCode::Unspecified, failure_code).into(),
            ..v1::Evaluation::default()
        },
        EvaluationState::Withheld => v1::Evaluation {
            status: v1::EvaluationStatus::Pending.into(),
            withheld: true,
            ..v1::Evaluation::default()
        },
        EvaluationState::Completed(completed) => {
            let mut told = assessment(completed.assessment);
            add_remarks(&mut told.key_points, &completed.remarks);
            v1::Evaluation {
                attempts,
                evaluated_at: Some(time(completed.evaluated_at)),
                reference_answer: reference,
                ..told
            }
        }
    }
}

/// Makes the evaluation of an answer that the grader declined to judge.
pub fn declined(declined: Declined) -> v1::Evaluation {
    v1::Evaluation {
        status: v1::EvaluationStatus::Failed.into(),
        failure_reason: declined.reason,
        failure_code: failure_code(declined.refusal).into(),
        ..v1::Evaluation::default()
    }
}

/// Converts why a grader declined to judge.
pub(in crate::grpc) fn failure_code(refusal: Refusal) -> v1::FailureCode {
    match refusal {
        Refusal::LanguageNotSupported => v1::FailureCode::LanguageNotSupported,
        Refusal::NotAnAnswer => v1::FailureCode::NotAnAnswer,
        Refusal::OffTopic => v1::FailureCode::OffTopic,
    }
}

/// Converts what a grader found to a completed evaluation.
pub fn assessment(assessment: Assessment) -> v1::Evaluation {
    let parts = assessment.into_parts();
    let overall = parts.scores.mean();
    let key_points = parts.key_points.into_iter().map(|found| v1::KeyPointResult {
        point: found.point,
        weight: Some(found.weight),
        coverage: Some(found.coverage),
        evidence: found.evidence,
        confidence: found.confidence,
        ..v1::KeyPointResult::default()
    });
    let mistakes = parts.mistakes.into_iter().map(|made| v1::MistakeResult {
        id: String::new(),
        claim: made.claim,
        evidence: made.evidence,
        why_wrong: made.why_wrong,
    });
    let explanations = parts.explanations.into_iter().map(|explained| v1::ScoreExplanation {
        dimension: dimension(explained.dimension).into(),
        band: explained.band.word().to_owned(),
        score_band: band(explained.band).into(),
        reason: explained.reason,
        evidence: explained.evidence,
        next_step: explained.next_step,
    });
    v1::Evaluation {
        status: v1::EvaluationStatus::Completed.into(),
        scores: Some(scores(&parts.scores)),
        overall: Some(overall),
        band: band(Band::of(overall)).into(),
        feedback: parts.feedback,
        suggestions: parts.suggestions,
        key_points: key_points.collect(),
        mistakes: mistakes.collect(),
        explanations: explanations.collect(),
        grader: Some(grader(parts.grader)),
        provenance: Some(provenance(parts.provenance)),
        range: parts
            .range
            .map(|range| v1::ScoreRange { low: Some(range.low), high: Some(range.high) }),
        needs_review: parts.needs_review,
        ..v1::Evaluation::default()
    }
}

/// Does the same for an answer graded with a caller's rubric, with its ids and reference.
pub(in crate::grpc) fn callers_assessment(
    graded: Assessment,
    rubric: &CallersRubric,
) -> v1::Evaluation {
    let numbers: Vec<_> = graded.mistakes.iter().map(|made| made.number).collect();
    let mut told = assessment(graded);
    // Points made from the sentences of a reference have no ids.
    for (point, id) in told.key_points.iter_mut().zip(&rubric.point_ids) {
        point.id.clone_from(id);
    }
    for (made, number) in told.mistakes.iter_mut().zip(numbers) {
        let id = number.and_then(|number| rubric.mistake_ids.get(number));
        made.id = id.cloned().unwrap_or_default();
    }
    told.reference_answer.clone_from(&rubric.rubric.reference);
    told
}

/// Converts a grader.
pub(in crate::grpc) fn grader(grader: Grader) -> v1::Grader {
    let kind = match grader.kind {
        GraderKind::Offline => v1::GraderKind::Offline,
        GraderKind::Model => v1::GraderKind::Model,
    };
    v1::Grader { kind: kind.into(), name: grader.name, version: grader.version }
}

fn provenance(provenance: Provenance) -> v1::Provenance {
    let small = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    let opinions = provenance.opinions.into_iter().map(|opinion| v1::Opinion {
        grader: Some(grader(opinion.grader)),
        scores: Some(scores(&opinion.scores)),
        stands: opinion.stands,
    });
    v1::Provenance {
        duration_ms: i64::try_from(provenance.duration.as_millis()).unwrap_or(i64::MAX),
        model_calls: small(provenance.model_calls),
        prompt_tokens: small(provenance.tokens.prompt),
        completion_tokens: small(provenance.tokens.completion),
        opinions: opinions.collect(),
        note: provenance.note,
    }
}

fn band(band: Band) -> v1::Band {
    match band {
        Band::Poor => v1::Band::Poor,
        Band::Weak => v1::Band::Weak,
        Band::Fair => v1::Band::Fair,
        Band::Good => v1::Band::Good,
        Band::Excellent => v1::Band::Excellent,
    }
}

fn dimension(dimension: Dimension) -> v1::Dimension {
    match dimension {
        Dimension::Correctness => v1::Dimension::Correctness,
        Dimension::Completeness => v1::Dimension::Completeness,
        Dimension::Quality => v1::Dimension::Quality,
        Dimension::Communication => v1::Dimension::Communication,
    }
}

/// Converts the four scores.
pub(in crate::grpc) fn scores(scores: &Scores) -> v1::Scores {
    v1::Scores {
        correctness: Some(scores.correctness.get()),
        completeness: Some(scores.completeness.get()),
        quality: Some(scores.quality.get()),
        communication: Some(scores.communication.get()),
    }
}
