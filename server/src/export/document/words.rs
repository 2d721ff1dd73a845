//! Numbers, days and counts as the screens say them.

use viva_text::neutral_line;

use crate::domain::{clock::Timestamp, score::Dimension};

/// The months' names.
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The day of a moment, in UTC: `23 November 2026`.
pub(super) fn day(at: Timestamp) -> String {
    let text = at.to_rfc3339();
    let date = text.split('T').next().unwrap_or_default();
    let mut parts = date.split('-').filter_map(|part| part.parse::<usize>().ok());
    let (Some(year), Some(month), Some(day)) = (parts.next(), parts.next(), parts.next()) else {
        return date.to_owned();
    };
    let month = MONTHS.get(month.wrapping_sub(1)).copied().unwrap_or_default();
    format!("{day} {month} {year}")
}

/// A score with one decimal, rounded down, so that "7.0 fair" is never read.
pub(super) fn score(score: f64) -> String {
    // The small addend undoes what binary fractions take off: 7.4 is stored as a little less.
    format!("{:.1}", (score.clamp(0.0, 10.0) * 10.0 + 1e-6).floor() / 10.0)
}

/// What a score is about, at the beginning of a line.
pub(super) fn name(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Correctness => "Correctness",
        Dimension::Completeness => "Completeness",
        Dimension::Quality => "Quality",
        Dimension::Communication => "Communication",
    }
}

/// A count with its noun, in the plural where it must be.
pub(super) fn count(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

/// A text as a sentence on one line: with a full stop unless it ends with a mark of its own.
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
