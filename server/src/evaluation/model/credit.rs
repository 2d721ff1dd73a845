//! What the quotes of a reply are worth, once it is known of each whether it shows its point.

use super::{
    quotes::{Quoted, missing},
    thresholds::{MOST_POINTS_OF_A_QUOTE, POSSIBLE_FROM, SHOWN_FROM},
};
use crate::domain::{evaluation::KeyPointResult, question::Rubric};

/// What is known of a quote.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Word {
    /// How likely its passage, read alone, shows the point.
    Judged(f64),
    /// The same where the built-in grader finds the point in the answer as a whole.
    Found(f64),
    /// The same where the built-in grader, reading the whole answer, finds the point in this passage.
    Seen(f64),
    /// It belongs to a story, where one is asked for.
    Told,
    /// It claims nothing: it is a bare list of terms, or speaks to whoever reads it.
    Nothing,
    /// Nobody can say: no English was to be had.
    Unread,
}

/// What the quotes of a reply come to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Heard {
    /// The rubric's points, with credit where a quote shows it or nobody can say.
    pub(super) key_points: Vec<KeyPointResult>,
    /// Whether any credit rests on a quote of which nobody can say.
    pub(super) is_unverified: bool,
}

/// The points of the rubric with what the quotes show of them.
pub(super) fn weigh(rubric: &Rubric, answer: &str, quoted: &[Quoted], words: &[Word]) -> Heard {
    let mut heard = Heard { key_points: missing(rubric), is_unverified: false };
    let mut credited: Vec<&Quoted> = Vec::new();
    for (quoted, word) in surest_first(rubric, quoted, words) {
        let same = credited.iter().filter(|known| overlap(known, quoted)).count();
        if !word.shows() || same >= MOST_POINTS_OF_A_QUOTE {
            continue;
        }
        let Some(result) = heard.key_points.get_mut(quoted.point) else { continue };
        result.coverage = quoted.coverage;
        answer.get(quoted.place.clone()).unwrap_or_default().clone_into(&mut result.evidence);
        result.confidence = word.confidence();
        heard.is_unverified |= word == Word::Unread;
        credited.push(quoted);
    }
    heard
}

/// Quotes in the order in which they are credited: of several points for one quote the likeliest are,
/// and among equals the heaviest.
fn surest_first<'a>(
    rubric: &Rubric,
    quoted: &'a [Quoted],
    words: &[Word],
) -> Vec<(&'a Quoted, Word)> {
    let mut order: Vec<_> = quoted.iter().zip(words.iter().copied()).collect();
    let weight = |quoted: &Quoted| rubric.key_points.get(quoted.point).map_or(0.0, |p| p.weight);
    order.sort_by(|(a, said_of_a), (b, said_of_b)| {
        let sureness = |word: &Word| word.confidence().unwrap_or_default();
        sureness(said_of_b).total_cmp(&sureness(said_of_a)).then(weight(b).total_cmp(&weight(a)))
    });
    order
}

impl Word {
    fn shows(self) -> bool {
        match self {
            Self::Judged(shown) => shown >= SHOWN_FROM,
            Self::Found(shown) => shown >= POSSIBLE_FROM,
            Self::Seen(_) | Self::Told | Self::Unread => true,
            Self::Nothing => false,
        }
    }

    fn confidence(self) -> Option<f64> {
        match self {
            Self::Judged(shown) | Self::Found(shown) | Self::Seen(shown) => Some(shown),
            Self::Told | Self::Nothing | Self::Unread => None,
        }
    }
}

fn overlap(one: &Quoted, other: &Quoted) -> bool {
    one.place.start < other.place.end && other.place.start < one.place.end
}
