//! Profiles: what the features compare of a text as a whole, on either side.

use super::target::Asked;
use super::text::{Text, pool_terms, pool_words};
use crate::lexicon::{Lexicon, StemId, WordId};
use crate::model::Vector;
use crate::passage::{StemSet, Term};
use crate::text::antonyms::AntonymSet;
use std::collections::HashMap;

/// The vocabulary of a text, counted, pooled and cut into pieces.
#[derive(Debug)]
pub(crate) struct Profile {
    /// The distinct content words, one for every stem.
    pub(crate) distinct: Vec<Term>,
    /// Those of them that the question does not have.
    pub(crate) novel: Vec<Term>,
    pub(crate) stems: StemSet,
    /// The number of content words, repetitions counted.
    pub(crate) content_len: usize,
    /// The direction of all words.
    pub(crate) pool: Vector,
    /// The direction of the novel ones.
    pub(crate) novel_pool: Vector,
    /// The distinct sequences of four letters, sorted.
    pub(crate) grams: Vec<[u8; 4]>,
    /// The distinct pairs of neighbouring stems, sorted.
    pub(crate) bigrams: Vec<(StemId, StemId)>,
    pub(crate) antonyms: AntonymSet,
    /// Whether the number of negations is odd.
    pub(crate) denies: bool,
}

impl Profile {
    pub(crate) fn new(lexicon: &Lexicon<'_>, asked: &Asked, text: &Text) -> Self {
        let words = || text.words().iter().map(|id| lexicon.word(*id));
        let distinct = distinct_content(lexicon, text.words());
        let novel = distinct.iter().filter(|term| !asked.stems.contains(term.stem)).copied();
        let novel: Vec<_> = novel.collect();
        let antonyms = words().map(|word| word.class.antonyms);
        Self {
            stems: distinct.iter().map(|term| term.stem).collect(),
            content_len: words().filter(|word| word.slot.is_some()).count(),
            pool: pool_words(lexicon, text.words()),
            novel_pool: pool_terms(lexicon, &novel),
            grams: text.grams(),
            bigrams: text.bigrams(lexicon),
            antonyms: antonyms.fold(AntonymSet::default(), AntonymSet::union),
            denies: words().filter(|word| word.class.negates()).count() % 2 == 1,
            distinct,
            novel,
        }
    }
}

/// One term for every distinct stem of the content words, that of its last word, at full weight.
fn distinct_content(lexicon: &Lexicon<'_>, words: &[WordId]) -> Vec<Term> {
    let mut place: HashMap<StemId, usize> = HashMap::new();
    let mut terms: Vec<Term> = Vec::new();
    for word in words.iter().map(|id| lexicon.word(*id)) {
        let Some(slot) = word.slot else { continue };
        let term = Term { slot, stem: word.stem, weight: word.weight };
        let at = *place.entry(word.stem).or_insert(terms.len());
        if at == terms.len() {
            terms.push(term);
        } else {
            terms[at] = term;
        }
    }
    terms
}
