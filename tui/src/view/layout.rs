//! The parts of every screen: a title line, a rule, the body, messages, one line of keys.

use ratatui::{
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

use super::{notice, theme::Theme, wrap};
use crate::model::Model;

/// Columns of margin on each side of the body.
pub(crate) const MARGIN: u16 = 2;
/// From this many columns, two things are shown side by side.
pub(crate) const WIDE: u16 = 100;

/// The end of a text that continues and can be scrolled.
pub(crate) const MORE: &str = " ↓ more";
/// The end of the first line if there is more above it.
const ABOVE: &str = " ↑ more";
/// The end of a text that continues but cannot be scrolled.
pub(crate) const CUT: &str = "…";

/// Where the parts of a screen are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parts {
    /// The title line with its rule.
    pub(crate) header: Rect,
    /// The content, between the margins and below an empty line.
    pub(crate) body: Rect,
    /// Messages, if there are any.
    pub(crate) notice: Rect,
    /// The keys.
    pub(crate) footer: Rect,
}

/// The parts of a screen of this size, with room for the model's messages.
pub(crate) fn parts(model: &Model, area: Rect) -> Parts {
    let notice_rows = notice::height(model, area);
    let footer = row(area, area.height.saturating_sub(1), 1);
    let notice = row(area, area.height.saturating_sub(1 + notice_rows), notice_rows);
    let body = inset(row(area, 3, area.height.saturating_sub(4 + notice_rows.max(1))));
    Parts { header: row(area, 0, 2), body, notice, footer }
}

/// The full-width rows of `area` from `top`, as far as they exist.
pub(crate) fn row(area: Rect, top: u16, height: u16) -> Rect {
    let top = top.min(area.height);
    Rect { x: area.x, y: area.y + top, width: area.width, height: height.min(area.height - top) }
}

/// Splits rows off the top; returns them and the rest.
pub(crate) fn split_top(area: Rect, height: u16) -> (Rect, Rect) {
    let height = height.min(area.height);
    (row(area, 0, height), row(area, height, area.height - height))
}

/// Splits rows off the foot; returns the rest and them.
pub(crate) fn split_foot(area: Rect, height: u16) -> (Rect, Rect) {
    let height = height.min(area.height);
    let (rest, foot) = split_top(area, area.height - height);
    (rest, foot)
}

/// Splits columns off the left, with a gap; returns them and the rest.
pub(crate) fn split_left(area: Rect, width: u16, gap: u16) -> (Rect, Rect) {
    let width = width.min(area.width);
    let rest = (width + gap).min(area.width);
    (Rect { width, ..area }, Rect { x: area.x + rest, width: area.width - rest, ..area })
}

/// As many lines as fit into `rows`; if some are left out, the last one ends with `end`.
pub(crate) fn cut(
    mut lines: Vec<Line<'static>>,
    rows: usize,
    columns: usize,
    end: &'static str,
) -> Vec<Line<'static>> {
    if lines.len() > rows {
        lines.truncate(rows);
        if let Some(last) = lines.last_mut() {
            let style = last.spans.first().map_or_else(Style::new, |span| span.style);
            let kept = last.to_string();
            let room = columns.saturating_sub(wrap::width(end));
            let mut kept = wrap::fit(kept.trim_end(), room);
            // Two marks with the same meaning would be one too many.
            if end == CUT && kept.ends_with('…') {
                kept.pop();
            }
            *last = Line::from(vec![Span::styled(kept, style), Span::styled(end, Theme::faint())]);
        }
    }
    lines
}

/// Marks the first of these lines: there are others above it.
pub(crate) fn goes_on_above(lines: &mut [Line<'static>], columns: usize) {
    let Some(first) = lines.first_mut() else { return };
    let style = first.spans.first().map_or_else(Style::new, |span| span.style);
    let kept = wrap::pad(&first.to_string(), columns.saturating_sub(wrap::width(ABOVE)));
    *first = Line::from(vec![Span::styled(kept, style), Span::styled(ABOVE, Theme::faint())]);
}

fn inset(area: Rect) -> Rect {
    Rect {
        x: area.x + MARGIN.min(area.width),
        width: area.width.saturating_sub(2 * MARGIN),
        ..area
    }
}
