//! The report: the scores on top, the strip of questions, and below it what the chosen one is made
//! of.

mod answer;
pub(crate) mod points;
mod quotes;
pub(crate) mod scores;
pub(crate) mod summary;

pub(crate) use self::summary::set_apart;

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span, Text},
};

use super::{footer, header, interview, layout, notice, strip, theme::Theme, wrap};
use crate::{
    model::{
        Model,
        open::{Open, Page},
    },
    words,
};

/// Where the parts of the body are.
struct Places {
    scores: Rect,
    strip: Rect,
    rule: Rect,
    page: Rect,
}

/// Draws the screen.
pub(crate) fn draw(model: &Model, frame: &mut Frame<'_>) {
    let parts = layout::parts(model, frame.area());
    header::draw(model, &title(model), &standing(model), parts.header, frame);
    match &model.open {
        Some(open) if open.report.is_some() => draw_open(model, open, parts.body, frame),
        Some(open) => interview::draw_loading(model, open, parts.body, frame),
        None => {}
    }
    notice::draw(model, parts.notice, frame);
    footer::draw(model, parts.footer, frame);
}

/// The last line that the lower half can be scrolled to.
pub(crate) fn last_scroll(model: &Model) -> usize {
    let (columns, rows) = model.size;
    let Some(open) = &model.open else { return 0 };
    let parts = layout::parts(model, Rect::new(0, 0, columns, rows));
    let page = places(model, open, parts.body).page;
    page_lines(model, open, usize::from(page.width)).len().saturating_sub(usize::from(page.height))
}

fn title(model: &Model) -> String {
    match interview::title(model).as_str() {
        "" => "Report".to_owned(),
        role => format!("Report · {role}"),
    }
}

fn standing(model: &Model) -> Vec<String> {
    let Some(open) = &model.open else {
        return Vec::new();
    };
    let Some(report) = &open.report else {
        return Vec::new();
    };
    let day = words::day(words::moment(report.created_at.as_ref()), model.now, &model.zone);
    vec![day, format!("{} of {} evaluated", open.evaluated(), open.questions().len())]
}

fn draw_open(model: &Model, open: &Open, area: Rect, frame: &mut Frame<'_>) {
    let places = places(model, open, area);
    draw_scores(model, open, places.scores, frame);
    let strip = strip::of_report(model, open, usize::from(places.strip.width));
    frame.render_widget(Text::from(strip), places.strip);
    let lines = page_lines(model, open, usize::from(places.page.width));
    let height = usize::from(places.page.height);
    let top = open.page_scroll.min(lines.len().saturating_sub(height));
    let is_cut = lines.len() > top + height;
    draw_rule(model, is_cut, Rect { x: 0, width: frame.area().width, ..places.rule }, frame);
    let shown: Vec<Line<'static>> = lines.into_iter().skip(top).take(height).collect();
    frame.render_widget(Text::from(shown), places.page);
}

/// Draws as many scores as there is room for, and below them what they are the averages of.
fn draw_scores(model: &Model, open: &Open, area: Rect, frame: &mut Frame<'_>) {
    let note = scores::note(open, usize::from(area.width));
    let rows = u16::try_from(note.len()).unwrap_or(0);
    let (above, below) = layout::split_foot(area, rows);
    frame.render_widget(Text::from(scores::lines(model, open, above)), above);
    frame.render_widget(Text::from(note), below);
}

/// The rule above the page; it runs through the margins, as the one below the title does, and says
/// whether there is more of the page than fits.
fn draw_rule(model: &Model, is_cut: bool, area: Rect, frame: &mut Frame<'_>) {
    let theme = Theme::of(model.look);
    let more = if is_cut { " ↓ more " } else { "" };
    let columns = usize::from(area.width).saturating_sub(wrap::width(more) + 1);
    let line = Line::from(vec![
        Span::styled("─".repeat(columns), Theme::faint()),
        Span::styled(more, theme.accent()),
        Span::styled("─", Theme::faint()),
    ]);
    frame.render_widget(line, area);
}

fn places(model: &Model, open: &Open, area: Rect) -> Places {
    // On a low screen the overall score stands for all of them.
    let rows = if area.height >= 15 { scores::ROWS } else { 1 };
    let note = u16::try_from(scores::note(open, usize::from(area.width)).len()).unwrap_or(0);
    let (scores, rest) = layout::split_top(area, rows + note);
    let (_, rest) = layout::split_top(rest, 1);
    // The strip's brackets stand in the margin.
    let rest = Rect { x: rest.x.saturating_sub(1), width: rest.width + 2, ..rest };
    let strip_rows = strip::of_report(model, open, usize::from(rest.width)).len();
    let (strip, rest) = layout::split_top(rest, u16::try_from(strip_rows).unwrap_or(1));
    let rest = Rect { x: rest.x + 1, width: rest.width.saturating_sub(2), ..rest };
    let (rule, page) = layout::split_top(rest, 1);
    Places { scores, strip, rule, page }
}

fn page_lines(model: &Model, open: &Open, columns: usize) -> Vec<Line<'static>> {
    match (open.shown(), open.page) {
        (None, _) => summary::lines(model, open, columns),
        (Some(slot), Page::Points) => points::lines(model, open, slot, columns),
        (Some(slot), Page::Answer) => answer::lines(slot, columns, Theme::of(model.look)),
        (Some(slot), Page::Example) => answer::example_lines(slot, columns),
    }
}
