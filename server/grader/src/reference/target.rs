//! Targets: a question and the statements that an answer to it is compared with.

use super::profile::Profile;
use super::text::{Text, pool_terms, pool_words};
use crate::lexicon::{Lexicon, WordId};
use crate::model::Vector;
use crate::passage::{Passage, StemSet};
use crate::text::tokens::tokenise;

/// The question, as the mark by the reference sees it.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) stems: StemSet,
    pub(crate) content_stems: StemSet,
    pub(crate) pool: Vector,
}

impl Asked {
    pub(crate) fn new(lexicon: &mut Lexicon<'static>, question: &str) -> Self {
        let words: Vec<_> =
            tokenise(question, |word| lexicon.intern(word)).into_iter().map(|t| t.word).collect();
        Self {
            stems: words.iter().map(|word| lexicon.word(*word).stem).collect(),
            content_stems: Passage::new(words.iter().copied(), lexicon, &StemSet::default()).stems,
            pool: pool_words(lexicon, &words),
        }
    }
}

/// A sentence of a target.
#[derive(Debug)]
pub(crate) struct TargetSentence {
    /// Its content words; those of the question count a quarter.
    pub(crate) content: Passage,
    /// The direction of its content words, those of the question at full weight.
    pub(crate) content_pool: Vector,
    /// The direction of all its words.
    pub(crate) pool: Vector,
}

/// A statement that the answer should make: the reference or one point.
#[derive(Debug)]
pub(crate) struct Target {
    /// The whole; what the question gives away is not novel, unless it gives away everything.
    pub(crate) profile: Profile,
    /// The distinct numbers.
    pub(crate) numbers: Vec<WordId>,
    pub(crate) sentences: Vec<TargetSentence>,
}

impl Target {
    pub(crate) fn new(lexicon: &Lexicon<'static>, asked: &Asked, text: &Text) -> Self {
        let mut profile = Profile::new(lexicon, asked, text);
        if profile.novel.is_empty() {
            profile.novel.clone_from(&profile.distinct);
            profile.novel_pool = pool_terms(lexicon, &profile.novel);
        }
        let is_number = |id: &WordId| lexicon.word(*id).class.number;
        let mut numbers: Vec<_> = text.words().iter().copied().filter(is_number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let sentences = text.sentence_words().take(12);
        let sentences = sentences.map(|words| sentence(lexicon, asked, words));
        Self { profile, numbers, sentences: sentences.collect() }
    }
}

fn sentence(lexicon: &Lexicon<'static>, asked: &Asked, words: &[WordId]) -> TargetSentence {
    let content = Passage::new(words.iter().copied(), lexicon, &asked.stems);
    let content_pool = pool_terms(lexicon, &content.terms);
    TargetSentence { content, content_pool, pool: pool_words(lexicon, words) }
}
