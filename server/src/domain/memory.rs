//! An account's memory: the key points of the bank that its answers were graded against, how well
//! each was recalled, and when it is due for review.

mod queue;
#[cfg(test)]
mod tests;

use super::{
    answer::AnswerText,
    clock::Timestamp,
    day::Day,
    evaluation::Assessment,
    id::{AnswerId, PointId, QuestionId},
    text::without_nul,
    violation::InvalidValue,
};

pub use queue::{Reason, ReviewCandidate, drill, due};

/// How many points to review in a day.
pub const DAILY_LIMIT: usize = 20;

/// The most days by which a review can be postponed.
pub const LONGEST_POSTPONEMENT: i32 = 365;

/// The coverage from which a point counts as made.
const MADE: f64 = 0.99;

/// Identifies a point of the bank. Its ids stay the same when its words change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PointKey {
    /// The question's id in the bank.
    pub bank_id: String,
    /// The point's id within the question.
    pub point_id: String,
}

/// How well a point was recalled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rating {
    /// The answer missed it or contradicted it.
    Again,
    /// The answer made it in part.
    Hard,
    /// The answer made it.
    Good,
    /// The first answer to the question made it, without a hint.
    Easy,
}

impl Rating {
    /// All ratings.
    pub const ALL: [Self; 4] = [Self::Again, Self::Hard, Self::Good, Self::Easy];

    /// Rates how much of a point an answer shows. The coverage of a contradicted point is 0.
    pub fn of(coverage: f64, at_first_sight: bool) -> Self {
        match coverage {
            coverage if coverage <= 0.0 => Self::Again,
            coverage if coverage < MADE => Self::Hard,
            _ if at_first_sight => Self::Easy,
            _ => Self::Good,
        }
    }

    /// The word under which it is stored.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Again => "again",
            Self::Hard => "hard",
            Self::Good => "good",
            Self::Easy => "easy",
        }
    }

    /// Returns the rating with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rating| rating.word() == word)
    }
}

/// What FSRS, the scheduling algorithm, knows of a point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trace {
    /// The number of days after which it is recalled with a probability of 90%.
    pub stability: f32,
    /// How hard it is to recall, from 1 to 10.
    pub difficulty: f32,
}

/// When a point was rated and reviewed, and when it is due.
#[derive(Debug, Clone, PartialEq)]
pub struct PointState {
    /// Its stability and difficulty.
    pub trace: Trace,
    /// When it was last rated.
    pub rated_on: Day,
    /// When it is due.
    pub due_on: Day,
    /// When it was last reviewed; evaluations of interviews do not count.
    pub reviewed_on: Option<Day>,
    /// The number of the prompt with which it was last asked for, from 1; 0 if with none.
    pub prompt: i32,
    /// How many evaluations and reviews have rated it.
    pub ratings: i32,
    /// The question whose answer was last evaluated for it; `None` if it is deleted.
    pub question_id: Option<QuestionId>,
}

/// A point in an account's memory.
#[derive(Debug, Clone, PartialEq)]
pub struct MemoryPoint {
    /// Its id.
    pub id: PointId,
    /// The point.
    pub key: PointKey,
    /// When it was rated and reviewed, and when it is due.
    pub state: PointState,
    /// Whether its owner has stopped reviews of it.
    pub is_forgotten: bool,
}

impl MemoryPoint {
    /// Whether it is due or overdue on that day.
    pub fn is_due(&self, today: Day) -> bool {
        self.state.due_on <= today
    }
}

/// An answer whose completed evaluation is not in the memory yet.
#[derive(Debug, Clone, PartialEq)]
pub struct EvaluatedAnswer {
    /// The answer.
    pub id: AnswerId,
    /// The question that it answers.
    pub question_id: QuestionId,
    /// What was asked.
    pub question: String,
    /// The question's id in the bank; `None` for a follow-up or a question by a language model.
    pub bank_id: Option<String>,
    /// When it was given.
    pub answered_at: Timestamp,
    /// Whether it is the first answer to its question, given without a hint.
    pub is_first_sight: bool,
    /// What the grader found; `None` if the stored evaluation cannot be read.
    pub assessment: Option<Assessment>,
}

/// How many points there are to review.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Points that can be asked for.
    pub points: usize,
    /// Points that are due today or overdue.
    pub due: usize,
    /// How many of these the daily limit leaves.
    pub left_today: usize,
    /// Points that were reviewed today.
    pub done_today: usize,
    /// The first day after today on which one is due.
    pub next_due: Option<Day>,
}

impl Counts {
    /// Counts the points that can be asked for.
    pub fn of<'p>(points: impl Iterator<Item = &'p MemoryPoint>, today: Day) -> Self {
        let mut counts = Self::default();
        for point in points {
            counts.points += 1;
            counts.done_today += usize::from(point.state.reviewed_on == Some(today));
            if point.is_due(today) {
                counts.due += 1;
            } else {
                let due_on = point.state.due_on;
                counts.next_due = Some(counts.next_due.map_or(due_on, |next| next.min(due_on)));
            }
        }
        counts.left_today = counts.due.min(DAILY_LIMIT.saturating_sub(counts.done_today));
        counts
    }
}

/// Parses an answer to a review. It may be short, and an empty one means "I don't know".
pub fn parse_answer(raw: &str) -> Result<String, InvalidValue> {
    if without_nul(raw)?.chars().count() > AnswerText::MAX_CHARS {
        return Err("Answer must be at most 20,000 characters".into());
    }
    Ok(raw.to_owned())
}

/// Parses the days by which a review is postponed; 0 means 1.
pub fn parse_postponement(days: i32) -> Result<i32, InvalidValue> {
    match days {
        0 => Ok(1),
        1..=LONGEST_POSTPONEMENT => Ok(days),
        _ => Err("Days must be from 1 to 365; 0 means 1".into()),
    }
}

/// Parses which prompt was asked; 0 (`None`): the one that would be asked now.
pub fn parse_prompt_number(number: i32) -> Result<Option<i32>, InvalidValue> {
    match number {
        0 => Ok(None),
        1.. => Ok(Some(number)),
        _ => Err("Prompt number must be 1 or more; 0 means the next prompt".into()),
    }
}
