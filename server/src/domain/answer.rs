//! Answers.

use super::{
    clock::Timestamp,
    evaluation::{Evaluation, EvaluationState},
    id::{AnswerId, InterviewId, QuestionId},
    text::{IdempotencyKey, is_visible, trimmed_chars, without_nul},
    timing::Withheld,
    violation::InvalidValue,
};

/// The text of an answer: 10 to 20,000 characters, not counting surrounding white space; stored
/// exactly as sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerText(String);

impl AnswerText {
    /// The fewest characters.
    pub const MIN_CHARS: usize = 10;
    /// The most characters.
    pub const MAX_CHARS: usize = 20_000;

    /// Checks the length, and that something in it is visible.
    pub fn parse(raw: &str) -> Result<Self, InvalidValue> {
        without_nul(raw)?;
        match trimmed_chars(raw) {
            0..Self::MIN_CHARS => Err("Answer must be at least 10 characters".into()),
            Self::MIN_CHARS..=Self::MAX_CHARS if !is_visible(raw) => {
                Err("Answer must contain visible characters".into())
            }
            Self::MIN_CHARS..=Self::MAX_CHARS => Ok(Self(raw.to_owned())),
            _ => Err("Answer must be at most 20,000 characters".into()),
        }
    }

    /// The text as sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An answer and its evaluation.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Its id.
    pub id: AnswerId,
    /// The question that it answers.
    pub question_id: QuestionId,
    /// Its text, as sent.
    pub text: String,
    /// When the server stored it.
    pub submitted_at: Timestamp,
    /// 1 for the first answer to the question, 2 for the second, and so on.
    pub attempt: i32,
    /// Its evaluation.
    pub evaluation: Evaluation,
    /// The reference; shown once the evaluation is completed.
    pub reference: String,
    /// How many milliseconds the candidate took; 0: not measured.
    pub duration_ms: i64,
    /// Whether it was submitted after the end of a real interview.
    pub is_late: bool,
}

impl Answer {
    /// Returns the answer as its owner sees it at `now`: without its evaluation and reference while
    /// they are withheld.
    #[must_use]
    pub fn told_at(self, withheld: Withheld, now: Timestamp) -> Self {
        if !withheld.at(now) {
            return self;
        }
        let evaluation = Evaluation { state: EvaluationState::Withheld, attempts: 0 };
        Self { evaluation, reference: String::new(), ..self }
    }
}

/// An answer to store.
#[derive(Debug, Clone)]
pub struct AnswerDraft {
    /// The interview that the caller named.
    pub interview_id: InterviewId,
    /// The question that the caller named.
    pub question_id: QuestionId,
    /// The text.
    pub text: AnswerText,
    /// The client's key, if it chose one.
    pub idempotency_key: Option<IdempotencyKey>,
    /// How many milliseconds the candidate took; 0: not measured.
    pub duration_ms: i64,
}

/// Parses the milliseconds that the candidate took; 0 means not measured.
pub fn parse_duration_ms(raw: i64) -> Result<i64, InvalidValue> {
    if raw < 0 {
        return Err("Duration must not be negative; 0 means not measured".into());
    }
    Ok(raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_around_an_answer_is_kept_but_not_counted() {
        assert!(AnswerText::parse("  ninechars  ").is_err());
        let kept = AnswerText::parse("\n ten chars! \n").unwrap();
        assert_eq!(kept.as_str(), "\n ten chars! \n");
        assert!(AnswerText::parse(&format!("  {}  ", "a".repeat(20_000))).is_ok());
        assert!(AnswerText::parse(&"a".repeat(20_001)).is_err());
    }

    #[test]
    fn an_answer_has_at_least_one_visible_character() {
        assert!(AnswerText::parse(&"\u{200b}\u{2060}\u{e0041}".repeat(10)).is_err());
        assert!(AnswerText::parse(&format!("{}a lock", "\u{200b}".repeat(10))).is_ok());
    }

    #[test]
    fn characters_are_counted_not_bytes() {
        assert!(AnswerText::parse(&"語".repeat(10)).is_ok());
        assert!(AnswerText::parse(&"語".repeat(9)).is_err());
    }
}
