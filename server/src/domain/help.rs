//! Help with a question: hints, one at a time, and the reference shown before an answer is given.

use super::{
    clock::Timestamp,
    id::{InterviewId, UserId},
    question::Rubric,
    timing::Withheld,
    violation::InvalidValue,
};

/// The most hints for a question.
pub const MOST_HINTS: usize = 5;

/// The help that a person has had with a question.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Help {
    /// How many hints were given.
    pub hints: i32,
    /// Set once the reference was shown before an answer was given.
    pub shown: Option<Shown>,
}

/// A reference that was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// When it was shown.
    pub at: Timestamp,
    /// What a good answer says.
    pub reference: String,
}

/// A question with which a person asks for help.
#[derive(Debug, Clone, PartialEq)]
pub struct HelpedQuestion {
    /// The account that was asked it.
    pub owner: UserId,
    /// Its interview.
    pub interview_id: InterviewId,
    /// What was asked.
    pub text: String,
    /// Its id in the bank, if it is from the bank.
    pub bank_id: Option<String>,
    /// What its answers are graded against.
    pub rubric: Rubric,
    /// How many hints were given.
    pub hints: i32,
    /// Until when help is withheld.
    pub withheld: Withheld,
}

/// One hint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// What it says.
    pub text: String,
    /// 1 for the first.
    pub number: i32,
    /// How many hints the question has.
    pub of: i32,
}

/// Parses which hint is wanted: one given before, by its number, or with 0 the next one (`None`).
pub fn parse_hint_number(raw: i32) -> Result<Option<i32>, InvalidValue> {
    match raw {
        0 => Ok(None),
        1.. => Ok(Some(raw)),
        _ => Err("Hint number must be 1 or more; 0 means the next hint".into()),
    }
}
