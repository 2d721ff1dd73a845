//! What a person says against an evaluation: challenges of points, and self-assessments.

use super::{
    clock::Timestamp,
    evaluation::Grader,
    id::AnswerId,
    text::{is_visible, without_nul},
    violation::InvalidValue,
};

/// The most challenges of one point of an answer. With many, some words would pass by chance.
pub const MOST_CHALLENGES: usize = 5;

/// The most characters of the words that a challenge names.
const MOST_WORDS_CHARS: usize = 2000;

/// A person's claim that words of their answer make a point, with what a second reading of these
/// words found.
#[derive(Debug, Clone, PartialEq)]
pub struct Challenge {
    /// The index of the key point in the assessment.
    pub point: usize,
    /// The words, verbatim from the answer.
    pub words: String,
    /// When it was made.
    pub challenged_at: Timestamp,
    /// What stood before.
    pub first: PointReading,
    /// What was found in the words.
    pub second: PointReading,
    /// Completeness before it, and after it.
    pub completeness: (f64, f64),
}

/// What one reading found of a point.
#[derive(Debug, Clone, PartialEq)]
pub struct PointReading {
    /// 0 (missing) to 1 (fully made).
    pub coverage: f64,
    /// Verbatim from the answer; empty if nothing supports the point.
    pub evidence: String,
    /// Who read it.
    pub grader: Grader,
}

impl Challenge {
    /// Whether the second reading found more of the point than the first.
    pub fn is_upheld(&self) -> bool {
        self.second.coverage > self.first.coverage
    }
}

/// Whether a person says that they made a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SelfAssessment {
    /// They made it.
    Yes,
    /// They made a part of it.
    Partly,
    /// They did not make it.
    No,
}

impl SelfAssessment {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Yes, Self::Partly, Self::No];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Partly => "partly",
            Self::No => "no",
        }
    }
}

/// Everything that the person says about the points of an evaluation.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Remarks {
    /// Their challenges, oldest first.
    pub challenges: Vec<Challenge>,
    /// What they say about a point, by its index.
    pub said: Vec<(usize, SelfAssessment)>,
}

impl Remarks {
    /// The challenges of a point, oldest first.
    pub fn challenges_of(&self, point: usize) -> impl Iterator<Item = &Challenge> {
        self.challenges.iter().filter(move |challenge| challenge.point == point)
    }

    /// What the person says about a point.
    pub fn said_of(&self, point: usize) -> Option<SelfAssessment> {
        self.said.iter().find(|(about, _)| *about == point).map(|(_, said)| *said)
    }
}

/// A request to challenge a point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChallengeDraft {
    /// The answer.
    pub answer_id: AnswerId,
    /// The index of the key point.
    pub point: usize,
    /// The words that make it, as the person gives them.
    pub words: String,
}

/// Parses the number of a point, 1 for the first, to its index.
pub fn parse_point_number(number: i32) -> Result<usize, InvalidValue> {
    let index = number.checked_sub(1).and_then(|index| usize::try_from(index).ok());
    index.ok_or_else(|| "Point number must be 1 or more".into())
}

/// Parses the words of a challenge.
pub fn parse_words(raw: &str) -> Result<String, InvalidValue> {
    let words = without_nul(raw)?.trim();
    match words.chars().count() {
        _ if !is_visible(words) => Err("Words must contain visible characters".into()),
        0..=MOST_WORDS_CHARS => Ok(words.to_owned()),
        _ => Err("Words must be at most 2,000 characters".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_numbered_from_one() {
        assert_eq!(parse_point_number(1), Ok(0));
        assert_eq!(parse_point_number(i32::MAX), Ok(2_147_483_646));
        for number in [0, -1, i32::MIN] {
            assert!(parse_point_number(number).is_err(), "{number}");
        }
    }

    #[test]
    fn words_must_be_visible_and_of_a_readable_length() {
        assert_eq!(parse_words(" it is kept sorted\n"), Ok("it is kept sorted".to_owned()));
        assert_eq!(parse_words(&"é".repeat(2000)), Ok("é".repeat(2000)));
        for raw in ["", " \n", "\u{200b}", "a\0b", &"é".repeat(2001)] {
            assert!(parse_words(raw).is_err(), "{raw:?}");
        }
    }
}
