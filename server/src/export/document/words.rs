//! Numbers, days and counts, worded as on the screens.

use viva_text::neutral_line;

use crate::domain::{clock::Timestamp, score::Dimension};

/// Formats the day of a moment in UTC: `23 November 2026`.
pub(super) fn day(at: Timestamp) -> String {
    at.in_calendar().strftime("%-d %B %Y").to_string()
}

/// Formats a score with one decimal, rounded down, so that it never reads "7.0 fair".
pub(super) fn score(score: f64) -> String {
    // The small addend corrects binary rounding: 7.4 is stored as slightly less.
    format!("{:.1}", (score.clamp(0.0, 10.0) * 10.0 + 1e-6).floor() / 10.0)
}

/// Returns the name of a dimension, capitalised for the beginning of a line.
pub(super) fn name(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Correctness => "Correctness",
        Dimension::Completeness => "Completeness",
        Dimension::Quality => "Quality",
        Dimension::Communication => "Communication",
    }
}

/// Formats a count with its noun, in the plural if needed.
pub(super) fn count(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

/// Makes a text a sentence on one line: adds a full stop unless it ends with punctuation.
pub(super) fn sentence(text: &str) -> String {
    let mut line = neutral_line(text);
    if !line.is_empty() && !line.ends_with(['.', '!', '?', '…', '。']) {
        line.push('.');
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_scores_and_counts_read_as_on_the_screens() {
        assert_eq!(day(Timestamp::from_micros(1_795_392_000_000_000)), "23 November 2026");
        assert_eq!(day(Timestamp::from_micros(0)), "1 January 1970");
        assert_eq!(
            [score(6.96), score(7.4), score(10.0), score(0.0)],
            ["6.9", "7.4", "10.0", "0.0"]
        );
        assert_eq!([count(1, "answer"), count(0, "answer")], ["1 answer", "0 answers"]);
        assert_eq!([sentence(" it is\ndown "), sentence("Is it?")], ["it is down.", "Is it?"]);
    }
}
