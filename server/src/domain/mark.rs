//! Marks: a person's private note on a question, a star, and whether to be asked it again.

use super::{
    clock::Timestamp,
    id::{InterviewId, MarkId, QuestionId, UserId},
    interview::Level,
    question::QuestionOrigin,
    text::{is_visible, without_nul},
    violation::InvalidValue,
};

/// The most characters of a note.
pub const MOST_NOTE_CHARS: usize = 4_000;

/// Whether a person wants to be asked a question again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Wish {
    /// No wish.
    #[default]
    None,
    /// Never again, unless no other question fits.
    NotAgain,
    /// In the next interview that the question fits.
    AgainSoon,
}

impl Wish {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::None, Self::NotAgain, Self::AgainSoon];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::NotAgain => "not_again",
            Self::AgainSoon => "again_soon",
        }
    }

    /// Returns the wish with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|wish| wish.word() == word)
    }
}

/// A person's mark on a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Its id.
    pub id: MarkId,
    /// As typed; may be empty.
    pub note: String,
    /// Whether it has a star.
    pub starred: bool,
    /// Whether to be asked again.
    pub wish: Wish,
    /// When its owner last changed it.
    pub changed_at: Timestamp,
}

impl Mark {
    /// Whether it has a star, a note or a wish.
    pub fn is_telling(&self) -> bool {
        self.starred || !self.note.is_empty() || self.wish != Wish::None
    }
}

/// A change to a mark; a field that is `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MarkChange {
    /// The new note.
    pub note: Option<String>,
    /// Whether it has a star.
    pub starred: Option<bool>,
    /// Whether to be asked again.
    pub wish: Option<Wish>,
}

impl MarkChange {
    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Names a mark by its question or by its own id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkTarget {
    /// The mark of this question.
    Question(QuestionId),
    /// This mark.
    Mark(MarkId),
}

/// A question that can be marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Markable {
    /// Its owner.
    pub owner: UserId,
    /// Whether it is from the bank, so that it can be asked again.
    pub is_of_bank: bool,
}

/// A mark with what is known of its question, which may be deleted.
#[derive(Debug, Clone, PartialEq)]
pub struct MarkedQuestion {
    /// The mark.
    pub mark: Mark,
    /// The question's id in the bank; `None` if it is from elsewhere.
    pub bank_id: Option<String>,
    /// The interview and question in which it was last asked; `None` if they are deleted.
    pub asked_as: Option<(InterviewId, QuestionId)>,
    /// What is asked.
    pub text: String,
    /// Its topic; may be empty.
    pub topic: String,
    /// The level of the interview.
    pub level: Level,
    /// Where it came from.
    pub origin: QuestionOrigin,
}

/// Which questions a person wants to be asked again, and which not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wishes {
    /// The bank ids of questions not to ask again.
    pub not_again: Vec<String>,
    /// The bank ids of questions to ask again soon.
    pub again_soon: Vec<String>,
    /// The texts of all questions not to ask again, for a language model that writes new ones.
    pub not_again_texts: Vec<String>,
}

/// Parses a note: at most 4,000 characters. A note without visible characters becomes empty.
pub fn parse_note(raw: &str) -> Result<String, InvalidValue> {
    if without_nul(raw)?.chars().count() > MOST_NOTE_CHARS {
        return Err("Note must be at most 4,000 characters".into());
    }
    Ok(if is_visible(raw) { raw.to_owned() } else { String::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_kept_as_typed_and_an_invisible_one_is_empty() {
        assert_eq!(parse_note(" a\n b ").unwrap(), " a\n b ");
        for nothing in ["", " \n\t", "\u{200b}\u{2060}"] {
            assert_eq!(parse_note(nothing).unwrap(), "");
        }
        assert!(parse_note(&"é".repeat(MOST_NOTE_CHARS)).is_ok());
        assert!(parse_note(&"é".repeat(MOST_NOTE_CHARS + 1)).is_err());
        assert!(parse_note("\0").is_err());
    }

    #[test]
    fn each_wish_is_known_by_its_word() {
        for wish in Wish::ALL {
            assert_eq!(Wish::from_word(wish.word()), Some(wish));
        }
        assert_eq!(Wish::from_word("often"), None);
    }
}
