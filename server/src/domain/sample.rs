//! Valid values for tests.

use std::time::Duration;

use super::{
    evaluation::{
        Assessment, AssessmentParts, Explanation, Grader, GraderKind, KeyPointResult,
        MistakeResult, ScoreRange,
    },
    provenance::{Fingerprint, Opinion, Provenance, Tokens},
    score::{Dimension, Score, Scores},
};

pub(crate) const ANSWER: &str = "A mutex lets one thread in at a time. The others wait.";

pub(crate) fn scores(values: [f64; 4]) -> Scores {
    let score = |at: usize| Score::new(values[at]).unwrap();
    Scores {
        correctness: score(0),
        completeness: score(1),
        quality: score(2),
        communication: score(3),
    }
}

pub(crate) fn assessment_parts() -> AssessmentParts {
    let scores = scores([7.4, 5.6, 6.6, 8.0]);
    AssessmentParts {
        scores,
        range: Some(ScoreRange { low: 5.5, high: 8.25 }),
        needs_review: true,
        feedback: "You say what a mutex does. Say what it costs.".into(),
        suggestions: vec!["Name one cost of a lock.".into()],
        key_points: vec![
            KeyPointResult {
                point: "Only one thread holds the lock.".into(),
                weight: 0.75,
                coverage: 1.0,
                evidence: "lets one thread in at a time".into(),
                confidence: Some(0.75),
            },
            KeyPointResult {
                point: "Waiting costs time.".into(),
                weight: 0.25,
                coverage: 0.0,
                evidence: String::new(),
                confidence: None,
            },
        ],
        mistakes: vec![MistakeResult {
            number: Some(0),
            claim: "Everybody waits.".into(),
            evidence: "The others wait.".into(),
            why_wrong: "Only those wait who want the lock.".into(),
        }],
        explanations: Dimension::ALL
            .into_iter()
            .map(|dimension| Explanation {
                dimension,
                band: scores.of(dimension).band(),
                reason: "It is what the answer shows.".into(),
                evidence: vec!["The others wait.".into()],
                next_step: "Say more.".into(),
            })
            .collect(),
        grader: grader("1"),
        provenance: Provenance {
            duration: Duration::from_millis(1234),
            model_calls: 2,
            tokens: Tokens { prompt: 300, completion: 120 },
            opinions: [("0", [9.0; 4], false), ("1", [7.4, 5.6, 6.6, 8.0], true)]
                .map(|(version, values, stands)| Opinion {
                    grader: grader(version),
                    scores: self::scores(values),
                    stands,
                })
                .into(),
            note: "A second reading was asked for.".into(),
            fingerprint: Some(Fingerprint([7; 32])),
        },
    }
}

fn grader(version: &str) -> Grader {
    Grader { kind: GraderKind::Offline, name: "viva-offline".into(), version: version.into() }
}

pub(crate) fn assessment() -> Assessment {
    Assessment::check(assessment_parts(), ANSWER).unwrap()
}
