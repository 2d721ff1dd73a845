//! What the database's columns and joins contain of challenges and self-assessments, as JSON.

use serde::{Deserialize, Serialize};

use super::{
    StoreError,
    record::{grader_kind, grader_word},
};
use crate::domain::{
    challenge::{Challenge, PointReading, Remarks, SelfAssessment},
    clock::Timestamp,
    evaluation::Grader,
};

/// The details of a challenge.
#[derive(Serialize, Deserialize)]
pub(super) struct ChallengeDetails {
    first: ReadingRecord,
    second: ReadingRecord,
    /// Before and after.
    completeness: [f64; 2],
}

#[derive(Serialize, Deserialize)]
struct ReadingRecord {
    coverage: f64,
    evidence: String,
    grader_kind: String,
    grader_name: String,
    grader_version: String,
}

/// A challenge as an answer's row contains it.
#[derive(Deserialize)]
pub(super) struct JoinedChallenge {
    id: i64,
    point: usize,
    words: String,
    /// Microseconds since 1970.
    challenged_at: i64,
    details: ChallengeDetails,
}

/// A self-assessment as an answer's row contains it.
#[derive(Deserialize)]
pub(super) struct JoinedSelfAssessment {
    point: usize,
    said: String,
}

/// The details of a challenge as its column.
pub(super) fn challenge_to_details(challenge: &Challenge) -> ChallengeDetails {
    let (before, after) = challenge.completeness;
    ChallengeDetails {
        first: reading_to_record(&challenge.first),
        second: reading_to_record(&challenge.second),
        completeness: [before, after],
    }
}

fn reading_to_record(reading: &PointReading) -> ReadingRecord {
    ReadingRecord {
        coverage: reading.coverage,
        evidence: reading.evidence.clone(),
        grader_kind: grader_word(reading.grader.kind).to_owned(),
        grader_name: reading.grader.name.clone(),
        grader_version: reading.grader.version.clone(),
    }
}

/// The remarks from an answer's row, in which they are in no order.
pub(super) fn remarks(
    mut challenges: Vec<JoinedChallenge>,
    mut said: Vec<JoinedSelfAssessment>,
) -> Result<Remarks, StoreError> {
    challenges.sort_by_key(|challenge| challenge.id);
    said.sort_by_key(|said| said.point);
    let said = said.into_iter().map(|one| Ok((one.point, self_assessment(&one.said)?)));
    Ok(Remarks {
        challenges: challenges.into_iter().map(challenge).collect::<Result<_, _>>()?,
        said: said.collect::<Result<_, StoreError>>()?,
    })
}

fn challenge(joined: JoinedChallenge) -> Result<Challenge, StoreError> {
    let [before, after] = joined.details.completeness;
    Ok(Challenge {
        point: joined.point,
        words: joined.words,
        challenged_at: Timestamp::from_micros(joined.challenged_at),
        first: reading(joined.details.first)?,
        second: reading(joined.details.second)?,
        completeness: (before, after),
    })
}

fn reading(record: ReadingRecord) -> Result<PointReading, StoreError> {
    let (name, version) = (record.grader_name, record.grader_version);
    Ok(PointReading {
        coverage: record.coverage,
        evidence: record.evidence,
        grader: Grader { kind: grader_kind(&record.grader_kind)?, name, version },
    })
}

fn self_assessment(word: &str) -> Result<SelfAssessment, StoreError> {
    let found = SelfAssessment::ALL.into_iter().find(|said| said.word() == word);
    found.ok_or_else(|| StoreError::Internal(format!("unknown word in the database: {word}")))
}
