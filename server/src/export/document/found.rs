//! What was found in an answer: scores with their reasons, points with their evidence, and what to
//! do next.

use serde::Serialize;
use viva_text::{neutral, neutral_line};

use super::{Block, ScoreTable, feedback, words};
use crate::domain::{
    answer::Answer,
    band::Band,
    challenge::{Challenge, PointReading},
    evaluation::{Assessment, Completed, Explanation, Grader, GraderKind, KeyPointResult},
    provenance::Opinion,
};

/// What was found in an answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(in crate::export) struct Found {
    /// Its scores, each with its reason.
    pub(in crate::export) scores: ScoreTable,
    /// The points of a good answer, in the rubric's order.
    pub(in crate::export) points: Vec<Point>,
    /// `To reach good in quality`; empty when every score is in the highest band.
    pub(in crate::export) next_band: String,
    /// What to do to reach it.
    pub(in crate::export) next_step: String,
    /// The grader's feedback.
    pub(in crate::export) feedback: Vec<Block>,
    /// What to do next.
    pub(in crate::export) suggestions: Vec<String>,
    /// An example of a strong answer; may be empty.
    pub(in crate::export) example: String,
    /// Which grader evaluated it, whether it is sure, and the other opinions; a sentence each.
    pub(in crate::export) provenance: Vec<String>,
}

/// A point of a good answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(in crate::export) struct Point {
    /// Whether the answer makes it, makes it in part, or misses it.
    pub(in crate::export) state: &'static str,
    /// The point.
    pub(in crate::export) text: String,
    /// The words of the answer that make it; may be empty.
    pub(in crate::export) quote: String,
    /// What the candidate says about it, and what came of it: a sentence each.
    pub(in crate::export) remarks: Vec<String>,
}

impl Found {
    /// What was found in an answer; `None` unless it is evaluated.
    pub(super) fn of(answer: &Answer) -> Option<Self> {
        let completed = answer.evaluation.completed()?;
        let assessment = &completed.assessment;
        let next = weakest(assessment);
        let next_band = next.and_then(|explanation| {
            let band = explanation.band.next().map(Band::word)?;
            Some(format!("To reach {band} in {}", explanation.dimension.word()))
        });
        Some(Self {
            scores: scores(assessment),
            points: (0..)
                .zip(&assessment.key_points)
                .map(|(at, it)| point(completed, at, it))
                .collect(),
            next_band: next_band.unwrap_or_default(),
            next_step: next.map(|next| neutral_line(&next.next_step)).unwrap_or_default(),
            feedback: feedback::blocks(&assessment.feedback),
            suggestions: assessment.suggestions.iter().map(|line| neutral_line(line)).collect(),
            example: neutral(&answer.reference).into_owned(),
            provenance: provenance(assessment),
        })
    }
}

/// Names a grader and its version in a sentence.
pub(super) fn named(grader: &Grader) -> String {
    let (name, version) = (neutral_line(&grader.name), neutral_line(&grader.version));
    match grader.kind {
        GraderKind::Offline => format!("{name} {version}"),
        GraderKind::Model => format!("{name} (prompt {version})"),
    }
}

fn scores(assessment: &Assessment) -> ScoreTable {
    let is_estimate = assessment.grader.kind == GraderKind::Offline;
    let mean = assessment.scores.mean();
    let mut table = ScoreTable::of("This answer", mean, &assessment.scores, is_estimate);
    // Both are in the order of the contract, which `Assessment::check` ensures.
    for (scored, explanation) in table.each.iter_mut().zip(&assessment.explanations) {
        scored.reason = words::sentence(&explanation.reason);
        scored.quotes = explanation.evidence.iter().map(|quote| neutral_line(quote)).collect();
        scored.quotes.retain(|quote| !quote.is_empty());
    }
    table
}

/// Describes a point.
fn point(completed: &Completed, at: usize, found: &KeyPointResult) -> Point {
    let remarks = &completed.remarks;
    let challenges = remarks.challenges_of(at).map(challenged);
    let said =
        remarks.said_of(at).map(|said| format!("You say that you made it: {}.", said.word()));
    Point {
        state: state(found.coverage),
        text: neutral_line(&found.point),
        quote: neutral_line(&found.evidence),
        remarks: challenges.chain(said).collect(),
    }
}

/// The word for a coverage, with the same limits as on the screens.
fn state(coverage: f64) -> &'static str {
    match coverage {
        c if c >= 0.75 => "Made",
        c if c > 0.0 => "In part",
        _ => "Missing",
    }
}

/// Describes a challenge with both readings.
fn challenged(challenge: &Challenge) -> String {
    let reading = |reading: &PointReading| {
        format!("{} (by {})", state(reading.coverage).to_lowercase(), named(&reading.grader))
    };
    let (first, second) = (reading(&challenge.first), reading(&challenge.second));
    let words = neutral_line(&challenge.words);
    let (before, after) = challenge.completeness;
    let end = match challenge.is_upheld() {
        true if after > before => {
            format!("Completeness rose from {} to {}.", words::score(before), words::score(after))
        }
        true => "It counts as found.".to_owned(),
        false => "The evaluation stays as it was.".to_owned(),
    };
    format!("You challenged this with “{words}”. First reading: {first}. Second: {second}. {end}")
}

/// Returns the explanation of the lowest score among those with a next step.
fn weakest(assessment: &Assessment) -> Option<&Explanation> {
    let score = |explanation: &Explanation| assessment.scores.of(explanation.dimension).get();
    let with_step = assessment.explanations.iter().filter(|e| !e.next_step.trim().is_empty());
    with_step.min_by(|a, b| score(a).total_cmp(&score(b)))
}

fn provenance(assessment: &Assessment) -> Vec<String> {
    let by = match assessment.grader.kind {
        GraderKind::Offline => "Offline estimate by",
        GraderKind::Model => "Evaluated by the language model",
    };
    let mut sentences = vec![format!("{by} {}.", named(&assessment.grader))];
    if assessment.needs_review {
        sentences.push("The grader is not sure; read it yourself.".to_owned());
    }
    let provenance = &assessment.provenance;
    let note = words::sentence(&provenance.note);
    if !note.is_empty() {
        sentences.push(note);
    } else if !provenance.opinions.is_empty() {
        sentences.push("There was more than one opinion.".to_owned());
    }
    if !provenance.opinions.is_empty() {
        let opinions: Vec<_> = provenance.opinions.iter().map(opinion).collect();
        sentences.push(format!("Opinions: {}.", opinions.join(" · ")));
    }
    sentences
}

fn opinion(opinion: &Opinion) -> String {
    let stands = if opinion.stands { " (stands)" } else { "" };
    let name = neutral_line(&opinion.grader.name);
    format!("{name} {}{stands}", words::score(opinion.scores.mean()))
}
