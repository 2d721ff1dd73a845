//! A score as a bar: track, fill, number, word. Every score on the screen uses it.

use ratatui::text::Span;
use viva_proto::v1::ScoreRange;

use super::theme::Theme;
use crate::words;

/// The bar alone, this many cells wide.
pub(crate) fn bar(score: f64, cells: usize, theme: Theme) -> [Span<'static>; 2] {
    let filled = filled(score, cells);
    [
        Span::styled("━".repeat(filled), theme.score(score)),
        Span::styled("─".repeat(cells - filled), Theme::faint()),
    ]
}

/// The bar of a score with a range: full up to the range, softer within it.
pub(crate) fn ranged(
    score: f64,
    range: ScoreRange,
    cells: usize,
    theme: Theme,
) -> [Span<'static>; 3] {
    let sure = filled(range.low().min(score), cells);
    let soft = filled(range.high().max(score), cells) - sure;
    [
        Span::styled("━".repeat(sure), theme.score(score)),
        Span::styled("╍".repeat(soft), theme.score(score)),
        Span::styled("─".repeat(cells - sure - soft), Theme::faint()),
    ]
}

/// A score's number and word; the numbers are aligned.
pub(crate) fn number_and_band(score: f64) -> String {
    format!("{:>4} {}", words::score(score), words::band(score))
}

fn filled(score: f64, cells: usize) -> usize {
    let share = (score / 10.0).clamp(0.0, 1.0);
    // Between 0 and `cells`, which a screen's width bounds.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let filled = (share * cells as f64).round() as usize;
    filled.min(cells)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_is_filled_in_proportion_to_the_score() {
        assert_eq!(filled(0.0, 10), 0);
        assert_eq!(filled(7.1, 10), 7);
        assert_eq!(filled(10.0, 20), 20);
        assert_eq!(filled(f64::NAN, 20), 0);
        assert_eq!(number_and_band(10.0), "10.0 excellent");
        assert_eq!(number_and_band(5.9), " 5.9 fair");
    }

    #[test]
    fn the_range_is_softer_than_the_certain_part_and_contains_the_score() {
        let look = crate::model::Look { theme: crate::model::ThemeName::Dark, ascii: false };
        let theme = Theme::of(look);
        let bar = |score, low, high| {
            ranged(score, ScoreRange { low: Some(low), high: Some(high) }, 10, theme)
                .map(|span| span.content.to_string())
        };
        assert_eq!(bar(6.8, 5.0, 8.0), ["━━━━━", "╍╍╍", "──"]);
        assert_eq!(bar(2.0, 3.0, 1.0), ["━━", "", "────────"]);
    }
}
