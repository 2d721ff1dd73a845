//! From the judge's logits to probabilities.

/// The index of the highest logit, and its value.
pub(super) fn highest(logits: &[f32]) -> Option<(usize, f64)> {
    let best = logits.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0)));
    best.map(|(at, logit)| (at, f64::from(*logit)))
}

/// The probability for these log-odds.
pub(super) fn probability(log_odds: f64) -> f64 {
    1.0 / (1.0 + exp(-log_odds.clamp(-40.0, 40.0)))
}

/// e to the power of x, using only multiplication and addition, so that every system gets the same
/// result.
#[expect(clippy::cast_possible_truncation, reason = "it is a whole number of two digits")]
fn exp(x: f64) -> f64 {
    let whole = (x * std::f64::consts::LOG2_E).floor();
    let rest = x - whole * std::f64::consts::LN_2;
    let mut sum = 1.0;
    for n in (1..=18).rev() {
        sum = 1.0 + sum * rest / f64::from(n);
    }
    sum * 2.0_f64.powi(whole as i32)
}
