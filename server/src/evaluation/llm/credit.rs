//! What the quotes of a reply are worth, once it is known whether each shows its point.

use super::{
    quotes::{Quoted, missing},
    thresholds::{MOST_POINTS_OF_A_QUOTE, POSSIBLE_FROM, SHOWN_FROM},
};
use crate::domain::{evaluation::KeyPointResult, question::Rubric};

/// What is known of a quote.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum QuoteVerdict {
    /// The probability that its passage, read alone, shows the point.
    Judged(f64),
    /// The same, if the built-in grader finds the point in the answer as a whole.
    FoundInAnswer(f64),
    /// The same, if the built-in grader, reading the whole answer, finds the point in this passage.
    FoundInPassage(f64),
    /// It is part of a story that the question asks for.
    InStory,
    /// It claims nothing: it is a bare list of terms, or speaks to the reader.
    ClaimsNothing,
    /// Unknown, because there is no translation.
    Untranslated,
}

/// What the quotes of a reply show.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Credit {
    /// The rubric's points, with credit if a quote shows them or cannot be verified.
    pub(super) key_points: Vec<KeyPointResult>,
    /// Whether any credit is based on an unverified quote.
    pub(super) is_unverified: bool,
}

/// The points of the rubric, with the credit that the quotes earn.
pub(super) fn award(
    rubric: &Rubric,
    answer: &str,
    quoted: &[Quoted],
    verdicts: &[QuoteVerdict],
) -> Credit {
    let mut credit = Credit { key_points: missing(rubric), is_unverified: false };
    let mut credited: Vec<&Quoted> = Vec::new();
    for (quoted, verdict) in surest_first(rubric, quoted, verdicts) {
        let same = credited.iter().filter(|known| overlap(known, quoted)).count();
        if !verdict.shows() || same >= MOST_POINTS_OF_A_QUOTE {
            continue;
        }
        let Some(result) = credit.key_points.get_mut(quoted.point) else { continue };
        result.coverage = quoted.coverage;
        answer.get(quoted.place.clone()).unwrap_or_default().clone_into(&mut result.evidence);
        result.confidence = verdict.confidence();
        credit.is_unverified |= verdict == QuoteVerdict::Untranslated;
        credited.push(quoted);
    }
    credit
}

/// Quotes in the order in which they are credited: the likeliest first and, among equals, the point
/// with the highest weight.
fn surest_first<'a>(
    rubric: &Rubric,
    quoted: &'a [Quoted],
    verdicts: &[QuoteVerdict],
) -> Vec<(&'a Quoted, QuoteVerdict)> {
    let mut order: Vec<_> = quoted.iter().zip(verdicts.iter().copied()).collect();
    let weight = |quoted: &Quoted| rubric.key_points.get(quoted.point).map_or(0.0, |p| p.weight);
    order.sort_by(|(a, said_of_a), (b, said_of_b)| {
        let sureness = |verdict: &QuoteVerdict| verdict.confidence().unwrap_or_default();
        sureness(said_of_b).total_cmp(&sureness(said_of_a)).then(weight(b).total_cmp(&weight(a)))
    });
    order
}

impl QuoteVerdict {
    fn shows(self) -> bool {
        match self {
            Self::Judged(shown) => shown >= SHOWN_FROM,
            Self::FoundInAnswer(shown) => shown >= POSSIBLE_FROM,
            Self::FoundInPassage(_) | Self::InStory | Self::Untranslated => true,
            Self::ClaimsNothing => false,
        }
    }

    fn confidence(self) -> Option<f64> {
        match self {
            Self::Judged(shown) | Self::FoundInAnswer(shown) | Self::FoundInPassage(shown) => {
                Some(shown)
            }
            Self::InStory | Self::ClaimsNothing | Self::Untranslated => None,
        }
    }
}

fn overlap(one: &Quoted, other: &Quoted) -> bool {
    one.place.start < other.place.end && other.place.start < one.place.end
}
