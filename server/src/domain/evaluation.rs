//! Evaluations: what became of grading an answer, and the rules that a completed one keeps.

use super::{
    band::Band,
    clock::Timestamp,
    provenance::Provenance,
    score::{Dimension, Scores},
};

/// Where an evaluation stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// Pending, completed or failed.
    pub state: EvaluationState,
    /// Times that it was begun since it was last asked for.
    pub attempts: i32,
}

/// The three states, each with what is known in it and in no other.
#[derive(Debug, Clone, PartialEq)]
pub enum EvaluationState {
    /// Waits for a grader, or is with one.
    Pending {
        /// After a fault: when the next attempt is due.
        next_attempt_at: Option<Timestamp>,
        /// What was wrong with the attempt before, for a person; none before there was one.
        last_fault: Option<String>,
    },
    /// Graded.
    Completed(Box<Completed>),
    /// Given up, until somebody asks again.
    Failed {
        /// For a person to read.
        reason: String,
        /// Set where the grader declined to judge the answer, and the reason is about that.
        refusal: Option<Refusal>,
    },
}

/// Why a grader declines to judge an answer: a score would be an invention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// The answer is in a language that the grader does not read.
    LanguageNotSupported,
    /// The text is not an answer: the question again, a dump, random characters.
    NotAnAnswer,
    /// The text is about something else.
    OffTopic,
}

impl Refusal {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::LanguageNotSupported, Self::NotAnAnswer, Self::OffTopic];

    /// The word that it is stored as.
    pub const fn word(self) -> &'static str {
        match self {
            Self::LanguageNotSupported => "language_not_supported",
            Self::NotAnAnswer => "not_an_answer",
            Self::OffTopic => "off_topic",
        }
    }

    /// What is the matter and what to do, for the candidate.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::LanguageNotSupported => {
                "The built-in grader reads English only, and this answer is mostly in another \
                 language. Answer in English, or set up a language model, which reads others."
            }
            Self::NotAnAnswer => {
                "This text does not read as an answer, so it has no score. Answer the question in \
                 sentences of your own."
            }
            Self::OffTopic => {
                "This text seems to be about something else, so it has no score. Answer the \
                 question that was asked; “I don't know” is an answer too."
            }
        }
    }
}

/// A completed evaluation.
#[derive(Debug, Clone, PartialEq)]
pub struct Completed {
    /// What the grader found.
    pub assessment: Assessment,
    /// When.
    pub evaluated_at: Timestamp,
}

impl Evaluation {
    /// The assessment, once completed.
    pub fn assessment(&self) -> Option<&Assessment> {
        match &self.state {
            EvaluationState::Completed(completed) => Some(&completed.assessment),
            EvaluationState::Pending { .. } | EvaluationState::Failed { .. } => None,
        }
    }

    /// Whether it still waits to be graded.
    pub fn is_pending(&self) -> bool {
        matches!(self.state, EvaluationState::Pending { .. })
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

/// Who gave an evaluation. Scores of different graders are not comparable.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Grader {
    /// Built in, or a model.
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
    /// Share of the rubric; the weights of an assessment sum to 1.
    pub weight: f64,
    /// 0 (missing) to 1 (fully made).
    pub coverage: f64,
    /// Verbatim from the answer; empty when nothing supports the point.
    pub evidence: String,
    /// How sure the grader is that the evidence makes the point, 0 to 1; none where it does not say.
    pub confidence: Option<f64>,
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
    /// The band that it lies in.
    pub band: Band,
    /// Why.
    pub reason: String,
    /// Verbatim from the answer; empty when the score rests on what is missing.
    pub evidence: Vec<String>,
    /// What would reach the next band; empty in the highest.
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
    /// How sure their mean is; none where the grader was not measured.
    pub range: Option<ScoreRange>,
    /// Whether somebody should look at it: the grader knows that it does not know.
    pub needs_review: bool,
    /// Markdown, never empty.
    pub feedback: String,
    /// What to do next, each a whole sentence.
    pub suggestions: Vec<String>,
    /// One for each key point of the rubric, in its order.
    pub key_points: Vec<KeyPointResult>,
    /// One for each dimension, in the order of [`Dimension::ALL`].
    pub explanations: Vec<Explanation>,
    /// Who found it.
    pub grader: Grader,
    /// What it took and rests on.
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
    /// Takes the parts if they keep every rule, `answer` being the text that was graded: feedback
    /// is there, weights are shares, nothing is credited without evidence, evidence is verbatim,
    /// each score is explained in its own band, and of several opinions the one stated stands.
    pub fn check(parts: AssessmentParts, answer: &str) -> Result<Self, InvalidAssessment> {
        check_texts(&parts)?;
        check_range(&parts)?;
        check_key_points(&parts.key_points, answer)?;
        check_explanations(&parts, answer)?;
        check_opinions(&parts)?;
        Ok(Self(parts))
    }

    /// The parts, for somebody who stores or shows them.
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
            return Err(invalid("evidence must stand in the answer word for word"));
        }
    }
    let sum: f64 = points.iter().map(|point| point.weight).sum();
    if !points.is_empty() && (sum - 1.0).abs() > 1e-6 {
        return Err(invalid("the weights must sum to 1"));
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
            return Err(invalid("a next step must stand in every band but the highest"));
        }
        if explanation.evidence.iter().any(|e| e.is_empty() || !answer.contains(e)) {
            return Err(invalid("evidence must stand in the answer word for word"));
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
        _ => Err(invalid("of several opinions, the one that is stated must stand")),
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
            "evidence must stand in the answer word for word"
        );
        assert_eq!(broken(|p| p.key_points[0].coverage = f64::NAN), "coverage must be from 0 to 1");
        assert_eq!(broken(|p| p.key_points[0].weight = 0.9), "the weights must sum to 1");
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
            "a next step must stand in every band but the highest"
        );
        assert_eq!(
            broken(|p| p.provenance.opinions.truncate(1)),
            "of several opinions, the one that is stated must stand"
        );
    }
}
