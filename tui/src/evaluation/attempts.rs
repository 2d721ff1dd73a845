//! Two attempts at a question, side by side: the words for what changed, on the screen and line by line.

use viva_proto::v1::{AttemptVerdict, CompareAttemptsResponse, PointChange, PointComparison};

use crate::words;

/// Whether the later attempt is better, in a sentence.
pub(crate) const fn verdict(verdict: AttemptVerdict) -> &'static str {
    match verdict {
        AttemptVerdict::Better => "Better, by more than the grader's margin of error.",
        AttemptVerdict::Worse => "Worse, by more than the grader's margin of error.",
        AttemptVerdict::NoClearDifference => {
            "The difference is within the grader's margin of error, so it may be chance."
        }
        AttemptVerdict::Unspecified => "The two scores cannot be compared, but the points can.",
    }
}

/// The points that changed in this way.
pub(crate) fn with(
    compared: &CompareAttemptsResponse,
    change: PointChange,
) -> impl Iterator<Item = &PointComparison> {
    compared.points.iter().filter(move |point| point.change() == change)
}

/// Which attempt is the best and which the latest, with their scores; `None` if they are the same.
pub(crate) fn best_and_latest(compared: &CompareAttemptsResponse) -> Option<String> {
    let latest = compared.attempts.last()?;
    let best = compared.attempts.iter().find(|attempt| attempt.attempt == compared.best_attempt)?;
    let score = best.score?;
    if best.attempt == latest.attempt {
        return None;
    }
    let latest_score = latest.score.map_or_else(|| "no score yet".to_owned(), words::score);
    Some(format!(
        "Your best is attempt {}: {}. Your latest is attempt {}: {latest_score}.",
        best.attempt,
        words::score(score),
        latest.attempt
    ))
}

#[cfg(test)]
mod tests {
    use viva_proto::v1::Attempt;

    use super::*;

    fn attempts(scores: &[Option<f64>], best_attempt: i32) -> CompareAttemptsResponse {
        let attempt = |(score, attempt): (&Option<f64>, i32)| Attempt {
            attempt,
            score: *score,
            ..Attempt::default()
        };
        let attempts = scores.iter().zip(1..).map(attempt).collect();
        CompareAttemptsResponse { attempts, best_attempt, ..CompareAttemptsResponse::default() }
    }

    #[test]
    fn the_best_attempt_is_named_unless_it_is_the_latest() {
        assert_eq!(best_and_latest(&attempts(&[Some(5.0), Some(7.25)], 2)), None);
        assert_eq!(
            best_and_latest(&attempts(&[Some(7.25), Some(5.0)], 1)).unwrap(),
            "Your best is attempt 1: 7.2. Your latest is attempt 2: 5.0."
        );
        assert!(
            best_and_latest(&attempts(&[Some(7.0), None], 1)).unwrap().ends_with("no score yet.")
        );
    }
}
