//! The form for a new interview.

mod topics;

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span, Text},
};
use viva_proto::v1::{Template, TemplatePart};

use super::{editor, footer, header, interview, layout, notice, theme::Theme, wrap};
use crate::{
    drafts::DraftId,
    keys::Context,
    model::{
        Model,
        editor::Room,
        new_interview::{Field, MINUTES, NewInterview},
    },
    templates,
    text::neutral_line,
    words,
};

/// Columns of a suggestion's level and length, and the most columns of its title.
const LEVEL: usize = 8;
const LENGTH: usize = 19;
const MOST_TITLE: usize = 44;
/// With less room for titles than this, the lengths of suggestions are left out.
const LEAST_TITLE: usize = 16;
/// Columns of the labels.
const LABEL: u16 = 12;
/// The most columns of a text.
const WIDEST: usize = 76;
/// Rows of the job advert while it is edited.
const ADVERT_ROWS: u16 = 5;
/// The most rows of a ready-made interview's description.
const DESCRIPTION_ROWS: usize = 3;

/// Draws the screen.
pub(crate) fn draw(model: &Model, frame: &mut Frame<'_>) {
    let parts = layout::parts(model, frame.area());
    header::draw(model, "New interview", &[header::place(model)], parts.header, frame);
    if let Some(form) = &model.form {
        let mut rest = parts.body;
        for field in Field::ALL.into_iter().filter(|field| form.has(*field)) {
            rest = draw_field(model, form, field, rest, frame);
        }
        draw_preview(model, form, rest, frame);
    }
    notice::draw(model, parts.notice, frame);
    footer::draw(model, parts.footer, frame);
}

/// Draws a field with its fault and returns the area below.
fn draw_field(
    model: &Model,
    form: &NewInterview,
    field: Field,
    area: Rect,
    frame: &mut Frame<'_>,
) -> Rect {
    let theme = Theme::of(model.look);
    let has_focus = form.field == field;
    let style = if has_focus { theme.accent() } else { Theme::faint() };
    let (label, value) = layout::split_left(area, LABEL, 0);
    frame.render_widget(Line::styled(name(field), style), label);
    let rows = match field {
        Field::Role => draw_role(model, form, value, frame),
        Field::Level => {
            let names = words::LEVELS.map(|level| words::level(level).to_owned());
            let chosen = words::LEVELS.iter().position(|level| *level == form.level);
            frame.render_widget(choice(&names, chosen, has_focus, theme), value);
            1
        }
        Field::Questions => {
            let names: Vec<String> = (1..=10).map(|n: i32| n.to_string()).collect();
            let chosen = usize::try_from(form.questions - 1).ok();
            frame.render_widget(choice(&names, chosen, has_focus, theme), value);
            1
        }
        Field::Mode => {
            draw_mode(form, theme, value, frame);
            1
        }
        Field::Minutes => {
            let names = MINUTES.map(minutes);
            let chosen = MINUTES.iter().position(|minutes| *minutes == form.minutes);
            frame.render_widget(choice(&names, chosen, has_focus, theme), value);
            1
        }
        Field::Topics => topics::draw(model, form, value, frame),
        Field::Language => draw_language(form, value, frame),
        Field::Advert => draw_advert(model, form, value, frame),
    };
    let rows = rows + draw_fault(model, form, field, layout::split_top(value, rows).1, frame);
    // Short fields are grouped; the others are set apart.
    let is_open = has_focus && field == Field::Topics;
    let is_last_choice = field == if form.is_real { Field::Minutes } else { Field::Mode };
    let stands_apart = is_open || is_last_choice || matches!(field, Field::Role | Field::Advert);
    let gap = u16::from(stands_apart && model.size.1 >= 20);
    layout::split_top(area, rows + gap).1
}

/// A preview of the interview, with its notice.
fn draw_preview(model: &Model, form: &NewInterview, area: Rect, frame: &mut Frame<'_>) {
    let templates = model.templates.as_deref().unwrap_or_default();
    let Some(preview) = form.preview.of(&form.request(templates)) else { return };
    let theme = Theme::of(model.look);
    let (label, area) = layout::split_left(area, LABEL, 1);
    frame.render_widget(Line::styled("You get", Theme::faint()), label);
    let columns = usize::from(area.width).min(WIDEST);
    let mut lines = wrap::plain(&neutral_line(&preview.summary), columns, Theme::faint());
    if !preview.notice.is_empty() {
        lines.extend(wrap::plain(
            &format!("! {}", neutral_line(&preview.notice)),
            columns,
            theme.fair(),
        ));
    }
    let parts = form.taken(templates).map_or(&[][..], |template| &template.parts);
    if lines.len() + parts.len() < usize::from(area.height) {
        lines.extend(parts.iter().enumerate().map(|(at, part)| part_line(at, part)));
    }
    let lines = layout::cut(lines, usize::from(area.height), columns, layout::CUT);
    frame.render_widget(Text::from(lines), area);
}

/// A question of a ready-made interview, before it is asked: its topic, level and minutes.
fn part_line(at: usize, part: &TemplatePart) -> Line<'static> {
    let minutes = if part.minutes > 0 { format!("{} min", part.minutes) } else { String::new() };
    Line::from(vec![
        Span::styled(format!("{:>2}  ", at + 1), Theme::faint()),
        Span::raw(wrap::pad(&neutral_line(&part.topic), 26)),
        Span::raw(wrap::pad(words::level(part.level()), LEVEL)),
        Span::styled(wrap::pad_left(&minutes, 7), Theme::faint()),
    ])
}

fn name(field: Field) -> &'static str {
    match field {
        Field::Role => "Role",
        Field::Level => "Level",
        Field::Questions => "Questions",
        Field::Mode => "Mode",
        Field::Minutes => "Minutes",
        Field::Topics => "Topics",
        Field::Language => "Language",
        Field::Advert => "Job advert",
    }
}

/// Draws the modes, and what the selected one means.
fn draw_mode(form: &NewInterview, theme: Theme, area: Rect, frame: &mut Frame<'_>) {
    let names = ["study", "real"].map(str::to_owned);
    let has_focus = form.field == Field::Mode;
    let mut line = choice(&names, Some(usize::from(form.is_real)), has_focus, theme);
    let means =
        if form.is_real { "timed; feedback at the end" } else { "feedback after each answer" };
    line.push_span(Span::styled(format!("   {means}"), Theme::faint()));
    frame.render_widget(line, area);
}

fn minutes(minutes: i32) -> String {
    if minutes == 0 { "suggested".to_owned() } else { minutes.to_string() }
}

fn draw_fault(
    model: &Model,
    form: &NewInterview,
    field: Field,
    area: Rect,
    frame: &mut Frame<'_>,
) -> u16 {
    let Some(fault) = form.faults.get(&field) else {
        return 0;
    };
    let theme = Theme::of(model.look);
    // Below the value, which is indented by one cell.
    let (_, area) = layout::split_left(area, 1, 0);
    let lines = wrap::plain(&format!("✗ {fault}"), usize::from(area.width), theme.bad());
    let rows = u16::try_from(lines.len()).unwrap_or(1);
    frame.render_widget(Text::from(lines), area);
    rows
}

/// Choices on one line, the chosen one in brackets.
fn choice(names: &[String], chosen: Option<usize>, has_focus: bool, theme: Theme) -> Line<'static> {
    let style = if has_focus { theme.accent() } else { Theme::strong() };
    let spans = names.iter().enumerate().map(|(at, name)| {
        if chosen == Some(at) {
            Span::styled(format!("[{name}]"), style)
        } else {
            Span::raw(format!(" {name} "))
        }
    });
    // The brackets hang out to the left, so that the names align with other values.
    spans.collect()
}

fn draw_role(model: &Model, form: &NewInterview, area: Rect, frame: &mut Frame<'_>) -> u16 {
    let has_focus = form.field == Field::Role;
    let (field, below) = layout::split_top(area, 1);
    let (_, field) = layout::split_left(field, 1, 0);
    editor::field(&form.role, has_focus, field, frame);
    if form.role.is_blank() {
        let hint = Line::styled("for instance Rust backend engineer", Theme::faint());
        frame.render_widget(hint, field);
    }
    let templates = model.templates.as_deref().unwrap_or_default();
    let (_, below) = layout::split_left(below, 1, 0);
    if let Some(template) = form.taken(templates) {
        frame.render_widget(Line::styled(bank(template), Theme::faint()), below);
        let (_, below) = layout::split_top(below, 1);
        return 2 + if has_focus { draw_description(template, below, frame) } else { 0 };
    }
    if !has_focus {
        return 1;
    }
    let all = form.suggestions(templates);
    let chosen = form.suggestion.and_then(|at| all.get(at).copied());
    let lines = suggestions(model, form, &all, usize::from(below.width));
    let rows = u16::try_from(lines.len()).unwrap_or(0);
    frame.render_widget(Text::from(lines), below);
    let (_, below) = layout::split_top(below, rows);
    1 + rows + chosen.map_or(0, |template| draw_description(template, below, frame))
}

/// Draws what a ready-made interview tests and how long it is; returns the rows used.
fn draw_description(template: &Template, area: Rect, frame: &mut Frame<'_>) -> u16 {
    if template.parts.is_empty() {
        return 0;
    }
    let text = words::template(template);
    let mut lines = wrap::plain(&text, usize::from(area.width), Theme::faint());
    lines.truncate(DESCRIPTION_ROWS);
    let rows = u16::try_from(lines.len()).unwrap_or(0);
    frame.render_widget(Text::from(lines), area);
    rows
}

fn bank(template: &Template) -> String {
    let count = usize::try_from(template.available_questions).unwrap_or(0);
    let questions = words::count(count, "question");
    // Most have the title of their role, which is shown above.
    if templates::is_own(template) {
        format!("{}: your own", wrap::fit(&template.title, 40))
    } else if template.title == template.role {
        format!("the bank holds {questions} for it")
    } else {
        format!("{}: the bank holds {questions}", wrap::fit(&template.title, 40))
    }
}

/// The suggestions around the selected one, a line each, and how many others there are.
fn suggestions(
    model: &Model,
    form: &NewInterview,
    all: &[&Template],
    columns: usize,
) -> Vec<Line<'static>> {
    let most = match model.size.1 {
        0..20 => 2,
        20..30 => 4,
        _ => 8,
    };
    let first = (form.suggestion.unwrap_or(0) + 1).saturating_sub(most);
    let theme = Theme::of(model.look);
    let shown = all.iter().enumerate().skip(first).take(most);
    let mut lines: Vec<Line<'static>> = shown
        .map(|(at, template)| suggestion(template, form.suggestion == Some(at), columns, theme))
        .collect();
    let left = all.len().saturating_sub(first + most);
    if left > 0
        && let Some(last) = lines.last_mut()
    {
        last.push_span(Span::styled(format!("  ↓ {}", words::number(left)), Theme::faint()));
    }
    lines
}

fn suggestion(template: &Template, chosen: bool, columns: usize, theme: Theme) -> Line<'static> {
    let style = if chosen { Theme::chosen() } else { Style::new() };
    let count = usize::try_from(template.available_questions).unwrap_or(0);
    let length = match (templates::is_own(template), template.parts.is_empty()) {
        (true, _) => "your own".to_owned(),
        (_, true) => words::count(count, "question"),
        (_, false) => words::length(template),
    };
    // The number of the others is at the end of the line.
    let room = columns.saturating_sub(4 + LEVEL + 6);
    let has_length = room >= LENGTH + LEAST_TITLE;
    let title = if has_length { room - LENGTH } else { room }.min(MOST_TITLE);
    let length = if has_length { wrap::pad_left(&length, LENGTH) } else { String::new() };
    Line::from(vec![
        Span::styled(if chosen { "> " } else { "  " }, theme.accent()),
        Span::styled(wrap::pad(&template.title, title), style),
        Span::raw("  "),
        Span::raw(wrap::pad(words::level(template.level()), LEVEL)),
        Span::styled(length, Theme::faint()),
    ])
}

fn draw_language(form: &NewInterview, area: Rect, frame: &mut Frame<'_>) -> u16 {
    let has_focus = form.field == Field::Language;
    let (_, area) = layout::split_left(area, 1, 0);
    editor::field(&form.language, has_focus, area, frame);
    if form.language.is_blank() {
        let text = if has_focus { "en, or a tag such as de or pt-BR" } else { "English" };
        let style = if has_focus { Theme::faint() } else { Style::new() };
        frame.render_widget(Line::styled(text, style), area);
    }
    1
}

/// How many topics fit side by side.
pub(crate) fn topic_columns(model: &Model) -> usize {
    topics::columns(model)
}

/// The area in which the job advert is edited.
pub(crate) fn advert_room(model: &Model) -> Room {
    let columns = model.size.0.saturating_sub(2 * layout::MARGIN + LABEL + 4);
    Room { columns: usize::from(columns), rows: usize::from(ADVERT_ROWS) }
}

fn draw_advert(model: &Model, form: &NewInterview, area: Rect, frame: &mut Frame<'_>) -> u16 {
    let words = words::word_count(&form.advert.text());
    if form.field == Field::Advert {
        let rows = (ADVERT_ROWS + 2).min(area.height);
        let labels = editor::Labels {
            title: "paste the advert, or write the path of its file".to_owned(),
            amount: words::count(words, "word"),
            fault: String::new(),
            saved: interview::other_texts(model, DraftId::ADVERT, Context::FormAdvert)
                .unwrap_or_default(),
        };
        let (area, _) = layout::split_top(area, rows);
        editor::text_box(&form.advert, &labels, (true, model.look), area, frame);
        return rows;
    }
    let (_, area) = layout::split_left(area, 1, 0);
    let text = if words == 0 { "none".to_owned() } else { words::count(words, "word") };
    let style = if words == 0 { Theme::faint() } else { Style::new() };
    frame.render_widget(Line::styled(text, style), area);
    1
}
