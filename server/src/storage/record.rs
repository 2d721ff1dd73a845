//! The JSON inside the database's columns, and its way to and from the domain.

use serde::{Deserialize, Serialize};

use super::StoreError;
use crate::domain::{
    band::Band,
    evaluation::{Assessment, AssessmentParts, Explanation, Grader, KeyPointResult},
    question::{KeyPoint, Mistake, Rubric},
    score::{Dimension, Score, Scores},
};

#[derive(Serialize, Deserialize)]
struct RubricRecord {
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

#[derive(Serialize, Deserialize)]
struct ScoresRecord {
    correctness: f64,
    completeness: f64,
    quality: f64,
    communication: f64,
}

#[derive(Serialize, Deserialize)]
struct DetailsRecord {
    key_points: Vec<FoundRecord>,
    explanations: Vec<ExplanationRecord>,
}

#[derive(Serialize, Deserialize)]
struct FoundRecord {
    point: String,
    weight: f64,
    coverage: f64,
    evidence: String,
}

#[derive(Serialize, Deserialize)]
struct ExplanationRecord {
    dimension: String,
    reason: String,
    evidence: Vec<String>,
    next_step: String,
}

/// The JSON columns of a completed evaluation.
pub(super) struct AssessmentColumns {
    pub(super) scores: String,
    pub(super) feedback: String,
    pub(super) suggestions: String,
    pub(super) details: String,
}

fn broken(what: &str, cause: impl std::fmt::Display) -> StoreError {
    StoreError::Internal(format!("broken {what} in the database: {cause}"))
}

fn to_json<T: Serialize>(what: &str, value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|cause| broken(what, cause))
}

fn from_json<'a, T: Deserialize<'a>>(what: &str, json: &'a str) -> Result<T, StoreError> {
    serde_json::from_str(json).map_err(|cause| broken(what, cause))
}

/// The rubric's column; the reference answer has one of its own.
pub(super) fn rubric_to_json(rubric: &Rubric) -> Result<String, StoreError> {
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
    let record = RubricRecord { key_points: key_points.collect(), mistakes: mistakes.collect() };
    to_json("rubric", &record)
}

/// The rubric from its two columns.
pub(super) fn rubric_from_json(reference: String, json: &str) -> Result<Rubric, StoreError> {
    let record: RubricRecord = from_json("rubric", json)?;
    let key_points = record.key_points.into_iter().map(|k| KeyPoint {
        point: k.point,
        weight: k.weight,
        phrasings: k.phrasings,
    });
    let mistakes =
        record.mistakes.into_iter().map(|m| Mistake { claim: m.claim, why_wrong: m.why_wrong });
    Ok(Rubric { reference, key_points: key_points.collect(), mistakes: mistakes.collect() })
}

/// The columns of an assessment.
pub(super) fn assessment_to_columns(
    assessment: &Assessment,
) -> Result<AssessmentColumns, StoreError> {
    let scores = ScoresRecord {
        correctness: assessment.scores.correctness.get(),
        completeness: assessment.scores.completeness.get(),
        quality: assessment.scores.quality.get(),
        communication: assessment.scores.communication.get(),
    };
    let key_points = assessment.key_points.iter().cloned().map(|k| FoundRecord {
        point: k.point,
        weight: k.weight,
        coverage: k.coverage,
        evidence: k.evidence,
    });
    let explanations = assessment.explanations.iter().cloned().map(|e| ExplanationRecord {
        dimension: e.dimension.word().to_owned(),
        reason: e.reason,
        evidence: e.evidence,
        next_step: e.next_step,
    });
    let details =
        DetailsRecord { key_points: key_points.collect(), explanations: explanations.collect() };
    Ok(AssessmentColumns {
        scores: to_json("scores", &scores)?,
        feedback: assessment.feedback.clone(),
        suggestions: to_json("suggestions", &assessment.suggestions)?,
        details: to_json("details", &details)?,
    })
}

/// The four scores from their column.
pub(super) fn scores_from_json(json: &str) -> Result<Scores, StoreError> {
    let record: ScoresRecord = from_json("scores", json)?;
    let score =
        |value| Score::new(value).ok_or_else(|| broken("scores", format!("{value} is no score")));
    Ok(Scores {
        correctness: score(record.correctness)?,
        completeness: score(record.completeness)?,
        quality: score(record.quality)?,
        communication: score(record.communication)?,
    })
}

/// The assessment from its columns; what breaks a rule is refused on the way out as on the way in.
pub(super) fn assessment_from_columns(
    columns: AssessmentColumns,
    grader: Grader,
    answer: &str,
) -> Result<Assessment, StoreError> {
    let scores = scores_from_json(&columns.scores)?;
    let details: DetailsRecord = from_json("details", &columns.details)?;
    let key_points = details.key_points.into_iter().map(|k| KeyPointResult {
        point: k.point,
        weight: k.weight,
        coverage: k.coverage,
        evidence: k.evidence,
    });
    let explanations: Result<_, _> =
        details.explanations.into_iter().map(|e| explanation_from_record(e, &scores)).collect();
    let parts = AssessmentParts {
        scores,
        feedback: columns.feedback,
        suggestions: from_json("suggestions", &columns.suggestions)?,
        key_points: key_points.collect(),
        explanations: explanations?,
        grader,
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
        let columns = assessment_to_columns(&assessment).unwrap();
        let back =
            assessment_from_columns(columns, assessment.grader.clone(), sample::ANSWER).unwrap();
        assert_eq!(back, assessment);
    }

    #[test]
    fn a_broken_column_is_an_error_that_says_which() {
        let error = scores_from_json(r#"{"correctness":42}"#).unwrap_err().to_string();
        assert!(error.contains("scores"), "{error}");
    }
}
