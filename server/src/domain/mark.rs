//! What people note of questions for themselves: a note, a star, whether to be asked again.

use super::{
    clock::Timestamp,
    id::{InterviewId, MarkId, QuestionId, UserId},
    interview::Level,
    question::QuestionOrigin,
    text::{is_visible, without_nul},
    violation::Fault,
};

/// The most characters of a note.
pub const MOST_NOTE_CHARS: usize = 4_000;

/// Whether somebody wants to be asked a question again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Wish {
    /// No wish.
    #[default]
    None,
    /// Never again, unless only such questions fit.
    NotAgain,
    /// In the next interview that it fits.
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

    /// The wish of that name.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|wish| wish.word() == word)
    }
}

/// What somebody has noted of a question.
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
    /// When its owner changed it last.
    pub changed_at: Timestamp,
}

impl Mark {
    /// Whether it says anything.
    pub fn is_telling(&self) -> bool {
        self.starred || !self.note.is_empty() || self.wish != Wish::None
    }
}

/// A change to a mark; what is none stays as it is.
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

/// A mark as it is named: by its question or by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkTarget {
    /// The mark of this question.
    Question(QuestionId),
    /// This mark.
    Mark(MarkId),
}

/// Whose question it is that a mark is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Markable {
    /// Its owner.
    pub owner: UserId,
    /// Whether it is a question of the bank, which can be asked again.
    pub is_of_bank: bool,
}

/// A question with its mark, as far as it is known when the question itself is gone.
#[derive(Debug, Clone, PartialEq)]
pub struct MarkedQuestion {
    /// The mark.
    pub mark: Mark,
    /// Its id in the bank; none for those from elsewhere.
    pub bank_id: Option<String>,
    /// The question as it was asked last, and its interview; none when that is deleted.
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

/// What somebody wants to be asked, and what not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wishes {
    /// The ids of questions of the bank that are not to come again.
    pub not_again: Vec<String>,
    /// The ids of questions of the bank that are to come soon.
    pub again_soon: Vec<String>,
    /// The words of all questions that are not to come again, for whoever writes new ones.
    pub not_again_texts: Vec<String>,
}

/// A note: at most 4,000 characters. One in which there is nothing to be seen is none.
pub fn parse_note(raw: &str) -> Result<String, Fault> {
    if without_nul(raw)?.chars().count() > MOST_NOTE_CHARS {
        return Err("Note must be at most 4,000 characters".into());
    }
    Ok(if is_visible(raw) { raw.to_owned() } else { String::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_kept_as_typed_and_one_that_shows_nothing_is_none() {
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
