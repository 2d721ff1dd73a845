//! Challenges and self-assessments: parses requests, and converts what was said to messages.

use viva_proto::v1;

use super::convert::{answer, failure_code, grader, time};
use crate::{
    domain::{
        challenge::{
            Challenge, ChallengeDraft, PointReading, Remarks, SelfAssessment, parse_point_number,
            parse_words,
        },
        id::AnswerId,
        violation::{InvalidValue, Violations},
    },
    services::{ServiceError, ServiceResult, challenges::Challenged},
};

/// Parses a challenge.
pub(super) fn draft(request: &v1::ChallengePointRequest) -> ServiceResult<ChallengeDraft> {
    let mut violations = Violations::new();
    let point = violations.check("point_number", parse_point_number(request.point_number));
    let words = violations.check("words", parse_words(&request.words));
    let answer_id = AnswerId::new(request.answer_id);
    match point.zip(words) {
        Some((point, words)) => Ok(ChallengeDraft { answer_id, point, words }),
        None => Err(ServiceError::Validation(violations)),
    }
}

/// The answer, the index of a point, and what its person says about it.
pub(super) type Said = (AnswerId, usize, Option<SelfAssessment>);

/// Parses a self-assessment.
pub(super) fn said(request: &v1::AssessPointRequest) -> ServiceResult<Said> {
    let mut violations = Violations::new();
    let point = violations.check("point_number", parse_point_number(request.point_number));
    let said = match v1::SelfAssessment::try_from(request.self_assessment) {
        Ok(v1::SelfAssessment::Unspecified) => Ok(None),
        Ok(v1::SelfAssessment::Yes) => Ok(Some(SelfAssessment::Yes)),
        Ok(v1::SelfAssessment::Partly) => Ok(Some(SelfAssessment::Partly)),
        Ok(v1::SelfAssessment::No) => Ok(Some(SelfAssessment::No)),
        Err(_) => Err(InvalidValue::from("Self assessment must be yes, partly or no")),
    };
    let said = violations.check("self_assessment", said);
    match point.zip(said) {
        Some((point, said)) => Ok((AnswerId::new(request.answer_id), point, said)),
        None => Err(ServiceError::Validation(violations)),
    }
}

/// Converts the outcome of a challenge.
pub(super) fn challenged(challenged: Challenged) -> v1::ChallengePointResponse {
    let answer = Some(answer(challenged.answer));
    match challenged.outcome {
        Ok(kept) => v1::ChallengePointResponse {
            answer,
            challenge: Some(challenge(&kept)),
            ..v1::ChallengePointResponse::default()
        },
        Err(refusal) => v1::ChallengePointResponse {
            answer,
            challenge: None,
            failure_code: failure_code(refusal).into(),
            failure_reason: refusal.reason().to_owned(),
        },
    }
}

/// Adds what the person says to each point of their evaluation.
pub(super) fn add_remarks(points: &mut [v1::KeyPointResult], remarks: &Remarks) {
    for (index, point) in points.iter_mut().enumerate() {
        point.challenges = remarks.challenges_of(index).map(challenge).collect();
        point.self_assessment = match remarks.said_of(index) {
            None => v1::SelfAssessment::Unspecified,
            Some(SelfAssessment::Yes) => v1::SelfAssessment::Yes,
            Some(SelfAssessment::Partly) => v1::SelfAssessment::Partly,
            Some(SelfAssessment::No) => v1::SelfAssessment::No,
        }
        .into();
    }
}

fn challenge(kept: &Challenge) -> v1::PointChallenge {
    let (before, after) = kept.completeness;
    v1::PointChallenge {
        words: kept.words.clone(),
        challenged_at: Some(time(kept.challenged_at)),
        first: Some(reading(&kept.first)),
        second: Some(reading(&kept.second)),
        upheld: kept.is_upheld(),
        completeness_before: Some(before),
        completeness_after: Some(after),
    }
}

fn reading(reading: &PointReading) -> v1::PointReading {
    v1::PointReading {
        coverage: Some(reading.coverage),
        evidence: reading.evidence.clone(),
        grader: Some(grader(reading.grader.clone())),
    }
}
