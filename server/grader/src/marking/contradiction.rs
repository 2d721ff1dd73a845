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

/// Whether exactly two of the shared terms, not neighbours, have changed places. "Read by the client"
/// and "the client reads" mean the same, so a "by" excuses it.
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
