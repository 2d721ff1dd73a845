//! Comparisons of attempts: converts requests, and comparisons to messages.

use viva_proto::v1;

use super::{convert, request::attempt_number};
use crate::{
    domain::{
        answer::Answer,
        attempts::{AttemptVerdict, Attempts, Change, Comparison, PointChange},
        id::QuestionId,
        violation::Violations,
    },
    services::{ServiceError, ServiceResult},
};

/// The question, and the earlier and later attempt to compare; `None`: the latest ones.
pub(super) type CompareRequest = (QuestionId, Option<i32>, Option<i32>);

/// Parses a request for a comparison.
pub(super) fn asked(request: v1::CompareAttemptsRequest) -> ServiceResult<CompareRequest> {
    let mut violations = Violations::new();
    let earlier = violations.check("earlier_attempt", attempt_number(request.earlier_attempt));
    let later = violations.check("later_attempt", attempt_number(request.later_attempt));
    match (earlier, later) {
        (Some(earlier), Some(later)) => Ok((QuestionId::new(request.question_id), earlier, later)),
        _ => Err(ServiceError::Validation(violations)),
    }
}

/// Converts a comparison, with all attempts at the question.
pub(super) fn compared(attempts: Attempts, both: Comparison) -> v1::CompareAttemptsResponse {
    let best = attempts.best().map_or(0, |answer| answer.attempt);
    v1::CompareAttemptsResponse {
        best_attempt: best,
        attempts: attempts.answers.iter().map(attempt).collect(),
        question: Some(convert::question(attempts.question)),
        verdict: verdict(both.verdict).into(),
        points: both.points.into_iter().map(point).collect(),
        earlier: Some(convert::answer(both.earlier)),
        later: Some(convert::answer(both.later)),
    }
}

fn attempt(answer: &Answer) -> v1::Attempt {
    let found = answer.evaluation.assessment();
    v1::Attempt {
        attempt: answer.attempt,
        answer_id: answer.id.get(),
        submitted_at: Some(convert::time(answer.submitted_at)),
        score: found.map(|found| found.scores.mean()),
    }
}

const fn verdict(verdict: AttemptVerdict) -> v1::AttemptVerdict {
    match verdict {
        AttemptVerdict::Better => v1::AttemptVerdict::Better,
        AttemptVerdict::Worse => v1::AttemptVerdict::Worse,
        AttemptVerdict::NoClearDifference => v1::AttemptVerdict::NoClearDifference,
        AttemptVerdict::Unknown => v1::AttemptVerdict::Unspecified,
    }
}

fn point(changed: PointChange) -> v1::PointComparison {
    let change = match changed.change() {
        Change::Gained => v1::PointChange::Gained,
        Change::Lost => v1::PointChange::Lost,
        Change::Kept => v1::PointChange::Kept,
        Change::Lacking => v1::PointChange::Lacking,
    };
    v1::PointComparison {
        point: changed.later.point,
        weight: Some(changed.later.weight),
        change: change.into(),
        earlier_coverage: Some(changed.earlier.coverage),
        later_coverage: Some(changed.later.coverage),
        earlier_evidence: changed.earlier.evidence,
        later_evidence: changed.later.evidence,
    }
}
