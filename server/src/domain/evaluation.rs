//! Evaluations: the outcome of grading an answer, and the rules that a completed one must follow.

mod refusal;

use super::{
    band::Band,
    challenge::Remarks,
    clock::Timestamp,
    provenance::Provenance,
    score::{Dimension, Scores},
};
pub use refusal::{Declined, Refusal};

/// How the explanation of correctness begins if the answer makes a false claim; the next words say
/// why the claim is false.
pub const FALSE_CLAIM: &str = "One claim does not hold.";

/// How it begins if the answer contradicts a point; the point follows.
pub const CONTRADICTION: &str = "One statement contradicts a point of a good answer:";

/// Below this confidence, an answer only "seems to make" a point, and the person may say whether it
/// does.
pub const SURE: f64 = 0.75;

/// From this coverage on, a point counts as made; below it, as made in part.
pub const FULL: f64 = 0.99;

/// An evaluation: its state and its attempts so far.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// Pending, completed or failed.
    pub state: EvaluationState,
    /// How often grading was begun since it was last requested.
    pub attempts: i32,
}

/// The states, each with the data that only it has.
#[derive(Debug, Clone, PartialEq)]
pub enum EvaluationState {
    /// Waits for a grader, or is with one.
    Pending {
        /// When the next attempt is due, after a fault.
        next_attempt_at: Option<Timestamp>,
        /// Why the last attempt failed, for a person; `None` before the first failure.
        last_fault: Option<String>,
    },
    /// Graded.
    Completed(Box<Completed>),
    /// Given up, until a person requests it again.
    Failed {
        /// Why, for a person to read.
        reason: String,
        /// Set if the grader declined to judge the answer, as `reason` then explains.
        refusal: Option<Refusal>,
    },
    /// Withheld until a real interview ends, whatever the stored state is. Never stored.
    Withheld,
}

/// A completed evaluation.
#[derive(Debug, Clone, PartialEq)]
pub struct Completed {
    /// What the grader found.
    pub assessment: Assessment,
    /// When it was graded.
    pub evaluated_at: Timestamp,
    /// What the person says about it.
    pub remarks: Remarks,
}

impl Evaluation {
    /// The assessment, once completed.
    pub fn assessment(&self) -> Option<&Assessment> {
        self.completed().map(|completed| &completed.assessment)
    }

    /// The evaluation with what the person says about it, once completed.
    pub fn completed(&self) -> Option<&Completed> {
        match &self.state {
            EvaluationState::Completed(completed) => Some(completed),
            EvaluationState::Pending { .. }
            | EvaluationState::Failed { .. }
            | EvaluationState::Withheld => None,
        }
    }

    /// Whether its result is not available yet: it is waiting to be graded, or withheld.
    pub fn is_pending(&self) -> bool {
        matches!(self.state, EvaluationState::Pending { .. } | EvaluationState::Withheld)
    }
}

/// What kind of grader gave an evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GraderKind {
    /// The built-in grader.
    Offline,
    /// A language model.
    Model,
}

/// The grader that gave an evaluation. Scores from different graders are not comparable.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Grader {
    /// The built-in grader or a language model.
    pub kind: GraderKind,
    /// The built-in grader's name, or the model's.
    pub name: String,
    /// Changes whenever the same answer could score differently.
    pub version: String,
}

/// What was found of one key point.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyPointResult {
    /// The point.
    pub point: String,
    /// Its share of the rubric; the weights of an assessment sum to 1.
    pub weight: f64,
    /// 0 (missing) to 1 (fully made).
    pub coverage: f64,
    /// Verbatim from the answer; empty when nothing supports the point.
    pub evidence: String,
    /// How sure the grader is that the evidence makes the point, 0 to 1; `None` if it does not say.
    pub confidence: Option<f64>,
}

impl KeyPointResult {
    /// Whether the grader credits the point without being sure of it.
    pub fn is_uncertain(&self) -> bool {
        self.coverage > 0.0 && self.confidence.is_some_and(|confidence| confidence < SURE)
    }
}

/// A false claim that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MistakeResult {
    /// The index of the rubric's mistake, from 0; `None` if the rubric does not list it.
    pub number: Option<usize>,
    /// The claim as the rubric words it; empty if the rubric does not list it.
    pub claim: String,
    /// Verbatim from the answer.
    pub evidence: String,
    /// Why it is wrong.
    pub why_wrong: String,
}

/// Where a fair reader's mean score lies in nine of ten cases, on the scale of 0 to 10.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScoreRange {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// Why a score is what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The score that is explained.
    pub dimension: Dimension,
    /// The band that it is in.
    pub band: Band,
    /// Why.
    pub reason: String,
    /// Verbatim from the answer; empty when the score is due to what is missing.
    pub evidence: Vec<String>,
    /// What to do to reach the next band; empty in the highest.
    pub next_step: String,
}

/// What a grader found of an answer. Holding one proves that [`Assessment::check`] passed.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment(AssessmentParts);

/// The parts of an assessment, not checked yet.
#[derive(Debug, Clone, PartialEq)]
pub struct AssessmentParts {
    /// The four scores.
    pub scores: Scores,
    /// The uncertainty of their mean; `None` if the grader's was not measured.
    pub range: Option<ScoreRange>,
    /// Whether a person should look at it, because the grader is not sure.
    pub needs_review: bool,
    /// Markdown, never empty.
    pub feedback: String,
    /// What to do next, each a whole sentence.
    pub suggestions: Vec<String>,
    /// One for each key point of the rubric, in its order.
    pub key_points: Vec<KeyPointResult>,
    /// The false claims that the answer makes.
    pub mistakes: Vec<MistakeResult>,
    /// One for each dimension, in the order of [`Dimension::ALL`].
    pub explanations: Vec<Explanation>,
    /// The grader that gave it.
    pub grader: Grader,
    /// How it came about.
    pub provenance: Provenance,
}

/// A rule that an assessment breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidAssessment(pub String);

impl std::fmt::Display for InvalidAssessment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the evaluation breaks a rule: {}", self.0)
    }
}

impl std::error::Error for InvalidAssessment {}

impl std::ops::Deref for Assessment {
    type Target = AssessmentParts;

    fn deref(&self) -> &AssessmentParts {
        &self.0
    }
}

impl Assessment {
    /// Accepts the parts if they follow every rule for `answer`, the graded text: feedback is
    /// present, weights sum to 1, no point is credited without evidence, evidence is verbatim, each
    /// score is explained in its own band, and of several opinions the one used is marked.
    pub fn check(parts: AssessmentParts, answer: &str) -> Result<Self, InvalidAssessment> {
        check_texts(&parts)?;
        check_range(&parts)?;
        check_key_points(&parts.key_points, answer)?;
        check_mistakes(&parts.mistakes, answer)?;
        check_explanations(&parts, answer)?;
        check_opinions(&parts)?;
        Ok(Self(parts))
    }

    /// Returns the parts, to store or show them.
    pub fn into_parts(self) -> AssessmentParts {
        self.0
    }
}

fn invalid(rule: impl Into<String>) -> InvalidAssessment {
    InvalidAssessment(rule.into())
}

fn check_texts(parts: &AssessmentParts) -> Result<(), InvalidAssessment> {
    if parts.feedback.trim().is_empty() {
        return Err(invalid("feedback must not be empty"));
    }
    if parts.suggestions.iter().any(|s| s.trim().is_empty()) {
        return Err(invalid("a suggestion must not be empty"));
    }
    if parts.grader.name.is_empty() || parts.grader.version.is_empty() {
        return Err(invalid("the grader must have a name and a version"));
    }
    Ok(())
}

fn check_range(parts: &AssessmentParts) -> Result<(), InvalidAssessment> {
    let mean = parts.scores.mean();
    let holds = |range: ScoreRange| {
        0.0 <= range.low && range.low <= mean && mean <= range.high && range.high <= 10.0
    };
    match parts.range {
        Some(range) if !holds(range) => Err(invalid("the range must hold the mean of the scores")),
        _ => Ok(()),
    }
}

fn check_key_points(points: &[KeyPointResult], answer: &str) -> Result<(), InvalidAssessment> {
    for point in points {
        if !(0.0..=1.0).contains(&point.coverage) {
            return Err(invalid("coverage must be from 0 to 1"));
        }
        if point.confidence.is_some_and(|confidence| !(0.0..=1.0).contains(&confidence)) {
            return Err(invalid("confidence must be from 0 to 1"));
        }
        if !(0.0..=1.0).contains(&point.weight) {
            return Err(invalid("weight must be from 0 to 1"));
        }
        if point.coverage > 0.0 && point.evidence.trim().is_empty() {
            return Err(invalid("a point without evidence must not be credited"));
        }
        if !answer.contains(&point.evidence) {
            return Err(invalid("evidence must be in the answer word for word"));
        }
    }
    let sum: f64 = points.iter().map(|point| point.weight).sum();
    if !points.is_empty() && (sum - 1.0).abs() > 1e-6 {
        return Err(invalid("the weights must sum to 1"));
    }
    Ok(())
}

fn check_mistakes(mistakes: &[MistakeResult], answer: &str) -> Result<(), InvalidAssessment> {
    for mistake in mistakes {
        if mistake.why_wrong.trim().is_empty() {
            return Err(invalid("a mistake must say what is wrong"));
        }
        if mistake.evidence.is_empty() || !answer.contains(&mistake.evidence) {
            return Err(invalid("a mistake must be in the answer word for word"));
        }
    }
    Ok(())
}

fn check_explanations(parts: &AssessmentParts, answer: &str) -> Result<(), InvalidAssessment> {
    let dimensions: Vec<_> = parts.explanations.iter().map(|e| e.dimension).collect();
    if dimensions != Dimension::ALL {
        return Err(invalid("each score must be explained once, in order"));
    }
    for explanation in &parts.explanations {
        let band = parts.scores.of(explanation.dimension).band();
        if explanation.band != band {
            return Err(invalid("an explanation must name the band of its score"));
        }
        if explanation.reason.trim().is_empty() {
            return Err(invalid("an explanation must give a reason"));
        }
        if explanation.next_step.is_empty() != band.next().is_none() {
            return Err(invalid("every band except the highest needs a next step"));
        }
        if explanation.evidence.iter().any(|e| e.is_empty() || !answer.contains(e)) {
            return Err(invalid("evidence must be in the answer word for word"));
        }
    }
    Ok(())
}

fn check_opinions(parts: &AssessmentParts) -> Result<(), InvalidAssessment> {
    let opinions = &parts.provenance.opinions;
    let mut standing = opinions.iter().filter(|opinion| opinion.stands);
    match (standing.next(), standing.next()) {
        (None, None) if opinions.is_empty() => Ok(()),
        (Some(one), None) if one.scores == parts.scores && one.grader == parts.grader => Ok(()),
        _ => Err(invalid("of several opinions, exactly the one used must be marked")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sample;

    fn broken(change: impl FnOnce(&mut AssessmentParts)) -> String {
        let mut parts = sample::assessment_parts();
        change(&mut parts);
        Assessment::check(parts, sample::ANSWER).unwrap_err().0
    }

    #[test]
    fn a_sound_assessment_passes() {
        assert!(Assessment::check(sample::assessment_parts(), sample::ANSWER).is_ok());
    }

    #[test]
    fn each_broken_rule_is_named() {
        assert_eq!(broken(|p| p.feedback = " \n".into()), "feedback must not be empty");
        assert_eq!(
            broken(|p| p.key_points[0].evidence.clear()),
            "a point without evidence must not be credited"
        );
        assert_eq!(
            broken(|p| p.key_points[0].evidence = "never said".into()),
            "evidence must be in the answer word for word"
        );
        assert_eq!(broken(|p| p.key_points[0].coverage = f64::NAN), "coverage must be from 0 to 1");
        assert_eq!(broken(|p| p.key_points[0].weight = 0.9), "the weights must sum to 1");
        assert_eq!(
            broken(|p| p.mistakes[0].evidence = "never said".into()),
            "a mistake must be in the answer word for word"
        );
        assert_eq!(broken(|p| p.mistakes[0].why_wrong.clear()), "a mistake must say what is wrong");
        assert_eq!(
            broken(|p| p.explanations.swap(0, 1)),
            "each score must be explained once, in order"
        );
        assert_eq!(
            broken(|p| p.explanations[0].band = Band::Poor),
            "an explanation must name the band of its score"
        );
        assert_eq!(
            broken(|p| p.explanations[0].next_step.clear()),
            "every band except the highest needs a next step"
        );
        assert_eq!(
            broken(|p| p.provenance.opinions.truncate(1)),
            "of several opinions, exactly the one used must be marked"
        );
    }
}
