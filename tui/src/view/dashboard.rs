//! The dashboard: what to go on with, and the list of interviews.

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span, Text},
};
use viva_proto::v1::Interview;

use super::{bar, editor, footer, header, layout, notice, theme::Theme, wrap};
use crate::{
    drafts::DraftId,
    keys::{self, Action, Context},
    model::{Model, open::Open},
    words,
};

/// Rows of the go-on card with the line that sets it off.
const CARD_ROWS: u16 = 3;
/// Columns of an overall score without its bar: number, gap, the longest band.
const NUMBER_COLUMNS: usize = 14;
/// What stands there when there is no score; the longest such text.
const UNSCORED: &str = "not evaluated yet";
/// The most columns of a role, which on a wide screen would stand too far from the rest.
const MOST_ROLE: usize = 44;

/// Draws the screen.
pub(crate) fn draw(model: &Model, frame: &mut Frame<'_>) {
    let parts = layout::parts(model, frame.area());
    header::draw(model, "", &standing(model), parts.header, frame);
    let list = &model.dashboard;
    if let Some(problem) = list.problem.as_ref().filter(|_| list.interviews.is_empty()) {
        draw_problem(model, &problem.message, parts.body, frame);
    } else if !list.loaded {
        frame.render_widget(Line::raw(format!("{} loading", header::spinner(model))), parts.body);
    } else if list.visible().is_empty() && list.filter.is_blank() && !list.filtering {
        draw_welcome(model, parts.body, frame);
    } else {
        draw_interviews(model, parts.body, frame);
    }
    notice::draw(model, parts.notice, frame);
    footer::draw(model, parts.footer, frame);
}

/// How many interviews are visible at once.
pub(crate) fn list_height(model: &Model) -> usize {
    let (columns, rows) = model.size;
    let body = layout::parts(model, Rect::new(0, 0, columns, rows)).body;
    usize::from(body.height.saturating_sub(card_rows(model) + 1)).max(1)
}

fn standing(model: &Model) -> Vec<String> {
    let pending = model.being_evaluated();
    let pending = if pending > 0 { format!("{pending} being evaluated") } else { String::new() };
    vec![header::place(model), pending]
}

fn draw_welcome(model: &Model, area: Rect, frame: &mut Frame<'_>) {
    let theme = Theme::of(model.look);
    let sentence = "Viva asks you interview questions for any role and evaluates your answers \
                    while you go on.";
    let mut lines = wrap::plain(sentence, usize::from(area.width), Style::new());
    lines.push(Line::raw(""));
    lines.push(Line::from(vec![
        Span::styled(keys::label(Context::Dashboard, Action::New), theme.accent()),
        Span::raw("  starts your first interview"),
    ]));
    frame.render_widget(Text::from(lines), area);
}

fn draw_problem(model: &Model, message: &str, area: Rect, frame: &mut Frame<'_>) {
    let theme = Theme::of(model.look);
    let mut lines = wrap::plain(message, usize::from(area.width), Style::new());
    lines.push(Line::raw(""));
    lines.push(Line::from(vec![
        Span::styled(keys::label(Context::Dashboard, Action::Refresh), theme.accent()),
        Span::raw("  tries again"),
    ]));
    frame.render_widget(Text::from(lines), area);
}

fn draw_interviews(model: &Model, area: Rect, frame: &mut Frame<'_>) {
    let (card, list) = layout::split_top(area, card_rows(model));
    frame.render_widget(Text::from(card_lines(model, usize::from(card.width))), card);
    // The mark of the chosen line stands in the margin, and the longest band ends in the other.
    let list =
        Rect { x: list.x - layout::MARGIN, width: list.width + 2 * layout::MARGIN - 1, ..list };
    let (heading, rows) = layout::split_top(list, 1);
    draw_heading(model, heading, frame);
    let columns = Columns::of(usize::from(rows.width));
    let visible = model.dashboard.visible();
    let height = usize::from(rows.height);
    let last_top = visible.len().saturating_sub(height);
    let top = model.dashboard.selected.saturating_sub(height / 2).min(last_top);
    let lines = visible
        .iter()
        .enumerate()
        .skip(top)
        .take(height)
        .map(|(at, interview)| columns.line(model, interview, at == model.dashboard.selected));
    frame.render_widget(lines.collect::<Text<'_>>(), rows);
    if visible.is_empty() {
        let none = "  No interview matches the filter.";
        frame.render_widget(Line::styled(none, Theme::faint()), rows);
    }
}

/// The heading of the list, or the filter while there is one.
fn draw_heading(model: &Model, area: Rect, frame: &mut Frame<'_>) {
    let dashboard = &model.dashboard;
    let columns = Columns::of(usize::from(area.width));
    if dashboard.filtering || !dashboard.filter.is_blank() {
        let label = "  Filter  ";
        frame.render_widget(Line::styled(label, Theme::strong()), area);
        let (_, field) = layout::split_left(area, 10, 0);
        editor::field(&dashboard.filter, dashboard.filtering, field, frame);
        return;
    }
    let name = wrap::pad("Interviews", columns.before_answered());
    frame.render_widget(
        Line::from(vec![
            Span::raw("  "),
            Span::styled(name, Theme::strong()),
            Span::styled(wrap::pad_left("answered", Columns::ANSWERED), Theme::faint()),
            Span::raw(" ".repeat(Columns::GAP)),
            Span::styled("overall", Theme::faint()),
        ]),
        area,
    );
}

fn card_rows(model: &Model) -> u16 {
    let has_card = model.dashboard.unfinished().is_some() && model.size.1 >= 20;
    if has_card { CARD_ROWS } else { 0 }
}

/// The interview to go on with: its next question, and what is drafted for it.
fn card_lines(model: &Model, columns: usize) -> Vec<Line<'static>> {
    let theme = Theme::of(model.look);
    let Some(interview) = model.dashboard.unfinished() else {
        return Vec::new();
    };
    let is_chosen = model.dashboard.chosen().is_some_and(|chosen| chosen.id == interview.id);
    let action = if is_chosen { Action::Open } else { Action::GoOn };
    let key = keys::label(Context::Dashboard, action);
    let title = words::role_and_level(&interview.role, interview.level());
    let (place, state) = next_question(model);
    let label = "Go on with  ";
    let room = columns.saturating_sub(label.len());
    let title = wrap::pad(&title, room.saturating_sub(wrap::width(&place) + 2));
    let state = wrap::pad(&state, room.saturating_sub(wrap::width(&key) + 2));
    vec![
        Line::from(vec![
            Span::styled(label, Theme::faint()),
            Span::styled(title, Theme::strong()),
            Span::raw(format!("  {place}")),
        ]),
        Line::from(vec![
            Span::raw(" ".repeat(label.len())),
            Span::styled(state, Theme::faint()),
            Span::raw("  "),
            Span::styled(key, theme.accent()),
        ]),
    ]
}

/// Where the card's interview stands: the question's place, and its draft or its text.
fn next_question(model: &Model) -> (String, String) {
    let Some(report) = model.dashboard.card() else {
        return (String::new(), String::new());
    };
    let open = Open { report: Some(report.clone()), ..Open::new(report.interview_id) };
    let Some(at) = open.first_open(&model.journal) else {
        return (String::new(), "every answer is on its way".to_owned());
    };
    let place = format!("question {} of {}", at + 1, open.questions().len());
    let Some(question) = open.questions().get(at).and_then(|slot| slot.question.as_ref()) else {
        return (place, String::new());
    };
    let id = DraftId { interview: open.id, question: question.id };
    let draft = model.journal.writing(id).filter(|draft| !draft.text.trim().is_empty());
    let state = match draft.and_then(|draft| Some((draft, draft.saved_at()?))) {
        Some((draft, saved)) => {
            let words = words::count(words::word_count(&draft.text), "word");
            format!("draft saved {}, {words}", words::clock(saved, &model.zone))
        }
        None => question.text.clone(),
    };
    (place, state)
}

/// The columns of the list at one width.
struct Columns {
    role: usize,
    level: bool,
    bar: usize,
}

impl Columns {
    const LEVEL: usize = 7;
    const DAY: usize = 11;
    const ANSWERED: usize = 8;
    const GAP: usize = 2;

    /// The columns that fit: first the level goes, with the bar.
    fn of(width: usize) -> Self {
        let (level, bar) = match width {
            0..76 => (false, 0),
            76..104 => (true, 8),
            _ => (true, 16),
        };
        let bar_columns = if bar > 0 { bar + 1 } else { 0 };
        let overall = (bar_columns + NUMBER_COLUMNS).max(UNSCORED.len());
        let fixed = 2
            + if level { Self::LEVEL } else { 0 }
            + Self::DAY
            + Self::ANSWERED
            + Self::GAP
            + overall;
        Self { role: width.saturating_sub(fixed).min(MOST_ROLE), level, bar }
    }

    /// Columns from the role to where the answered ones are counted.
    fn before_answered(&self) -> usize {
        self.role + if self.level { Self::LEVEL } else { 0 } + Self::DAY
    }

    fn line(&self, model: &Model, interview: &Interview, chosen: bool) -> Line<'static> {
        let theme = Theme::of(model.look);
        // One column of air between the role and what follows.
        let role = wrap::pad(&interview.role, self.role.saturating_sub(1));
        let mut spans = vec![
            Span::styled(if chosen { "> " } else { "  " }, theme.accent()),
            Span::styled(role, if chosen { Theme::chosen() } else { Style::new() }),
            Span::raw(" "),
        ];
        if self.level {
            spans.push(Span::raw(wrap::pad(words::level(interview.level()), Self::LEVEL)));
        }
        let day = words::moment(interview.created_at.as_ref());
        spans.push(Span::raw(wrap::pad(&words::day(day, model.now, &model.zone), Self::DAY)));
        let progress = interview.progress.unwrap_or_default();
        let answered = format!("{} of {}", progress.answered, progress.questions);
        spans.push(Span::raw(wrap::pad_left(&answered, Self::ANSWERED)));
        spans.push(Span::raw(" ".repeat(Self::GAP)));
        match progress.overall_score {
            Some(score) => {
                if self.bar > 0 {
                    spans.extend(bar::bar(score, self.bar, theme));
                    spans.push(Span::raw(" "));
                }
                spans.push(Span::raw(bar::number_and_band(score)));
            }
            None => spans.push(Span::styled(unscored(progress.answered), Theme::faint())),
        }
        Line::from(spans)
    }
}

fn unscored(answered: i32) -> &'static str {
    if answered == 0 { "not answered yet" } else { UNSCORED }
}
