//! The features of an answer against one target, the reference or a point.

use super::reply::Reply;
use super::target::{Target, TargetSentence};
use crate::alignment::recall;
use crate::model::dot;
use crate::model::features::features;
use crate::passage::{Passage, StemSet, Term};

features! {
    /// What the mark by the reference is made of.
    ///
    /// "Recall" is the share of the target that the answer says, "precision" the share of the
    /// answer that the target says. "Lexical" counts equal stems, "soft" counts words of like
    /// meaning too.
    pub struct ReferenceFeatures {
        /// Lexical recall of what the question does not give away.
        pub lex_rec,
        /// Lexical precision of what the question does not give away.
        pub lex_prec,
        /// Lexical recall of everything.
        pub lex_rec_full,
        /// Soft recall of what the question does not give away.
        pub soft_rec,
        /// Soft precision of what the question does not give away.
        pub soft_prec,
        /// Soft recall of everything.
        pub soft_rec_full,
        /// The cosine of target and answer.
        pub cos_ra,
        /// The cosine of target and answer without the words of the question.
        pub cos_ra_dem,
        /// The cosine of question and answer.
        pub cos_qa,
        /// The Dice coefficient of the sequences of four letters.
        pub char_dice,
        /// The logarithm of the answer's length relative to the target's.
        pub len_ratio,
        /// The same, but at most 0: how much too short the answer is.
        pub len_short,
        /// The logarithm of the number of content words.
        pub log_len,
        /// The share of the content words that the question has as well.
        pub q_copy,
        /// 1 where one of the two denies and the other does not.
        pub neg_mis,
        /// How many words are turned into an antonym, at most 3.
        pub ant,
        /// The share of the target's numbers that the answer has.
        pub num_rec,
        /// How near the answer's nearest sentence lies to each of the target's, on average.
        pub sent_mean,
        /// The same for the target's sentence that is said worst.
        pub sent_min,
        /// The share of the target's pairs of neighbouring words that the answer has.
        pub bigram,
        /// How much the answer lacks function words.
        pub stuff,
        /// How much of the soft recall is not lexical.
        pub rec_gap,
        /// Lexical precision less the share copied from the question.
        pub prec_novel,
        /// The share of the target whose nearest sentence in the answer denies the opposite.
        pub negf,
        /// `negf` times the soft recall.
        pub negx,
        /// `ant` times the soft recall.
        pub antx,
        /// `stuff` times the soft recall.
        pub stuffx,
        /// The mean soft recall of the target's sentences.
        pub ss_mean,
        /// The soft recall of the sentence that is said worst.
        pub ss_min,
        /// A long run of words without function words, times the soft recall.
        pub run,
        /// The share of the target that the answer copies in nearly the same words but denies.
        pub negcopy,
    }
}

impl ReferenceFeatures {
    pub(super) fn new(reply: &Reply<'_>, target: &Target) -> Self {
        let mut features = Self::default();
        features.compare_words(reply, target);
        features.compare_directions(reply, target);
        features.measure_form(reply, target);
        features.compare_sentences(reply, target);
        features.combine();
        features
    }

    fn compare_words(&mut self, reply: &Reply<'_>, target: &Target) {
        let (ours, theirs) = (&reply.profile, &target.profile);
        self.lex_rec = lexical_recall(&theirs.novel, &ours.stems);
        self.lex_prec = lexical_recall(&ours.novel, &theirs.stems);
        self.lex_rec_full = lexical_recall(&theirs.distinct, &ours.stems);
        self.soft_rec = soft_recall(&theirs.novel, &reply.reach);
        self.soft_prec = weighted_mean(&ours.novel, |term| {
            f64::from(reply.alignment.best_in(term.slot, &theirs.distinct))
        });
        self.soft_rec_full = soft_recall(&theirs.distinct, &reply.reach);
        self.char_dice = dice(&ours.grams, &theirs.grams);
        self.bigram =
            shared(&theirs.bigrams, &ours.bigrams) as f64 / theirs.bigrams.len().max(1) as f64;
        self.neg_mis = f64::from(u8::from(ours.denies != theirs.denies));
        self.ant = theirs.antonyms.reversed_in(ours.antonyms).min(3) as f64;
        self.num_rec = match target.numbers.len() {
            0 => 1.0,
            all => shared(&target.numbers, &reply.in_rubric) as f64 / all as f64,
        };
    }

    fn compare_directions(&mut self, reply: &Reply<'_>, target: &Target) {
        let (ours, theirs) = (&reply.profile, &target.profile);
        self.cos_ra = f64::from(dot(&theirs.pool, &ours.pool));
        self.cos_ra_dem = f64::from(dot(&theirs.novel_pool, &ours.novel_pool));
        self.cos_qa = f64::from(dot(&reply.asked.pool, &ours.pool));
        let nearest = |sentence: &TargetSentence| {
            let cosines = reply.pools.iter().map(|pool| dot(pool, &sentence.pool));
            f64::from(cosines.fold(f32::NEG_INFINITY, f32::max))
        };
        (self.sent_mean, self.sent_min) = mean_and_min(target.sentences.iter().map(nearest));
    }

    fn measure_form(&mut self, reply: &Reply<'_>, target: &Target) {
        let (ours, theirs) = (reply.profile.content_len, target.profile.content_len.max(1));
        self.len_ratio = ((ours + 1) as f64 / (theirs + 1) as f64).ln();
        self.len_short = self.len_ratio.min(0.0);
        self.log_len = ((ours + 1) as f64).ln();
        self.q_copy = reply.from_question;
        if reply.words >= 10 {
            self.stuff = (0.22 - reply.stop_share).max(0.0) * 4.0;
        }
    }

    /// Each sentence of the target against the answer and against the answer's nearest sentence.
    fn compare_sentences(&mut self, reply: &Reply<'_>, target: &Target) {
        let sentences =
            target.sentences.iter().filter(|sentence| !sentence.content.terms.is_empty());
        let sentences: Vec<_> = sentences.collect();
        let recalls =
            sentences.iter().map(|sentence| recall(&sentence.content, &reply.sentence_reach));
        (self.ss_mean, self.ss_min) = mean_and_min(recalls);
        let total: f64 = sentences.iter().map(|sentence| sentence.content.total).sum();
        let (mut denied, mut copied) = (0.0, 0.0);
        for sentence in sentences {
            let Some(nearest) = nearest_sentence(reply, sentence) else {
                continue;
            };
            if nearest.denies != sentence.content.denies {
                denied += sentence.content.total;
                if is_near_copy(&sentence.content.stems, &nearest.stems) {
                    copied += sentence.content.total;
                }
            }
        }
        if total > 0.0 {
            self.negf = denied / total;
            self.negcopy = copied / total;
        }
        self.run = (reply.longest_run.saturating_sub(6) as f64 / 8.0).min(1.0);
    }

    fn combine(&mut self) {
        self.rec_gap = self.soft_rec - self.lex_rec;
        self.prec_novel = self.lex_prec - self.q_copy;
        self.negx = self.negf * self.soft_rec_full;
        self.antx = self.ant.min(2.0) * self.soft_rec_full;
        self.stuffx = self.stuff * self.soft_rec_full;
        self.run *= self.soft_rec_full;
    }
}

/// The answer's sentence whose content lies nearest; the first one where several do.
fn nearest_sentence<'a>(reply: &'a Reply<'_>, sentence: &TargetSentence) -> Option<&'a Passage> {
    let mut nearest: Option<(f32, &Passage)> = None;
    for ours in &reply.sentences {
        let cosine = dot(&ours.content_pool, &sentence.content_pool);
        if nearest.is_none_or(|(best, _)| cosine > best) {
            nearest = Some((cosine, &ours.content));
        }
    }
    nearest.map(|(_, passage)| passage)
}

fn is_near_copy(one: &StemSet, other: &StemSet) -> bool {
    let (shared, all) = one.overlap(other);
    shared as f64 >= 0.7 * all as f64
}

fn lexical_recall(terms: &[Term], stems: &StemSet) -> f64 {
    weighted_mean(terms, |term| f64::from(u8::from(stems.contains(term.stem))))
}

fn soft_recall(terms: &[Term], reach: &[f32]) -> f64 {
    weighted_mean(terms, |term| f64::from(reach[term.slot]))
}

/// The mean over terms by their weights; 0 without any.
fn weighted_mean(terms: &[Term], value: impl Fn(&Term) -> f64) -> f64 {
    let total: f64 = terms.iter().map(|term| term.weight).sum();
    let sum: f64 = terms.iter().map(|term| term.weight * value(term)).sum();
    if total > 0.0 { sum / total } else { 0.0 }
}

/// Mean and smallest of some values; 0 without any.
fn mean_and_min(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let values: Vec<_> = values.collect();
    if values.is_empty() {
        return (0.0, 0.0);
    }
    let sum: f64 = values.iter().sum();
    (sum / values.len() as f64, values.into_iter().fold(f64::INFINITY, f64::min))
}

/// Twice the shared ones over all of both sorted sets.
fn dice<T: Ord>(a: &[T], b: &[T]) -> f64 {
    2.0 * shared(b, a) as f64 / (a.len() + b.len()).max(1) as f64
}

/// How many of these values the sorted ones contain.
fn shared<T: Ord>(values: &[T], sorted: &[T]) -> usize {
    values.iter().filter(|value| sorted.binary_search(value).is_ok()).count()
}
