//! What the database's columns contain as JSON, with the conversions to and from the domain.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::StoreError;
use crate::domain::{
    band::Band,
    evaluation::{
        Assessment, AssessmentParts, Explanation, Grader, GraderKind, KeyPointResult,
        MistakeResult, Refusal, ScoreRange,
    },
    provenance::{Fingerprint, Opinion, Provenance, Tokens},
    question::{KeyPoint, Mistake, Rubric},
    score::{Dimension, Score, Scores},
};

/// The rubric's column; the reference answer has its own.
#[derive(Serialize, Deserialize)]
pub(super) struct RubricRecord {
    key_points: Vec<KeyPointRecord>,
    mistakes: Vec<MistakeRecord>,
}

#[derive(Serialize, Deserialize)]
struct KeyPointRecord {
    point: String,
    weight: f64,
    phrasings: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct MistakeRecord {
    claim: String,
    why_wrong: String,
}

/// The four scores, each from 0 to 10.
#[derive(Serialize, Deserialize)]
pub(super) struct ScoresRecord {
    correctness: f64,
    completeness: f64,
    quality: f64,
    communication: f64,
}

/// Key points with evidence, and explanations.
#[derive(Serialize, Deserialize)]
pub(super) struct DetailsRecord {
    key_points: Vec<FoundRecord>,
    explanations: Vec<ExplanationRecord>,
    /// Low and high; missing in evaluations from before it was stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    range: Option<[f64; 2]>,
    #[serde(default)]
    needs_review: bool,
    /// Missing in evaluations from before it was stored.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    mistakes: Vec<MadeRecord>,
}

#[derive(Serialize, Deserialize)]
struct MadeRecord {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    number: Option<usize>,
    claim: String,
    evidence: String,
    why_wrong: String,
}

#[derive(Serialize, Deserialize)]
struct FoundRecord {
    point: String,
    weight: f64,
    coverage: f64,
    evidence: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    confidence: Option<f64>,
}

/// Where an evaluation comes from.
#[derive(Serialize, Deserialize, Default)]
pub(super) struct ProvenanceRecord {
    duration_ms: u64,
    model_calls: u32,
    prompt_tokens: u32,
    completion_tokens: u32,
    opinions: Vec<OpinionRecord>,
    note: String,
}

#[derive(Serialize, Deserialize)]
struct OpinionRecord {
    grader_kind: String,
    grader_name: String,
    grader_version: String,
    scores: ScoresRecord,
    stands: bool,
}

#[derive(Serialize, Deserialize)]
struct ExplanationRecord {
    dimension: String,
    reason: String,
    evidence: Vec<String>,
    next_step: String,
}

/// The columns of a completed evaluation.
pub(super) struct AssessmentColumns {
    pub(super) scores: ScoresRecord,
    pub(super) feedback: String,
    pub(super) suggestions: Vec<String>,
    pub(super) details: DetailsRecord,
    /// `None` for an evaluation from before it was stored.
    pub(super) provenance: Option<ProvenanceRecord>,
    pub(super) fingerprint: Option<Vec<u8>>,
}

/// The word that a grader's kind is stored as.
pub(super) const fn grader_word(kind: GraderKind) -> &'static str {
    match kind {
        GraderKind::Offline => "offline",
        GraderKind::Model => "model",
    }
}

/// The grader's kind from its stored word.
pub(super) fn grader_kind(word: &str) -> Result<GraderKind, StoreError> {
    [GraderKind::Offline, GraderKind::Model]
        .into_iter()
        .find(|kind| grader_word(*kind) == word)
        .ok_or_else(|| StoreError::Internal(format!("unknown grader in the database: {word}")))
}

/// The refusal from its stored word.
pub(super) fn refusal(word: &str) -> Result<Refusal, StoreError> {
    Refusal::ALL
        .into_iter()
        .find(|refusal| refusal.word() == word)
        .ok_or_else(|| StoreError::Internal(format!("unknown refusal in the database: {word}")))
}

fn broken(what: &str, cause: impl std::fmt::Display) -> StoreError {
    StoreError::Internal(format!("broken {what} in the database: {cause}"))
}

/// The rubric's column.
pub(super) fn rubric_to_record(rubric: &Rubric) -> RubricRecord {
    let key_points = rubric.key_points.iter().cloned().map(|k| KeyPointRecord {
        point: k.point,
        weight: k.weight,
        phrasings: k.phrasings,
    });
    let mistakes = rubric
        .mistakes
        .iter()
        .cloned()
        .map(|m| MistakeRecord { claim: m.claim, why_wrong: m.why_wrong });
    RubricRecord { key_points: key_points.collect(), mistakes: mistakes.collect() }
}

/// The rubric from its two columns.
pub(super) fn rubric_from_record(reference: String, record: RubricRecord) -> Rubric {
    let key_points = record.key_points.into_iter().map(|k| KeyPoint {
        point: k.point,
        weight: k.weight,
        phrasings: k.phrasings,
    });
    let mistakes =
        record.mistakes.into_iter().map(|m| Mistake { claim: m.claim, why_wrong: m.why_wrong });
    Rubric { reference, key_points: key_points.collect(), mistakes: mistakes.collect() }
}

/// The columns of an assessment.
pub(super) fn assessment_to_columns(assessment: &Assessment) -> AssessmentColumns {
    let key_points = assessment.key_points.iter().cloned().map(|k| FoundRecord {
        point: k.point,
        weight: k.weight,
        coverage: k.coverage,
        evidence: k.evidence,
        confidence: k.confidence,
    });
    let explanations = assessment.explanations.iter().cloned().map(|e| ExplanationRecord {
        dimension: e.dimension.word().to_owned(),
        reason: e.reason,
        evidence: e.evidence,
        next_step: e.next_step,
    });
    let mistakes = assessment.mistakes.iter().cloned().map(|m| MadeRecord {
        number: m.number,
        claim: m.claim,
        evidence: m.evidence,
        why_wrong: m.why_wrong,
    });
    let details = DetailsRecord {
        key_points: key_points.collect(),
        explanations: explanations.collect(),
        range: assessment.range.map(|range| [range.low, range.high]),
        needs_review: assessment.needs_review,
        mistakes: mistakes.collect(),
    };
    AssessmentColumns {
        scores: scores_to_record(&assessment.scores),
        feedback: assessment.feedback.clone(),
        suggestions: assessment.suggestions.clone(),
        details,
        provenance: Some(provenance_to_record(&assessment.provenance)),
        fingerprint: assessment.provenance.fingerprint.map(|print| print.0.to_vec()),
    }
}

fn scores_to_record(scores: &Scores) -> ScoresRecord {
    ScoresRecord {
        correctness: scores.correctness.get(),
        completeness: scores.completeness.get(),
        quality: scores.quality.get(),
        communication: scores.communication.get(),
    }
}

fn provenance_to_record(provenance: &Provenance) -> ProvenanceRecord {
    let opinions = provenance.opinions.iter().map(|opinion| OpinionRecord {
        grader_kind: grader_word(opinion.grader.kind).to_owned(),
        grader_name: opinion.grader.name.clone(),
        grader_version: opinion.grader.version.clone(),
        scores: scores_to_record(&opinion.scores),
        stands: opinion.stands,
    });
    ProvenanceRecord {
        duration_ms: u64::try_from(provenance.duration.as_millis()).unwrap_or(u64::MAX),
        model_calls: provenance.model_calls,
        prompt_tokens: provenance.tokens.prompt,
        completion_tokens: provenance.tokens.completion,
        opinions: opinions.collect(),
        note: provenance.note.clone(),
    }
}

fn provenance_from_columns(
    record: ProvenanceRecord,
    fingerprint: Option<&[u8]>,
) -> Result<Provenance, StoreError> {
    let opinion = |opinion: OpinionRecord| {
        let grader = Grader {
            kind: grader_kind(&opinion.grader_kind)?,
            name: opinion.grader_name,
            version: opinion.grader_version,
        };
        let scores = scores_from_record(&opinion.scores)?;
        Ok(Opinion { grader, scores, stands: opinion.stands })
    };
    let print = |bytes: &[u8]| {
        bytes.try_into().map(Fingerprint).map_err(|cause| broken("fingerprint", cause))
    };
    Ok(Provenance {
        duration: Duration::from_millis(record.duration_ms),
        model_calls: record.model_calls,
        tokens: Tokens { prompt: record.prompt_tokens, completion: record.completion_tokens },
        opinions: record.opinions.into_iter().map(opinion).collect::<Result<_, StoreError>>()?,
        note: record.note,
        fingerprint: fingerprint.map(print).transpose()?,
    })
}

/// The four scores from their column.
pub(super) fn scores_from_record(record: &ScoresRecord) -> Result<Scores, StoreError> {
    let score = |value| {
        Score::new(value).ok_or_else(|| broken("scores", format!("{value} is not a score")))
    };
    Ok(Scores {
        correctness: score(record.correctness)?,
        completeness: score(record.completeness)?,
        quality: score(record.quality)?,
        communication: score(record.communication)?,
    })
}

/// The assessment from its columns. What breaks a rule is rejected on reading as on writing.
pub(super) fn assessment_from_columns(
    columns: AssessmentColumns,
    grader: Grader,
    answer: &str,
) -> Result<Assessment, StoreError> {
    let scores = scores_from_record(&columns.scores)?;
    let provenance = columns.provenance.unwrap_or_default();
    let provenance = provenance_from_columns(provenance, columns.fingerprint.as_deref())?;
    let details = columns.details;
    let key_points = details.key_points.into_iter().map(|k| KeyPointResult {
        point: k.point,
        weight: k.weight,
        coverage: k.coverage,
        evidence: k.evidence,
        confidence: k.confidence,
    });
    let explanations: Result<_, _> =
        details.explanations.into_iter().map(|e| explanation_from_record(e, &scores)).collect();
    let mistakes = details.mistakes.into_iter().map(|m| MistakeResult {
        number: m.number,
        claim: m.claim,
        evidence: m.evidence,
        why_wrong: m.why_wrong,
    });
    let parts = AssessmentParts {
        scores,
        range: details.range.map(|[low, high]| ScoreRange { low, high }),
        needs_review: details.needs_review,
        feedback: columns.feedback,
        suggestions: columns.suggestions,
        key_points: key_points.collect(),
        mistakes: mistakes.collect(),
        explanations: explanations?,
        grader,
        provenance,
    };
    Assessment::check(parts, answer).map_err(|cause| broken("evaluation", cause))
}

fn explanation_from_record(
    record: ExplanationRecord,
    scores: &Scores,
) -> Result<Explanation, StoreError> {
    let dimension = Dimension::ALL
        .into_iter()
        .find(|dimension| dimension.word() == record.dimension)
        .ok_or_else(|| broken("details", format!("no dimension {}", record.dimension)))?;
    Ok(Explanation {
        dimension,
        band: Band::of(scores.of(dimension).get()),
        reason: record.reason,
        evidence: record.evidence,
        next_step: record.next_step,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sample;

    #[test]
    fn an_assessment_comes_back_from_its_columns_as_it_went_in() {
        let assessment = sample::assessment();
        let columns = assessment_to_columns(&assessment);
        let back =
            assessment_from_columns(columns, assessment.grader.clone(), sample::ANSWER).unwrap();
        assert_eq!(back, assessment);
    }

    #[test]
    fn a_broken_column_is_an_error_that_says_which() {
        let mut scores = scores_to_record(&sample::assessment().scores);
        scores.correctness = 42.0;
        let error = scores_from_record(&scores).unwrap_err().to_string();
        assert!(error.contains("scores"), "{error}");
    }
}
