//! Grades: what the grader says about an answer.

use crate::signals::{AnswerSignals, PointFeatures};
use std::ops::Range;

/// An answer graded by a rubric.
#[derive(Debug, Clone, PartialEq)]
pub struct Grade {
    /// The mark as a whole, 0 to 1.
    pub overall: f64,
    /// The mark by the reference alone, 0 to 1.
    pub score: f64,
    /// The weighted mean of the points' probabilities, 0 to 1.
    pub coverage: f64,
    /// One for each of [`Prepared::points`](crate::Prepared::points), in the same order.
    pub points: Vec<PointGrade>,
    /// One for each mistake of the rubric, in the same order.
    pub mistakes: Vec<MistakeGrade>,
    /// The four dimensions.
    pub dimensions: Dimensions,
    /// What held the mark down.
    pub guards: Guards,
    /// The numbers that the grade is made of.
    pub signals: AnswerSignals,
}

/// What the answer says about one key point.
#[derive(Debug, Clone, PartialEq)]
pub struct PointGrade {
    /// The probability that the answer makes the point.
    pub p: f64,
    /// What follows from it.
    pub state: PointState,
    /// The bytes of the answer that say it best, unless it is missed and nothing reverses it.
    pub evidence: Option<Range<usize>>,
    /// How the answer says the opposite, if it does.
    pub contradicted: Option<Contradiction>,
    /// The numbers that the probability is made of.
    pub features: PointFeatures,
}

/// How far an answer makes a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PointState {
    /// It does.
    Covered,
    /// It does in part, or may do.
    Partial,
    /// It does not.
    Missed,
}

impl PointState {
    /// The state's name in lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Covered => "covered",
            Self::Partial => "partial",
            Self::Missed => "missed",
        }
    }
}

/// How an answer says nearly the words of a true statement and means the opposite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contradiction {
    /// One of the two is denied.
    Negation,
    /// A word is replaced by its antonym.
    Antonym,
    /// Another number stands there.
    Number,
    /// Two terms have changed places.
    Order,
}

impl Contradiction {
    /// The contradiction's name in lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Negation => "negation",
            Self::Antonym => "antonym",
            Self::Number => "number",
            Self::Order => "order",
        }
    }
}

/// Whether the answer makes one of the rubric's mistakes.
#[derive(Debug, Clone, PartialEq)]
pub struct MistakeGrade {
    /// The probability that it does.
    pub p: f64,
    /// How much nearer some clause lies to the false claim than to anything true, -2 to 2.
    pub margin: f64,
    /// Whether the mistake is made.
    pub made: bool,
    /// The bytes of the answer that come nearest to it, if they lie nearer to it than to the truth.
    pub evidence: Option<Range<usize>>,
}

/// The factors on the overall mark; 1 where there is nothing to object to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Guards {
    /// Whether the answer is about the question and makes at least one point, 0 to 1.
    pub relevance: f64,
    /// Whether it is written in sentences, 0.3 to 1.
    pub prose: f64,
    /// The weighted share of points that it reverses, 0 to 1; the mark is lowered by 0.7 of it.
    pub contradicted: f64,
}

/// The four marks of an answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dimensions {
    /// Is what it says right?
    pub correctness: Dimension<Correctness>,
    /// Does it say all that matters?
    pub completeness: Dimension<Completeness>,
    /// Is it specific, and does it give reasons?
    pub quality: Dimension<Quality>,
    /// Is it easy to follow?
    pub communication: Dimension<Communication>,
}

impl Dimensions {
    /// The mean of the four marks, 0 to 10.
    pub fn mean(&self) -> f64 {
        let Self { correctness, completeness, quality, communication } = self;
        (correctness.value + completeness.value + quality.value + communication.value) / 4.0
    }
}

/// A mark and what it rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dimension<Basis> {
    /// The mark, 0 to 10.
    pub value: f64,
    /// The mark in words.
    pub band: Band,
    /// The numbers behind it.
    pub basis: Basis,
}

impl<Basis> Dimension<Basis> {
    pub(crate) fn new(value: f64, basis: Basis) -> Self {
        Self { value, band: Band::of(value), basis }
    }
}

/// What correctness rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Correctness {
    /// The mark as a whole.
    pub overall: f64,
    /// The largest probability of a point.
    pub best_point: f64,
    /// The probability of a listed mistake.
    pub mistake: f64,
    /// The weighted share of points that the answer reverses.
    pub contradicted: f64,
}

/// What completeness rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Completeness {
    /// The weighted mean of the points' probabilities.
    pub coverage: f64,
    /// The guard against answers beside the point.
    pub relevance: f64,
}

/// What quality rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quality {
    /// The mark as a whole.
    pub overall: f64,
    /// Numbers, names and code, 0 to 1.
    pub specifics: f64,
    /// Words that give a reason, a condition or an example, 0 to 1.
    pub reasoning: f64,
}

/// What communication rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Communication {
    /// The mean number of words in a sentence.
    pub sentence_words: f64,
    /// The share of the words that do not stand in bare lists.
    pub prose: f64,
    /// How far the answer is long enough to be followed, 0 to 1.
    pub length: f64,
    /// Words that only take up room, 0 to 1.
    pub filler: f64,
    /// Words that give a reason, a condition or an example, 0 to 1.
    pub reasoning: f64,
}

/// A mark in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Band {
    /// Below 3.
    Poor,
    /// Below 5.
    Weak,
    /// Below 7.
    Fair,
    /// Below 9.
    Good,
    /// 9 and above.
    Excellent,
}

impl Band {
    /// The band of a mark from 0 to 10.
    pub fn of(value: f64) -> Self {
        match value {
            ..3.0 => Self::Poor,
            3.0..5.0 => Self::Weak,
            5.0..7.0 => Self::Fair,
            7.0..9.0 => Self::Good,
            _ => Self::Excellent,
        }
    }

    /// The band's name in lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Poor => "poor",
            Self::Weak => "weak",
            Self::Fair => "fair",
            Self::Good => "good",
            Self::Excellent => "excellent",
        }
    }
}
