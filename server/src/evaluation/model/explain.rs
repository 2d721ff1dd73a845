//! Why each score of a model's evaluation is what it is, and the next step: written by code, from
//! what it checked and from the bands that the model graded by.

use super::check::Checked;
use crate::{
    domain::{evaluation::Explanation, score::Dimension},
    evaluation::{
        bands,
        explain::{self, Findings},
    },
};

/// What was found, in the terms of the common explanations. The manner of writing is the built-in
/// grader's finding; the model says nothing about it but the score.
pub(super) fn findings(checked: &Checked, built_in: &Findings) -> Findings {
    Findings {
        scores: checked.scores,
        key_points: checked.key_points.clone(),
        // What a model says of an answer that it does not know counts for nothing either.
        mistakes: if checked.is_unsupported() { Vec::new() } else { checked.mistakes.clone() },
        contradictions: Vec::new(),
        on_topic: !checked.is_unsupported(),
        style: built_in.style,
    }
}

/// An explanation for each dimension, in their order.
pub(super) fn explanations(checked: &Checked, findings: &Findings) -> Vec<Explanation> {
    let mut explanations = explain::explanations(findings);
    for explanation in &mut explanations {
        let dimension = explanation.dimension;
        let band = bands::description(dimension, explanation.band);
        explanation.reason = match dimension {
            Dimension::Correctness if findings.mistakes.is_empty() => band.to_owned(),
            Dimension::Quality | Dimension::Communication => band.to_owned(),
            Dimension::Correctness | Dimension::Completeness => {
                std::mem::take(&mut explanation.reason)
            }
        };
        if let Some(note) = bound_note(checked, dimension) {
            explanation.reason = format!("{} {note}", explanation.reason);
        }
    }
    explanations
}

/// Says so where the score is lower than the model's, and why.
fn bound_note(checked: &Checked, dimension: Dimension) -> Option<String> {
    let claimed = checked.claimed.of(dimension).get();
    let score = checked.scores.of(dimension).get();
    let why = match dimension {
        Dimension::Correctness if !checked.mistakes.is_empty() => {
            "with a claim that does not hold it is at most"
        }
        Dimension::Correctness | Dimension::Completeness => {
            "its quotes from your answer support at most"
        }
        Dimension::Quality | Dimension::Communication => {
            "with so little to the point in the answer it is at most"
        }
    };
    (score < claimed).then(|| format!("The model gave {claimed:.1}; {why} {score:.1}."))
}
