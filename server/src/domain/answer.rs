//! Answers.

use super::{
    clock::Timestamp,
    evaluation::Evaluation,
    id::{AnswerId, InterviewId, QuestionId},
    text::{IdempotencyKey, is_visible, trimmed_chars, without_nul},
    violation::Fault,
};

/// The text of an answer: 10 to 20,000 characters, surrounding white space not counted, kept
/// exactly as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerText(String);

impl AnswerText {
    /// The fewest characters.
    pub const MIN_CHARS: usize = 10;
    /// The most characters.
    pub const MAX_CHARS: usize = 20_000;

    /// Checks the rules.
    pub fn parse(raw: &str) -> Result<Self, Fault> {
        without_nul(raw)?;
        match trimmed_chars(raw) {
            0..Self::MIN_CHARS => Err("Answer must be at least 10 characters".into()),
            Self::MIN_CHARS..=Self::MAX_CHARS if !is_visible(raw) => {
                Err("Answer must have characters that can be seen".into())
            }
            Self::MIN_CHARS..=Self::MAX_CHARS => Ok(Self(raw.to_owned())),
            _ => Err("Answer must be at most 20,000 characters".into()),
        }
    }

    /// The text as it was sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An answer and what has become of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Its id.
    pub id: AnswerId,
    /// The question that it answers.
    pub question_id: QuestionId,
    /// As it was sent.
    pub text: String,
    /// When the server stored it.
    pub submitted_at: Timestamp,
    /// 1-based: how many answers this question has had, this one included.
    pub attempt: i32,
    /// Its evaluation.
    pub evaluation: Evaluation,
    /// What a good answer says; shown once the evaluation is completed.
    pub reference: String,
}

/// An answer that is about to be stored.
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
    /// Milliseconds the candidate took; 0: not measured.
    pub duration_ms: i64,
}

/// Milliseconds the candidate took; 0 stands for "not measured".
pub fn parse_duration_ms(raw: i64) -> Result<i64, Fault> {
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
    fn what_shows_nothing_is_no_answer() {
        assert!(AnswerText::parse(&"\u{200b}\u{2060}\u{e0041}".repeat(10)).is_err());
        assert!(AnswerText::parse(&format!("{}a lock", "\u{200b}".repeat(10))).is_ok());
    }

    #[test]
    fn characters_are_counted_not_bytes() {
        assert!(AnswerText::parse(&"語".repeat(10)).is_ok());
        assert!(AnswerText::parse(&"語".repeat(9)).is_err());
    }
}
