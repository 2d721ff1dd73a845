//! Interviews, and the request to create one.

use super::{
    clock::Timestamp,
    id::{InterviewId, UserId},
    question::Question,
    text::{is_visible, line, without_nul},
    timing::{Conditions, Timing},
    violation::InvalidValue,
};

/// How experienced the candidate is meant to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// In the first years of work.
    Junior,
    /// Works alone on most things.
    Mid,
    /// Leads work.
    Senior,
    /// Leads across teams.
    Staff,
}

impl Level {
    /// All levels, from the least to the most experienced.
    pub const ALL: [Self; 4] = [Self::Junior, Self::Mid, Self::Senior, Self::Staff];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Junior => "junior",
            Self::Mid => "mid",
            Self::Senior => "senior",
            Self::Staff => "staff",
        }
    }

    /// Returns the level with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.word() == word)
    }
}

/// An interview of one account.
#[derive(Debug, Clone, PartialEq)]
pub struct Interview {
    /// Its id.
    pub id: InterviewId,
    /// The account that created it.
    pub user_id: UserId,
    /// The role that it is for, in the candidate's words.
    pub role: String,
    /// The level that it is for.
    pub level: Level,
    /// BCP 47 tag of the language of its questions.
    pub language: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// Its questions, sorted by `order`.
    pub questions: Vec<Question>,
    /// How much of it is answered and evaluated.
    pub progress: Progress,
    /// Its mode and time limits, and how much of its time has passed.
    pub timing: Timing,
}

impl Interview {
    /// Returns the interview as its owner sees it at `now`: with the time left, and without a score
    /// while feedback is withheld.
    #[must_use]
    pub fn seen(mut self, now: Timestamp) -> Self {
        if self.timing.withheld().at(now) {
            self.progress.overall_score = None;
        }
        self.timing = self.timing.seen(now);
        self
    }
}

/// How much of an interview is answered and evaluated.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Progress {
    /// How many questions it has.
    pub questions: i32,
    /// Questions with at least one answer.
    pub answered: i32,
    /// Questions whose latest answer has a completed evaluation.
    pub evaluated: i32,
    /// Questions whose reference was shown before an answer was given.
    pub shown: i32,
    /// Questions that are neither answered nor shown.
    pub open: i32,
    /// The same as in the report; `None` while nothing is evaluated.
    pub overall_score: Option<f64>,
}

/// The most questions in a new interview, and so the most parts of a request.
pub const MOST_PARTS: usize = 10;

/// One question of a request that plans the interview question by question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What it is about.
    pub topic: String,
    /// Its level; `None`: the interview's.
    pub level: Option<Level>,
    /// The minutes meant for it; 0: not specified.
    pub minutes: u32,
}

/// A request for an interview, with its fields checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InterviewPlan {
    /// The role, 1 to 100 characters; `None` if the template gives it.
    pub role: Option<String>,
    /// How many questions, 1 to 10; 0: as many as the template or the parts have.
    pub questions: usize,
    /// The level; `None`: the template's or the default one.
    pub level: Option<Level>,
    /// Topics to choose from; empty: the server chooses.
    pub topics: Vec<String>,
    /// A job advert to tailor the questions to; may be empty.
    pub job_description: String,
    /// BCP 47 tag.
    pub language: String,
    /// The id of a ready-made interview of the bank.
    pub template_id: Option<String>,
    /// The planned questions in order; empty if the request does not plan them.
    pub parts: Vec<Part>,
    /// Its mode and time limits.
    pub conditions: Conditions,
}

/// Parses the role of an interview: 1 to 100 characters on one line.
pub fn parse_role(raw: &str) -> Result<String, InvalidValue> {
    line(raw, 1, 100, "Role must be 1 to 100 characters")
}

/// Parses the number of questions of an interview: 1 to 10.
pub fn parse_question_count(raw: i32) -> Result<usize, InvalidValue> {
    match usize::try_from(raw) {
        Ok(count @ 1..=10) => Ok(count),
        _ => Err("Number of questions must be from 1 to 10".into()),
    }
}

/// The most topics that can be chosen.
pub const MOST_TOPICS: usize = 10;

/// Parses a topic: 1 to 50 characters on one line.
pub fn parse_topic(raw: &str) -> Result<String, InvalidValue> {
    line(raw, 1, 50, "Each topic must be 1 to 50 characters")
}

/// How files that are not plain text begin, as they look when read as text.
const NO_PLAIN_TEXT: [(&str, &str); 4] = [
    ("%PDF-", "a PDF"),
    ("{\\rtf", "an RTF document"),
    ("PK\u{3}\u{4}", "a Word document"),
    ("%!PS", "a PostScript document"),
];

/// Parses a job advert: plain text of at most 20,000 characters.
pub fn parse_job_description(raw: &str) -> Result<String, InvalidValue> {
    let begins = raw.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if let Some((_, what)) = NO_PLAIN_TEXT.iter().find(|(begin, _)| begins.starts_with(begin)) {
        return Err(InvalidValue(format!(
            "Job description must be plain text, not {what}: copy the text out of it"
        )));
    }
    if without_nul(raw)?.chars().count() > 20_000 {
        return Err("Job description must be at most 20,000 characters".into());
    }
    if !raw.trim().is_empty() && !is_visible(raw) {
        return Err("Job description must contain visible characters".into());
    }
    Ok(raw.to_owned())
}

/// Parses a BCP 47 tag, checking only its shape; empty means "en".
pub fn parse_language(raw: &str) -> Result<String, InvalidValue> {
    if raw.is_empty() {
        return Ok("en".to_owned());
    }
    let shaped = raw.len() <= 35
        && raw.split('-').enumerate().all(|(at, part)| {
            let long_enough = if at == 0 { 2 } else { 1 };
            (long_enough..=8).contains(&part.len())
                && part.chars().all(|c| {
                    if at == 0 { c.is_ascii_alphabetic() } else { c.is_ascii_alphanumeric() }
                })
        });
    if !shaped {
        return Err("Language must be a BCP 47 tag such as en or pt-BR".into());
    }
    Ok(raw.to_owned())
}

/// Whether a language tag is for a kind of English.
pub fn is_english(tag: &str) -> bool {
    tag.split('-').next().is_some_and(|language| language.eq_ignore_ascii_case("en"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_tag_is_checked_by_its_shape() {
        assert_eq!(parse_language("").unwrap(), "en");
        for good in ["en", "pt-BR", "zh-Hant-TW", "sl-rozaj-1994"] {
            assert!(parse_language(good).is_ok(), "{good}");
        }
        for bad in ["e", "english language", "en_GB", "-", "en-", "1n", &"a-".repeat(20)] {
            assert!(parse_language(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn english_is_recognised_by_the_first_subtag() {
        assert!(is_english("en") && is_english("EN-us"));
        assert!(!is_english("enm") && !is_english("de") && !is_english(""));
    }

    #[test]
    fn a_document_is_not_a_job_advert_and_invisible_text_is_not_a_role() {
        assert!(parse_job_description("We look for an engineer.").is_ok());
        let InvalidValue(pdf) = parse_job_description("%PDF-1.7\n1 0 obj").unwrap_err();
        assert!(pdf.contains("not a PDF: copy the text"), "{pdf}");
        assert!(parse_job_description("{\\rtf1\\ansi Engineer}").is_err());
        assert!(parse_job_description("\u{feff}\n{\\rtf1\\ansi Engineer}").is_err());
        assert!(parse_role("\u{200b}\u{2060}").is_err());
        assert_eq!(parse_role(" SRE ").unwrap(), "SRE");
    }

    #[test]
    fn an_interview_has_one_to_ten_questions() {
        for bad in [i32::MIN, -1, 0, 11, i32::MAX] {
            assert!(parse_question_count(bad).is_err(), "{bad}");
        }
        assert_eq!(parse_question_count(1), Ok(1));
        assert_eq!(parse_question_count(10), Ok(10));
    }
}
