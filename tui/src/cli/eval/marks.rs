//! A row's marks by the built-in grader and by people.

use viva_proto::v1::Evaluation;

use super::rows::Scored;

/// An answer with both marks.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Marked {
    pub(super) question: String,
    /// People's mark, 0 to 1.
    pub(super) people: f64,
    /// The grader's mark, 0 to 1; 0 if it declined to judge.
    pub(super) grader: f64,
    /// Whether the grader declined to judge.
    pub(super) is_refused: bool,
    /// For each key point, whether the grader and whether people find it at least half made; empty
    /// if people did not say.
    pub(super) points: Vec<(bool, bool)>,
    /// The range that should contain people's mark nine times out of ten, by the grader, 0 to 1.
    pub(super) range: Option<(f64, f64)>,
    /// Whether people say that the answer is a false statement of some length.
    pub(super) is_fluent_falsehood: Option<bool>,
}

/// A false answer of at least this many words is fluent.
const FLUENT_WORDS: usize = 60;

impl Marked {
    /// The marks of a row, given its evaluation.
    pub(super) fn new(scored: &Scored, evaluation: &Evaluation, overall: f64) -> Self {
        let row = &scored.row;
        let is_refused = evaluation.scores.is_none();
        let made = |at: usize| evaluation.key_points.get(at).is_some_and(|p| p.coverage() >= 0.5);
        let is_long = row.answer.split_whitespace().count() >= FLUENT_WORDS;
        let range = evaluation.range.map(|range| (range.low() / 10.0, range.high() / 10.0));
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
