//! Prose: whether an answer is written in sentences or is a list of keywords in disguise.

use crate::marking::Reading;
use crate::prepared::Prepared;
use crate::signals::AnswerSignals;
use std::collections::HashSet;

/// The least that is left of a list.
const FLOOR: f64 = 0.1;

/// 1 for prose, down to [`FLOOR`] for a list of keywords, with or without glue between them.
pub(super) fn factor(prepared: &Prepared, reading: &Reading<'_>, signals: &AnswerSignals) -> f64 {
    // Without key points the question may ask for a list or a name, and a few words do.
    let shortest = if prepared.has_key_points { 4 } else { 10 };
    if reading.answer.tokens.len() < shortest {
        return 1.0;
    }
    let glue = Glue::new(reading);
    let bare = 1.0 - rise(signals.list, 0.6, 0.9);
    let (low, high) = if prepared.has_key_points { (0.15, 0.28) } else { (0.05, 0.15) };
    let prose = bare.min(rise(glue.share(), low, high)).min(glue.variety()).min(glue.rhythm());
    FLOOR + (1.0 - FLOOR) * prose
}

/// How the function words of an answer hold its content words together.
struct Glue {
    words: usize,
    function_words: usize,
    distinct: usize,
    /// Runs of content words, and those of at least two.
    runs: usize,
    long_runs: usize,
}

impl Glue {
    fn new(reading: &Reading<'_>) -> Self {
        let class = |id| reading.answer.lexicon.word(id).class;
        let words: Vec<_> = reading.answer.tokens.iter().map(|token| token.word).collect();
        let is_function = |id: &u32| class(*id).stop || class(*id).negates();
        let function_words: Vec<_> = words.iter().filter(|id| is_function(id)).collect();
        let runs = || words.split(is_function).filter(|run| !run.is_empty());
        Self {
            words: words.len(),
            function_words: function_words.len(),
            distinct: function_words.iter().collect::<HashSet<_>>().len(),
            runs: runs().count(),
            long_runs: runs().filter(|run| run.len() >= 2).count(),
        }
    }

    /// Prose needs function words: a third of it and more.
    fn share(&self) -> f64 {
        self.function_words as f64 / self.words.max(1) as f64
    }

    /// Prose needs many different ones, in proportion to the square root of their number.
    fn variety(&self) -> f64 {
        if self.function_words < 4 {
            return 1.0;
        }
        rise(self.distinct as f64 / (self.function_words as f64).sqrt(), 0.8, 1.4)
    }

    /// Prose has no fixed rhythm; keywords with glue between them stand one by one.
    fn rhythm(&self) -> f64 {
        if self.runs < 10 {
            return 1.0;
        }
        rise(self.long_runs as f64 / self.runs.max(1) as f64, 0.0, 0.08)
    }
}

fn rise(value: f64, low: f64, high: f64) -> f64 {
    ((value - low) / (high - low)).clamp(0.0, 1.0)
}
