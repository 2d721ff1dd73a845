//! Replies: an answer as the mark by the reference sees it, without instructions to the grader.

use super::profile::Profile;
use super::target::Asked;
use super::text::{Text, pool_terms, pool_words};
use crate::alignment::Alignment;
use crate::answer::Answer;
use crate::lexicon::{Lexicon, WordId};
use crate::model::Vector;
use crate::passage::{Passage, StemSet};

/// What the features are computed from, for any target of the same question.
pub(crate) struct Reply<'a> {
    pub(crate) asked: &'a Asked,
    pub(crate) profile: Profile,
    pub(crate) alignment: &'a Alignment,
    /// The number of words.
    pub(crate) words: usize,
    /// The words that the rubric has as well, sorted.
    pub(crate) in_rubric: Vec<WordId>,
    /// The share of the content words that the question has as well.
    pub(crate) from_question: f64,
    /// The share of function words.
    pub(crate) stop_share: f64,
    /// The longest run of words without a function word.
    pub(crate) longest_run: usize,
    /// The directions of the first sentences and of the whole.
    pub(crate) pools: Vec<Vector>,
    pub(crate) sentences: Vec<ReplySentence>,
    /// How well the distinct content words say each word of the rubric.
    pub(crate) reach: Vec<f32>,
    /// How well the content words of the sentences do.
    pub(crate) sentence_reach: Vec<f32>,
    content_stems: StemSet,
}

/// A sentence of an answer.
pub(crate) struct ReplySentence {
    pub(crate) content: Passage,
    /// The direction of its content words.
    pub(crate) content_pool: Vector,
}

impl<'a> Reply<'a> {
    pub(crate) fn new(asked: &'a Asked, answer: &'a Answer<'_>) -> Self {
        let (lexicon, alignment, text) = (&answer.lexicon, &answer.alignment, &answer.reply);
        let profile = Profile::new(lexicon, asked, text);
        let pools = text.sentence_words().take(30).map(|words| pool_words(lexicon, words));
        let pools: Vec<_> = pools.chain([profile.pool]).collect();
        let sentences: Vec<_> =
            text.sentence_words().take(40).map(|words| sentence(lexicon, asked, words)).collect();
        let said = sentences.iter().flat_map(|sentence| &sentence.content.terms);
        let all = Passage::new(text.words().iter().copied(), lexicon, &StemSet::default());
        let mut in_rubric: Vec<_> =
            text.words().iter().filter_map(|id| lexicon.word(*id).in_rubric).collect();
        in_rubric.sort_unstable();
        Self {
            asked,
            words: text.words().len(),
            in_rubric,
            from_question: share_in_question(lexicon, asked, text),
            stop_share: stop_share(lexicon, text),
            longest_run: longest_run(lexicon, text),
            reach: alignment.reach(profile.distinct.iter().map(|term| term.slot)),
            sentence_reach: alignment.reach(said.map(|term| term.slot)),
            content_stems: all.stems,
            profile,
            alignment,
            pools,
            sentences,
        }
    }

    /// The content stems that question and answer share, relative to all of theirs.
    pub(crate) fn question_overlap(&self) -> f64 {
        let (shared, all) = self.content_stems.overlap(&self.asked.content_stems);
        shared as f64 / all.max(1) as f64
    }
}

fn sentence(lexicon: &Lexicon<'_>, asked: &Asked, words: &[WordId]) -> ReplySentence {
    let content = Passage::new(words.iter().copied(), lexicon, &asked.stems);
    ReplySentence { content_pool: pool_terms(lexicon, &content.terms), content }
}

/// The share of the content words, repetitions counted, whose stem the question has; 1 without any.
fn share_in_question(lexicon: &Lexicon<'_>, asked: &Asked, text: &Text) -> f64 {
    let (mut all, mut shared) = (0_usize, 0_usize);
    for word in text.words().iter().map(|id| lexicon.word(*id)).filter(|word| word.slot.is_some()) {
        all += 1;
        shared += usize::from(asked.stems.contains(word.stem));
    }
    if all == 0 { 1.0 } else { shared as f64 / all as f64 }
}

fn stop_share(lexicon: &Lexicon<'_>, text: &Text) -> f64 {
    let stops = text.words().iter().filter(|id| lexicon.word(**id).class.stop).count();
    stops as f64 / text.words().len().max(1) as f64
}

fn longest_run(lexicon: &Lexicon<'_>, text: &Text) -> usize {
    let runs = text.words().split(|id| lexicon.word(*id).class.stop);
    runs.map(<[_]>::len).max().unwrap_or(0)
}
