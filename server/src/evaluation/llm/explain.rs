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

/// The note on an evaluation that is based on unverified quotes.
pub(super) const UNVERIFIED: &str = "It is unverified: the built-in judge cannot read the words \
                                     that it is based on, and there was no translation.";

/// The findings in the form of the common explanations. The style is the built-in grader's finding;
/// the model gives only a score for it.
pub(super) fn findings(checked: &Checked, built_in: &Findings) -> Findings {
    let is_unsupported = checked.is_unsupported();
    Findings {
        scores: checked.scores,
        range: None,
        needs_review: checked.is_unverified,
        key_points: checked.key_points.clone(),
        // What a model says about an answer that it does not know counts for nothing either.
        mistakes: if is_unsupported { Vec::new() } else { checked.claims.mistakes.clone() },
        contradictions: Vec::new(),
        on_topic: !is_unsupported,
        style: built_in.style,
    }
}

/// An explanation for each dimension, in order.
pub(super) fn explanations(checked: &Checked, findings: &Findings) -> Vec<Explanation> {
    let mut explanations = explain::explanations(findings);
    for explanation in &mut explanations {
        let dimension = explanation.dimension;
        let is_lowered = is_lowered(checked, dimension);
        let band = bands::description(dimension, explanation.band);
        explanation.reason = match dimension {
            // For a score that code has lowered, nothing supports the description of its band.
            Dimension::Quality | Dimension::Communication if is_lowered => String::new(),
            Dimension::Quality | Dimension::Communication => band.to_owned(),
            Dimension::Correctness if findings.mistakes.is_empty() && !is_lowered => {
                band.to_owned()
            }
            Dimension::Correctness | Dimension::Completeness => {
                std::mem::take(&mut explanation.reason)
            }
        };
        let lowered = is_lowered.then(|| bound_note(checked, dimension));
        let is_unverified = checked.is_unverified && dimension == Dimension::Correctness;
        let notes = lowered.into_iter().chain(is_unverified.then(|| UNVERIFIED.to_owned()));
        let reason = std::mem::take(&mut explanation.reason);
        let told = std::iter::once(reason).filter(|reason| !reason.is_empty()).chain(notes);
        explanation.reason = told.collect::<Vec<_>>().join(" ");
    }
    explanations
}

fn is_lowered(checked: &Checked, dimension: Dimension) -> bool {
    checked.scores.of(dimension) < checked.claims.scores.of(dimension)
}

/// Says that the score is lower than the model's, and why.
fn bound_note(checked: &Checked, dimension: Dimension) -> String {
    // Both have one decimal.
    let claimed = checked.claims.scores.of(dimension).get();
    let score = checked.scores.of(dimension).get();
    let why = match dimension {
        Dimension::Correctness if !checked.claims.mistakes.is_empty() => {
            "with a claim that does not hold it is at most"
        }
        Dimension::Correctness | Dimension::Completeness => {
            "its quotes from your answer support at most"
        }
        Dimension::Quality | Dimension::Communication => {
            "with so little to the point in the answer it is at most"
        }
    };
    format!("The model gave {claimed:.1}; {why} {score:.1}.")
}
