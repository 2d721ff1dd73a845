//! The dashboard: what to continue, the list of interviews, and your scores over time.

mod outlook;

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span, Text},
};
use viva_proto::v1::Interview;

use super::{bar, clicks, editor, footer, header, layout, notice, start, theme::Theme, wrap};
use crate::{
    drafts::DraftId,
    keys::{self, Action, Context},
    model::{Model, open::OpenInterview},
    words,
};

/// Rows of the card of the unfinished interview, with the line that sets it off.
const CARD_ROWS: u16 = 3;
/// Columns of an overall score without its bar: number, gap, the longest band.
const NUMBER_COLUMNS: usize = 14;
/// The text before the first answer; the longest one in place of a score.
const UNANSWERED: &str = "not answered yet";
/// The most columns of a role: on a wide screen, a wider one would be too far from the rest.
const MOST_ROLE: usize = 44;

/// Draws the screen.
pub(crate) fn draw(model: &Model, frame: &mut Frame<'_>) {
    let parts = layout::parts(model, frame.area());
    header::draw(model, "", &standing(model), parts.header, frame);
    let list = &model.dashboard;
    if let Some(problem) = list.problem.as_ref().filter(|_| list.interviews.is_empty()) {
        draw_problem(model, &problem.message, parts.body, frame);
    } else if model.invites() {
        start::draw(model, parts.body, frame);
    } else if !list.loaded || model.has_nothing_to_list() {
        frame.render_widget(Line::raw(format!("{} loading", header::spinner(model))), parts.body);
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
    let list = outlook::split(model, body).0;
    usize::from(list.height.saturating_sub(card_rows(model) + 1)).max(1)
}

fn standing(model: &Model) -> Vec<String> {
    let pending = model.being_evaluated();
    let pending = if pending > 0 { format!("{pending} being evaluated") } else { String::new() };
    vec![header::place(model), pending]
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
    let (area, outlook) = outlook::split(model, area);
    outlook::draw(model, outlook, frame);
    let (card, list) = layout::split_top(area, card_rows(model));
    frame.render_widget(Text::from(card_lines(model, usize::from(card.width))), card);
    // The mark of the selected line and the end of the longest band are in the margins.
    let list =
        Rect { x: list.x - layout::MARGIN, width: list.width + 2 * layout::MARGIN - 1, ..list };
    let (heading, rows) = layout::split_top(list, 1);
    draw_heading(model, heading, frame);
    let columns = Columns::of(usize::from(rows.width));
    let visible = model.dashboard.visible();
    let height = usize::from(rows.height);
    let last_top = visible.len().saturating_sub(height);
    let top = model.dashboard.selected.saturating_sub(height / 2).min(last_top);
    if !model.dashboard.filtering {
        clicks::list(model, rows, top..visible.len(), model.dashboard.selected);
    }
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

/// The heading of the list, or the filter while you use it.
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

/// The unfinished interview: its next question, and its draft.
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
    let label = "Continue    ";
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

/// The next question of the card's interview: its position, and its draft or its text.
fn next_question(model: &Model) -> (String, String) {
    let Some(report) = model.dashboard.card() else {
        return (String::new(), String::new());
    };
    let open =
        OpenInterview { report: Some(report.clone()), ..OpenInterview::new(report.interview_id) };
    let Some(at) = open.first_open(&model.drafts) else {
        // The open interview is known in more detail than the list.
        let state = if open.is_sending(&model.drafts) {
            "every answer is on its way"
        } else {
            "no question is left"
        };
        return (String::new(), state.to_owned());
    };
    let place = format!("question {} of {}", at + 1, open.questions().len());
    let Some(question) = open.questions().get(at).and_then(|slot| slot.question.as_ref()) else {
        return (place, String::new());
    };
    let id = DraftId { interview: open.id, question: question.id };
    let draft = model.drafts.writing(id).filter(|draft| !draft.text.trim().is_empty());
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
    const DAY: usize = 12;
    const ANSWERED: usize = 8;
    const GAP: usize = 2;

    /// The columns that fit: without room, the level and the bar are left out first.
    fn of(width: usize) -> Self {
        let (level, bar) = match width {
            0..76 => (false, 0),
            76..104 => (true, 8),
            _ => (true, 16),
        };
        let bar_columns = if bar > 0 { bar + 1 } else { 0 };
        let overall = (bar_columns + NUMBER_COLUMNS).max(UNANSWERED.len());
        let fixed = 2
            + if level { Self::LEVEL } else { 0 }
            + Self::DAY
            + Self::ANSWERED
            + Self::GAP
            + overall;
        Self { role: width.saturating_sub(fixed).min(MOST_ROLE), level, bar }
    }

    /// Columns from the role up to the number of answered questions.
    fn before_answered(&self) -> usize {
        self.role + if self.level { Self::LEVEL } else { 0 } + Self::DAY
    }

    fn line(&self, model: &Model, interview: &Interview, chosen: bool) -> Line<'static> {
        let theme = Theme::of(model.look);
        // A space between the role and the next column.
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
        spans.push(Span::raw(wrap::pad(
            &words::day_and_time(day, model.now, &model.zone),
            Self::DAY,
        )));
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
            None => spans.push(Span::styled(unscored(interview), Theme::faint())),
        }
        Line::from(spans)
    }
}

fn unscored(interview: &Interview) -> &'static str {
    let progress = interview.progress.unwrap_or_default();
    match (interview.feedback_withheld, progress.answered + progress.shown) {
        (true, _) => "in real mode",
        (false, 0) => UNANSWERED,
        (false, _) => "no score yet",
    }
}
