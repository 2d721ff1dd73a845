//! Two ways from any number to one between 0 and 1.

/// From 0 at the lower limit in a straight line to 1 at the upper one.
pub(crate) fn rise(value: f64, (low, high): (f64, f64)) -> f64 {
    ((value - low) / (high - low)).clamp(0.0, 1.0)
}

/// The probability with these log-odds.
pub(crate) fn probability(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds.clamp(-40.0, 40.0)).exp())
}
