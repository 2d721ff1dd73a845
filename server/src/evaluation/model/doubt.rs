//! When a reading is not taken as it is: the answer is read again, and of the two readings one stands.

use super::{
    beside::Beside,
    check::{Checked, floor},
    thresholds::FAR_APART,
};

/// Why an answer is read a second time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Doubt {
    /// For a person.
    pub(super) reason: String,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The reading may be too kind.
    High,
    /// It may be too harsh.
    Low,
}

impl Doubt {
    /// Which of the readings stands. One that may have been too kind is never made good by a kinder
    /// one; of one that may have been too harsh the built-in grader is the measure.
    pub(super) fn standing(&self, all: &[Checked], beside: &Beside) -> usize {
        let own = beside.findings.scores.mean();
        let rank = |at: &usize| {
            let mean = all[*at].scores.mean();
            if self.kind == Kind::Low { (mean - own).abs() } else { mean }
        };
        (0..all.len()).min_by(|a, b| rank(a).total_cmp(&rank(b))).unwrap_or(0)
    }

    /// What is told of it.
    pub(super) fn note(&self) -> String {
        let which = match self.kind {
            Kind::High => "the lower reading",
            Kind::Low => "the reading nearer to the built-in grader's",
        };
        format!("{} It was read a second time; {which} stands.", self.reason)
    }
}

/// Why a reading is not taken as it is; none where it is.
pub(super) fn doubt(checked: &Checked, beside: &Beside) -> Option<Doubt> {
    if checked.is_unsupported() {
        let reason =
            "Next to nothing that the first reading credits is shown by quotes.".to_owned();
        return Some(Doubt { reason, kind: Kind::High });
    }
    let (model, own) = (checked.scores.mean(), beside.findings.scores.mean());
    let figures = || {
        let (model, own) = (floor(model), floor(own));
        format!("The language model ({model:.1}) and the built-in grader ({own:.1}) were far apart")
    };
    let kind = far_apart(checked, beside)?;
    let reason = match kind {
        Kind::High => format!("{}.", figures()),
        Kind::Low => format!("{}, and the model named no mistake.", figures()),
    };
    Some(Doubt { reason, kind })
}

/// Whether the reading that stands is one that somebody should look at.
pub(super) fn is_disputed(standing: &Checked, beside: &Beside) -> bool {
    far_apart(standing, beside).is_some()
}

/// Whether a reading is far from what the built-in grader makes of the answer, if it can read it. A
/// lower one may be right where it names a mistake: the built-in grader knows nothing of the world.
fn far_apart(checked: &Checked, beside: &Beside) -> Option<Kind> {
    if !beside.has_read {
        return None;
    }
    let above = checked.scores.mean() - beside.findings.scores.mean();
    if above > FAR_APART {
        return Some(Kind::High);
    }
    (-above > FAR_APART && checked.claims.mistakes.is_empty()).then_some(Kind::Low)
}
