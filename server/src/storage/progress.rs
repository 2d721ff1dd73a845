//! The progress of an interview, as it is stored with it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    StoreError,
    record::{grader_kind, grader_word},
};
use crate::domain::{
    evaluation::{Assessment, Grader},
    interview::Progress,
    report::{comparable, overall_score},
    score::{Score, Scores},
};

/// The latest answer to each answered question, by the question's order.
#[derive(Serialize, Deserialize, Default)]
pub(super) struct ProgressRecord(BTreeMap<i32, Latest>);

/// An answer's attempt number and, once it is evaluated, its grade.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Latest {
    Evaluated(i32, String, String, String, [f64; 4]),
    Answered((i32,)),
}

/// What an evaluation adds to the attempt: the grader, and the four scores.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Grade(&'static str, String, String, [f64; 4]);

impl Grade {
    /// The grade of an assessment.
    pub(super) fn of(assessment: &Assessment) -> Self {
        let Scores { correctness, completeness, quality, communication } = assessment.scores;
        let scores = [correctness, completeness, quality, communication].map(Score::get);
        let Grader { kind, name, version } = &assessment.grader;
        Self(grader_word(*kind), name.clone(), version.clone(), scores)
    }
}

impl ProgressRecord {
    /// The progress of an interview with that number of questions. Answers given after their question's
    /// answer was `shown` do not count in the mean.
    pub(super) fn of(&self, questions: i32, shown: &[i32]) -> Result<Progress, StoreError> {
        let graded: Vec<_> =
            self.0.values().filter_map(Latest::graded).collect::<Result<_, _>>()?;
        let counted = self.0.iter().filter(|(order, _)| !shown.contains(order));
        let counted: Vec<_> =
            counted.filter_map(|(_, latest)| latest.graded()).collect::<Result<_, _>>()?;
        let count = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
        let only_shown = shown.iter().filter(|order| !self.0.contains_key(order)).count();
        Ok(Progress {
            questions,
            answered: count(self.0.len()),
            evaluated: count(graded.len()),
            shown: count(shown.len()),
            open: questions.saturating_sub(count(self.0.len() + only_shown)),
            overall_score: overall_score(&comparable(counted.into_iter())),
        })
    }
}

impl Latest {
    fn graded(&self) -> Option<Result<(Grader, Scores), StoreError>> {
        let Self::Evaluated(_, kind, name, version, scores) = self else { return None };
        Some(grader_kind(kind).and_then(|kind| {
            let grader = Grader { kind, name: name.clone(), version: version.clone() };
            Ok((grader, scores_of(*scores)?))
        }))
    }
}

fn scores_of(numbers: [f64; 4]) -> Result<Scores, StoreError> {
    let score = |number| {
        Score::new(number)
            .ok_or_else(|| StoreError::Internal(format!("no score from 0 to 10: {number}")))
    };
    let [correctness, completeness, quality, communication] = numbers;
    Ok(Scores {
        correctness: score(correctness)?,
        completeness: score(completeness)?,
        quality: score(quality)?,
        communication: score(communication)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sample;

    #[test]
    fn progress_is_read_from_what_the_transactions_write() {
        let grade = serde_json::to_value(Grade::of(&sample::assessment())).unwrap();
        let mut evaluated = vec![serde_json::json!(2)];
        evaluated.extend(grade.as_array().unwrap().iter().cloned());
        let kept = serde_json::json!({ "10": [1], "2": evaluated });
        let record: ProgressRecord = serde_json::from_value(kept).unwrap();
        let progress = record.of(3, &[]).unwrap();
        assert_eq!((progress.questions, progress.answered, progress.evaluated), (3, 2, 1));
        assert_eq!((progress.open, record.of(3, &[2, 3]).unwrap().open), (1, 0));
        assert_eq!(progress.overall_score, Some(sample::assessment().scores.mean()));
        let shown = record.of(3, &[2]).unwrap();
        assert_eq!((shown.evaluated, shown.shown, shown.overall_score), (1, 1, None));
        let none: ProgressRecord = serde_json::from_str("{}").unwrap();
        assert_eq!(
            none.of(5, &[]).unwrap(),
            Progress { questions: 5, open: 5, ..Progress::default() }
        );
    }
}
