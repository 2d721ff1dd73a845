//! The last two attempts at a question, side by side: both scores, and each point gained or lost
//! with the words of both answers. The list of points below shows what stayed the same.

use ratatui::{
    style::Style,
    text::{Line, Span},
};
use viva_proto::v1::{Answer, CompareAttemptsResponse, PointChange, PointComparison};

use super::points::{BESIDE, beside};
use crate::{
    evaluation::attempts,
    view::{code, theme::Theme, wrap},
    words,
};

/// Lays the attempts out in lines of this many columns.
pub(super) fn lines(
    compared: &CompareAttemptsResponse,
    columns: usize,
    theme: Theme,
) -> Vec<Line<'static>> {
    let (Some(earlier), Some(later)) = (&compared.earlier, &compared.later) else {
        return Vec::new();
    };
    let page = Page { columns, is_wide: columns >= BESIDE, theme };
    let mut lines = page.pair(vec![head(earlier, theme)], vec![head(later, theme)]);
    lines.extend(wrap::plain(attempts::verdict(compared.verdict()), columns, Style::new()));
    if let Some(best) = attempts::best_and_latest(compared) {
        lines.extend(wrap::plain(&best, columns, Theme::faint()));
    }
    for change in [PointChange::Gained, PointChange::Lost] {
        let points = attempts::with(compared, change);
        lines.extend(points.flat_map(|point| page.point(point, change)));
    }
    lines.extend(wrap::plain(&unchanged(compared), columns, Theme::faint()));
    lines
}

/// An attempt with its score.
fn head(answer: &Answer, theme: Theme) -> Line<'static> {
    let name = Span::styled(format!("Attempt {}  ", answer.attempt), Theme::strong());
    let score = words::answer_score(answer).map_or_else(
        || Span::styled("no score", Theme::faint()),
        |score| {
            let range = answer.evaluation.as_ref().and_then(|evaluation| evaluation.range);
            let number = words::score_in_range(score, range);
            Span::styled(format!("{number} {}", words::band(score)), theme.score(score))
        },
    );
    Line::from(vec![name, score])
}

/// How many points are unchanged.
fn unchanged(compared: &CompareAttemptsResponse) -> String {
    let count = |change| attempts::with(compared, change).count();
    let (kept, lacking) = (count(PointChange::Kept), count(PointChange::Lacking));
    let changed = count(PointChange::Gained) + count(PointChange::Lost);
    let mut parts = Vec::new();
    if changed == 0 {
        parts.push("No point was gained or lost.".to_owned());
    }
    if kept > 0 {
        parts.push(format!("{} kept.", words::count(kept, "point")));
    }
    if lacking > 0 {
        parts.push(format!("{} still missing.", words::count(lacking, "point")));
    }
    parts.join(" ")
}

/// The space that the lines are laid out in.
struct Page {
    columns: usize,
    is_wide: bool,
    theme: Theme,
}

impl Page {
    /// The lines of the earlier attempt and of the later one, side by side if there is room.
    fn pair(&self, earlier: Vec<Line<'static>>, later: Vec<Line<'static>>) -> Vec<Line<'static>> {
        if self.is_wide {
            return beside(earlier, later, self.columns / 2);
        }
        earlier.into_iter().chain(later).collect()
    }

    fn point(&self, point: &PointComparison, change: PointChange) -> Vec<Line<'static>> {
        let (mark, name, style) = match change {
            PointChange::Gained => ("+ ", "gained  ", self.theme.good()),
            _ => ("- ", "lost    ", self.theme.bad()),
        };
        let mark = Span::styled(format!("{mark}{name}"), style);
        let room = self.columns.saturating_sub(wrap::width(&mark.content));
        let mut lines =
            wrap::hang(&mark, code::lines(&point.point, room, Style::new(), self.theme));
        let room = if self.is_wide { self.columns / 2 } else { self.columns }.saturating_sub(3);
        let said = |name: &str, words: &str| {
            let name = if self.is_wide { "" } else { name };
            let text = match words.trim() {
                "" => format!("{name}not said"),
                words => format!("{name}“{words}”"),
            };
            let lines = wrap::plain(&text, room, Theme::faint());
            wrap::hang(&Span::raw("  "), lines)
        };
        lines.extend(
            self.pair(
                said("before: ", &point.earlier_evidence),
                said("now: ", &point.later_evidence),
            ),
        );
        lines
    }
}
