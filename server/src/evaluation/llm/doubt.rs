//! When a reading is doubted: the answer is read again, and one of the two readings counts.

use super::{
    baseline::Baseline,
    check::{Checked, floor},
    thresholds::FAR_APART,
};

/// Why an answer is read a second time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Doubt {
    /// For a person.
    pub(super) reason: String,
    bias: Bias,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bias {
    /// The reading may be too kind.
    High,
    /// It may be too harsh.
    Low,
}

impl Doubt {
    /// The index of the reading that counts. A reading that may be too kind is never replaced by a
    /// kinder one; if it may be too harsh, the one nearer to the built-in grader counts.
    pub(super) fn standing(&self, all: &[Checked], baseline: &Baseline) -> usize {
        let own = baseline.findings.scores.mean();
        let rank = |at: &usize| {
            let mean = all[*at].scores.mean();
            if self.bias == Bias::Low { (mean - own).abs() } else { mean }
        };
        (0..all.len()).min_by(|a, b| rank(a).total_cmp(&rank(b))).unwrap_or(0)
    }

    /// The note about it, for a person.
    pub(super) fn note(&self) -> String {
        let which = match self.bias {
            Bias::High => "the lower reading",
            Bias::Low => "the reading nearer to the built-in grader's",
        };
        format!("{} It was read a second time; {which} stands.", self.reason)
    }
}

/// Why a reading is doubted; `None` if it is not.
pub(super) fn doubt(checked: &Checked, baseline: &Baseline) -> Option<Doubt> {
    if checked.is_unsupported() {
        let reason =
            "Next to nothing that the first reading credits is shown by quotes.".to_owned();
        return Some(Doubt { reason, bias: Bias::High });
    }
    let (model, own) = (checked.scores.mean(), baseline.findings.scores.mean());
    let figures = || {
        let (model, own) = (floor(model), floor(own));
        format!("The language model ({model:.1}) and the built-in grader ({own:.1}) were far apart")
    };
    let bias = far_apart(checked, baseline)?;
    let reason = match bias {
        Bias::High => format!("{}.", figures()),
        Bias::Low => format!("{}, and the model named no mistake.", figures()),
    };
    Some(Doubt { reason, bias })
}

/// Whether a person should look at the reading that counts.
pub(super) fn is_disputed(standing: &Checked, baseline: &Baseline) -> bool {
    far_apart(standing, baseline).is_some()
}

/// Whether a reading is far from the built-in grader's result, if that grader can read the answer.
/// A lower reading may be right if it names a mistake: the built-in grader knows nothing about the
/// world.
fn far_apart(checked: &Checked, baseline: &Baseline) -> Option<Bias> {
    if !baseline.has_read {
        return None;
    }
    let above = checked.scores.mean() - baseline.findings.scores.mean();
    if above > FAR_APART {
        return Some(Bias::High);
    }
    (-above > FAR_APART && checked.claims.mistakes.is_empty()).then_some(Bias::Low)
}
