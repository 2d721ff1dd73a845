//! What the built-in grader makes of a row, and what people make of it.

use viva_proto::v1::Evaluation;

use super::rows::Scored;

/// An answer with both marks.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Marked {
    pub(super) question: String,
    /// What people gave, 0 to 1.
    pub(super) people: f64,
    /// What the grader gave, 0 to 1; 0 where it declined to judge.
    pub(super) grader: f64,
    /// Whether it declined to judge.
    pub(super) is_refused: bool,
    /// For each point whether the grader and whether people find it made, at least by half; empty where
    /// people did not say.
    pub(super) points: Vec<(bool, bool)>,
    /// Where the grader says that people's mark lies nine times out of ten, 0 to 1.
    pub(super) range: Option<(f64, f64)>,
    /// Whether the answer makes a false statement at some length, by people.
    pub(super) is_fluent_falsehood: Option<bool>,
}

/// Words from which on a false answer is a fluent one.
const FLUENT_WORDS: usize = 60;

impl Marked {
    /// Both marks of a row with this evaluation.
    pub(super) fn new(scored: &Scored, evaluation: &Evaluation, overall: f64) -> Self {
        let row = &scored.row;
        let is_refused = evaluation.scores.is_none();
        let made = |at: usize| evaluation.key_points.get(at).is_some_and(|p| p.coverage >= 0.5);
        let is_long = row.answer.split_whitespace().count() >= FLUENT_WORDS;
        let range = evaluation.range.map(|range| (range.low / 10.0, range.high / 10.0));
        Self {
            question: row.question.clone(),
            people: scored.score,
            grader: if is_refused { 0.0 } else { overall },
            is_refused,
            points: row.points.iter().enumerate().map(|(at, m)| (made(at), *m >= 0.5)).collect(),
            range: range.filter(|_| !is_refused),
            is_fluent_falsehood: row
                .has_falsehood
                .map(|is_false| is_false && is_long && scored.score <= 0.2),
        }
    }
}
