//! The report: the scores on top, the strip of questions, and below it what the chosen one is made
//! of.

mod answer;
pub(crate) mod points;
pub(crate) mod scores;
pub(crate) mod summary;

pub(crate) use self::summary::set_apart;

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Text},
};

use super::{footer, header, interview, layout, notice, strip, theme::Theme};
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
    page_lines(model, open, usize::from(page.width))
        .len()
        .saturating_sub(usize::from(page.height))
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
    let day = words::day(
        words::moment(report.created_at.as_ref()),
        model.now,
        &model.zone,
    );
    vec![
        day,
        format!(
            "{} of {} evaluated",
            open.evaluated(),
            open.questions().len()
        ),
    ]
}

fn draw_open(model: &Model, open: &Open, area: Rect, frame: &mut Frame<'_>) {
    let places = places(model, open, area);
    frame.render_widget(
        Text::from(scores::lines(model, open, places.scores)),
        places.scores,
    );
    let strip = strip::of_report(model, open, usize::from(places.strip.width));
    frame.render_widget(Text::from(strip), places.strip);
    // The rule runs through the margins, as the one below the title does.
    let rule = Rect {
        x: 0,
        width: frame.area().width,
        ..places.rule
    };
    let line = "─".repeat(usize::from(rule.width));
    frame.render_widget(Line::styled(line, Theme::of(model.look).faint()), rule);
    draw_page(model, open, places.page, frame);
}

fn draw_page(model: &Model, open: &Open, area: Rect, frame: &mut Frame<'_>) {
    let mut lines = page_lines(model, open, usize::from(area.width));
    let height = usize::from(area.height);
    let last = lines.len().saturating_sub(height);
    let top = open.page_scroll.min(last);
    lines.drain(..top);
    let is_cut = lines.len() > height;
    frame.render_widget(Text::from(lines), area);
    if is_cut && area.height > 0 {
        let more = Line::styled("↓ more ", Theme::of(model.look).accent());
        let corner = Rect {
            x: area.right().saturating_sub(6),
            y: area.bottom() - 1,
            width: 8.min(area.width),
            height: 1,
        };
        frame.render_widget(more, corner);
    }
}

fn places(model: &Model, open: &Open, area: Rect) -> Places {
    // On a low screen the overall score stands for all of them.
    let rows = if area.height >= 15 { scores::ROWS } else { 1 };
    let (scores, rest) = layout::split_top(area, rows);
    let (_, rest) = layout::split_top(rest, 1);
    // The strip's brackets stand in the margin.
    let rest = Rect {
        x: rest.x.saturating_sub(1),
        width: rest.width + 2,
        ..rest
    };
    let strip_rows = strip::of_report(model, open, usize::from(rest.width)).len();
    let (strip, rest) = layout::split_top(rest, u16::try_from(strip_rows).unwrap_or(1));
    let rest = Rect {
        x: rest.x + 1,
        width: rest.width.saturating_sub(2),
        ..rest
    };
    let (rule, page) = layout::split_top(rest, 1);
    Places {
        scores,
        strip,
        rule,
        page,
    }
}

fn page_lines(model: &Model, open: &Open, columns: usize) -> Vec<Line<'static>> {
    match (open.shown(), open.page) {
        (None, _) => summary::lines(model, open, columns),
        (Some(slot), Page::Points) => points::lines(model, open, slot, columns),
        (Some(slot), Page::Answer) => answer::lines(model, slot, columns),
        (Some(slot), Page::Example) => answer::example_lines(model, slot, columns),
    }
}
