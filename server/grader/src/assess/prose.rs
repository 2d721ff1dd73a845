//! Prose: whether an answer is written in sentences or is a list of keywords in disguise.

use crate::lexicon::WordId;
use crate::marking::Reading;
use crate::prepared::Prepared;
use crate::scale::rise;
use crate::signals::AnswerSignals;
use std::collections::HashSet;

/// The least that is left of a list.
const FLOOR: f64 = 0.1;

// What is asked of the form of an answer to a question with key points, which asks for sentences.
// Labelled answers in prose have a share above 0.31 and a variety above 0.55, lists in disguise a
// variety below 0.3.

/// Shorter answers may be bare enumerations.
const WORDS: usize = 4;
/// From where to where the share of function words counts.
const SHARE: (f64, f64) = (0.15, 0.28);
/// With fewer joints their variety says nothing.
const JOINTS: usize = 2;
/// From where to where the variety of the joints counts.
const VARIETY: (f64, f64) = (0.2, 0.45);

/// 1 for prose, down to [`FLOOR`] for a list of keywords, with or without glue between them.
pub(super) fn factor(prepared: &Prepared, reading: &Reading<'_>, signals: &AnswerSignals) -> f64 {
    if !prepared.has_key_points {
        // Such a question may ask for a name or an enumeration. The reference mark has a guard of its
        // own against keyword lists; this one cost .07 of r on 559 exam answers.
        return 1.0;
    }
    let glue = Glue::new(reading);
    let mut prose = glue.rhythm().map_or(1.0, |rhythm| rise(rhythm, (0.0, 0.08)));
    if glue.joints >= JOINTS {
        prose = prose.min(rise(glue.variety(), VARIETY));
    }
    if glue.words >= WORDS {
        let bare = rise(signals.list, (0.6, 0.9));
        prose = prose.min(1.0 - bare).min(rise(glue.share(), SHARE));
    }
    FLOOR + (1.0 - FLOOR) * prose
}

/// How the function words of an answer hold its content words together.
struct Glue {
    words: usize,
    function_words: usize,
    /// Runs of function words between content words, and the distinct ones among them.
    joints: usize,
    distinct_joints: usize,
    /// Runs of content words, and those of at least two.
    runs: usize,
    long_runs: usize,
}

impl Glue {
    fn new(reading: &Reading<'_>) -> Self {
        let is_function = |id: &WordId| !reading.answer.lexicon.word(*id).class.is_content();
        let words: Vec<_> = reading.answer.tokens.iter().map(|token| token.word).collect();
        let pieces: Vec<_> = words.chunk_by(|a, b| is_function(a) == is_function(b)).collect();
        let runs = || pieces.iter().filter(|piece| !is_function(&piece[0]));
        // What stands before the first content word or behind the last one joins nothing.
        let inner = pieces.get(1..pieces.len().saturating_sub(1)).unwrap_or_default();
        let joints: Vec<_> = inner.iter().filter(|piece| is_function(&piece[0])).collect();
        Self {
            words: words.len(),
            function_words: words.iter().filter(|id| is_function(id)).count(),
            joints: joints.len(),
            distinct_joints: joints.iter().collect::<HashSet<_>>().len(),
            runs: runs().count(),
            long_runs: runs().filter(|run| run.len() >= 2).count(),
        }
    }

    /// Prose needs function words: a third of it and more.
    fn share(&self) -> f64 {
        self.function_words as f64 / self.words.max(1) as f64
    }

    /// Prose joins its content words in ever different ways: 0 where all joints are alike, 1 where
    /// no two are. It takes two joints to say so.
    fn variety(&self) -> f64 {
        (self.distinct_joints - 1) as f64 / (self.joints - 1) as f64
    }

    /// Prose has no fixed rhythm; keywords with glue between them stand one by one.
    fn rhythm(&self) -> Option<f64> {
        (self.runs >= 10).then(|| self.long_runs as f64 / self.runs as f64)
    }
}
