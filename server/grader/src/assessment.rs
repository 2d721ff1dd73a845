//! Assessments: what the grader says about an answer.

use std::ops::Range;

/// The grader's result for one answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    /// The overall mark, 0 to 1; the mean of the four scores.
    pub overall: f64,
    /// Where a fair reader's mark lies in nine of ten cases, 0 to 1.
    pub range: Range<f64>,
    /// Whether the range is so wide that a person should review the result.
    pub needs_review: bool,
    /// What the answer says about each point, in the order of
    /// [`Prepared::points`](crate::Prepared::points).
    pub points: Vec<PointGrade>,
    /// One for each mistake of the rubric, in the same order.
    pub mistakes: Vec<MistakeGrade>,
    /// The four scores.
    pub dimensions: Dimensions,
    /// How it is written.
    pub style: Style,
    /// Whether it is about the question.
    pub is_about_the_question: bool,
    /// Why it should not be judged; if set, the other fields are meaningless.
    pub refusal: Option<Refusal>,
}

/// What the answer says about one key point.
#[derive(Debug, Clone, PartialEq)]
pub struct PointGrade {
    /// The probability that the answer makes the point.
    pub p: f64,
    /// How far that probability says that the answer makes it.
    pub state: PointState,
    /// The bytes of the answer that say it best; `None` if the point is missed.
    pub evidence: Option<Range<usize>>,
    /// The bytes of the answer that say the opposite; only set if the point is missed.
    pub contradicted: Option<Range<usize>>,
}

impl PointGrade {
    /// Whether it counts at all, in full or in part.
    pub fn is_counted(&self) -> bool {
        self.state != PointState::Missed
    }
}

/// How far an answer makes a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PointState {
    /// The answer makes the point.
    Covered,
    /// The answer makes the point in part, or may make it.
    Partial,
    /// The answer does not make the point.
    Missed,
}

impl PointState {
    /// The share of the point that counts.
    pub fn coverage(self) -> f64 {
        match self {
            Self::Covered => 1.0,
            Self::Partial => 0.5,
            Self::Missed => 0.0,
        }
    }
}

/// Whether the answer makes one of the rubric's mistakes.
#[derive(Debug, Clone, PartialEq)]
pub struct MistakeGrade {
    /// The probability that it makes it.
    pub p: f64,
    /// The bytes of the answer that make it; `None` if it is not made.
    pub evidence: Option<Range<usize>>,
}

/// The four scores of an answer, 0 to 10.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dimensions {
    /// Is what it says right?
    pub correctness: f64,
    /// Does it say everything that matters?
    pub completeness: f64,
    /// Is it specific, and does it give reasons?
    pub quality: f64,
    /// Is it easy to understand?
    pub communication: f64,
}

impl Dimensions {
    /// The mean of the four scores, 0 to 10.
    pub fn mean(&self) -> f64 {
        (self.correctness + self.completeness + self.quality + self.communication) / 4.0
    }
}

/// How an answer is written. Shares and densities are from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// The number of words.
    pub words: usize,
    /// The mean number of words in a sentence.
    pub sentence_words: f64,
    /// The share of the words that are not in bare lists.
    pub prose: f64,
    /// Its length as a share of 40 words, which are enough to follow it.
    pub length: f64,
    /// Filler words.
    pub filler: f64,
    /// Words that introduce a reason, a condition or an example.
    pub reasoning: f64,
    /// Numbers, names and code.
    pub specifics: f64,
}

/// Why an answer is not judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is mostly in a language other than English.
    Language,
    /// It does not read as an answer: the question repeated, a dump, random characters, nothing
    /// visible.
    NotAnAnswer,
    /// It is about something else.
    OffTopic,
    /// It answers the question of the same [`Topic`](crate::Topic) with this number, from 0.
    OtherQuestion(usize),
}
