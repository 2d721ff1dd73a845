//! Contradictions: nearly the words of a true statement with the opposite meaning.

use crate::grade::Contradiction;
use crate::lexicon::StemId;
use crate::passage::{Passage, StemSet};
use std::collections::HashSet;

/// How the passage of an answer reverses a true statement, if it does. Only a near copy can.
pub(crate) fn contradiction(statement: &Passage, passage: &Passage) -> Option<Contradiction> {
    if statement.stems.len() < 3 || !is_near_copy(&statement.stems, &passage.stems) {
        None
    } else if statement.denies != passage.denies {
        Some(Contradiction::Negation)
    } else if statement.antonyms.reversed_in(passage.antonyms) > 0 {
        Some(Contradiction::Antonym)
    } else if names_other_numbers(statement, passage) {
        Some(Contradiction::Number)
    } else if swaps_two_terms(statement, passage) {
        Some(Contradiction::Order)
    } else {
        None
    }
}

/// Whether three in five of all stems are shared.
pub(crate) fn is_near_copy(one: &StemSet, other: &StemSet) -> bool {
    let (shared, all) = one.overlap(other);
    shared as f64 >= 0.6 * all as f64
}

fn names_other_numbers(statement: &Passage, passage: &Passage) -> bool {
    let (theirs, ours) = (&statement.numbers, &passage.numbers);
    !theirs.is_empty() && !ours.is_empty() && !theirs.iter().any(|number| ours.contains(number))
}

/// Whether exactly two of the shared terms, not neighbours, have changed places. "Read by the
/// client" and "the client reads" mean the same, so a "by" excuses it.
fn swaps_two_terms(statement: &Passage, passage: &Passage) -> bool {
    if statement.says_by || passage.says_by {
        return false;
    }
    let theirs = in_order(statement, &passage.stems);
    let ours = in_order(passage, &statement.stems);
    let moved: Vec<_> = (0..theirs.len()).filter(|n| theirs[*n] != ours[*n]).collect();
    matches!(moved.as_slice(), [first, second] if second - first >= 2)
}

/// The stems that both have, in the order in which the passage first says them.
fn in_order(passage: &Passage, shared: &StemSet) -> Vec<StemId> {
    let mut seen = HashSet::new();
    let stems = passage.terms.iter().map(|term| term.stem);
    stems.filter(|stem| shared.contains(*stem) && seen.insert(*stem)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;
    use crate::text::tokens::tokenise;

    fn found(statement: &str, answer: &str) -> Option<Contradiction> {
        let mut lexicon = Lexicon::default();
        let mut passage = |text: &str| {
            let tokens = tokenise(text, |word| lexicon.intern(word));
            Passage::new(tokens.into_iter().map(|token| token.word), &lexicon, &StemSet::default())
        };
        contradiction(&passage(statement), &passage(answer))
    }

    #[test]
    fn a_near_copy_that_reverses_the_statement_is_found_by_the_way_it_does() {
        let statement = "the client sends the request before the server answers in 5 seconds";
        let cases = [
            ("the client sends the request before the server answers in 5 seconds", None),
            (
                "the client does not send the request before the server answers in 5 seconds",
                Some(Contradiction::Negation),
            ),
            (
                "the client sends the request after the server answers in 5 seconds",
                Some(Contradiction::Antonym),
            ),
            (
                "the client sends the request before the server answers in 9 seconds",
                Some(Contradiction::Number),
            ),
            (
                "the server sends the request before the client answers in 5 seconds",
                Some(Contradiction::Order),
            ),
            ("the client never waits", None),
        ];
        for (answer, expected) in cases {
            assert_eq!(found(statement, answer), expected, "{answer}");
        }
    }
}
