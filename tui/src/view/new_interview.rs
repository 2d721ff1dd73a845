//! The form for a new interview.

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span, Text},
};
use viva_proto::v1::Template;

use super::{editor, footer, header, interview, layout, notice, theme::Theme, wrap};
use crate::{
    drafts::DraftId,
    keys::Context,
    model::{
        Model,
        editor::Room,
        new_interview::{Field, NewInterview},
    },
    templates,
    text::neutral_line,
    words,
};

/// Columns of the labels.
const LABEL: u16 = 12;
/// Rows of the job advert while it is edited.
const ADVERT_ROWS: u16 = 5;
/// The most rows of what a ready-made interview tests.
const DESCRIPTION_ROWS: usize = 3;

/// Draws the screen.
pub(crate) fn draw(model: &Model, frame: &mut Frame<'_>) {
    let parts = layout::parts(model, frame.area());
    header::draw(model, "New interview", &[header::place(model)], parts.header, frame);
    if let Some(form) = &model.form {
        let mut rest = parts.body;
        for field in Field::ALL {
            rest = draw_field(model, form, field, rest, frame);
        }
        draw_preview(model, form, rest, frame);
    }
    notice::draw(model, parts.notice, frame);
    footer::draw(model, parts.footer, frame);
}

/// Draws a field with what is wrong with it, and gives the room below.
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
        Field::Topics => draw_topics(model, form, value, frame),
        Field::Advert => draw_advert(model, form, value, frame),
    };
    let rows = rows + draw_fault(model, form, field, layout::split_top(value, rows).1, frame);
    // The choices belong together, the others stand apart.
    let gap = u16::from(!matches!(field, Field::Level) && model.size.1 >= 20);
    layout::split_top(area, rows + gap).1
}

/// What the interview would get, and what its notice would say.
fn draw_preview(model: &Model, form: &NewInterview, area: Rect, frame: &mut Frame<'_>) {
    let templates = model.templates.as_deref().unwrap_or_default();
    let Some(preview) = form.preview.of(&form.request(templates)) else { return };
    let theme = Theme::of(model.look);
    let (_, area) = layout::split_left(area, LABEL + 1, 0);
    let columns = usize::from(area.width);
    let mut lines = wrap::plain(&neutral_line(&preview.summary), columns, Theme::faint());
    if !preview.notice.is_empty() {
        lines.extend(wrap::plain(
            &format!("! {}", neutral_line(&preview.notice)),
            columns,
            theme.fair(),
        ));
    }
    frame.render_widget(Text::from(lines), area);
}

fn name(field: Field) -> &'static str {
    match field {
        Field::Role => "Role",
        Field::Level => "Level",
        Field::Questions => "Questions",
        Field::Topics => "Topics",
        Field::Advert => "Job advert",
    }
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
    // Below the value, which begins a cell in.
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
    // The brackets stand out to the left, so that the names begin where other values do.
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
    let columns = usize::from(below.width).saturating_sub(1);
    let all = form.suggestions(templates);
    let (spans, shown) = match form.taken(templates) {
        Some(template) => (bank(template), Some(template)),
        None if has_focus => {
            let chosen = form.suggestion.and_then(|at| all.get(at).copied());
            (suggestions(form, &all, columns), chosen)
        }
        None => (Vec::new(), None),
    };
    if spans.is_empty() {
        return 1;
    }
    let line = std::iter::once(Span::raw(" ")).chain(spans).collect::<Line<'_>>();
    frame.render_widget(line, below);
    let (_, below) = layout::split_top(below, 1);
    2 + shown.filter(|_| has_focus).map_or(0, |template| draw_description(template, below, frame))
}

/// What a ready-made interview tests, and how long it is.
fn draw_description(template: &Template, area: Rect, frame: &mut Frame<'_>) -> u16 {
    if template.parts.is_empty() {
        return 0;
    }
    let (_, area) = layout::split_left(area, 1, 0);
    let text = words::template(template);
    let mut lines = wrap::plain(&text, usize::from(area.width), Theme::faint());
    lines.truncate(DESCRIPTION_ROWS);
    let rows = u16::try_from(lines.len()).unwrap_or(0);
    frame.render_widget(Text::from(lines), area);
    rows
}

fn bank(template: &Template) -> Vec<Span<'static>> {
    let count = usize::try_from(template.available_questions).unwrap_or(0);
    let questions = words::count(count, "question");
    // Most are called what their role is called, which stands above.
    let text = if templates::is_own(template) {
        format!("{}: your own", wrap::fit(&template.title, 40))
    } else if template.title == template.role {
        format!("the bank holds {questions} for it")
    } else {
        format!("{}: the bank holds {questions}", wrap::fit(&template.title, 40))
    };
    vec![Span::styled(text, Theme::faint())]
}

/// The suggestions around the chosen one, as many as fit on the line.
fn suggestions(form: &NewInterview, all: &[&Template], columns: usize) -> Vec<Span<'static>> {
    let mut spans = Vec::new();
    let mut room = columns;
    // The line shows the chosen one and what follows it.
    for (at, template) in all.iter().enumerate().skip(form.suggestion.unwrap_or(0)) {
        let text = wrap::fit(&template.title, 36);
        let needed = wrap::width(&text) + 4;
        if needed > room {
            break;
        }
        room -= needed;
        let chosen = form.suggestion == Some(at);
        let style = if chosen { Theme::chosen() } else { Theme::faint() };
        spans.push(Span::styled(text, style));
        spans.push(Span::raw("   "));
    }
    spans
}

fn draw_topics(model: &Model, form: &NewInterview, area: Rect, frame: &mut Frame<'_>) -> u16 {
    let all = NewInterview::topics_of(model.templates.as_deref().unwrap_or_default());
    let (_, area) = layout::split_left(area, 1, 0);
    if form.field != Field::Topics || all.is_empty() {
        let chosen: Vec<&str> = form.topics.iter().map(String::as_str).collect();
        let text = if chosen.is_empty() { "any".to_owned() } else { chosen.join(", ") };
        frame.render_widget(Line::raw(wrap::fit(&text, usize::from(area.width))), area);
        return 1;
    }
    let mut lines = vec![Line::default()];
    for (at, topic) in all.iter().enumerate() {
        let mark = if form.topics.contains(topic) { "[✓]" } else { "[ ]" };
        let text = format!("{mark} {}", wrap::fit(topic, 24));
        let style = if at == form.topic { Theme::chosen() } else { Style::new() };
        let needed = wrap::width(&text) + 3;
        if lines.last().map_or(0, Line::width) + needed > usize::from(area.width) {
            lines.push(Line::default());
        }
        if let Some(line) = lines.last_mut() {
            line.push_span(Span::styled(text, style));
            line.push_span(Span::raw("   "));
        }
    }
    let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    frame.render_widget(Text::from(lines), area);
    rows
}

/// The room that the job advert is edited in.
pub(crate) fn advert_room(model: &Model) -> Room {
    let columns = model.size.0.saturating_sub(2 * layout::MARGIN + LABEL + 4);
    Room { columns: usize::from(columns), rows: usize::from(ADVERT_ROWS) }
}

fn draw_advert(model: &Model, form: &NewInterview, area: Rect, frame: &mut Frame<'_>) -> u16 {
    let words = words::word_count(&form.advert.text());
    if form.field == Field::Advert {
        let rows = (ADVERT_ROWS + 2).min(area.height);
        let labels = editor::Labels {
            title: "paste the advert; the questions follow it".to_owned(),
            amount: words::count(words, "word"),
            fault: String::new(),
            saved: interview::other_texts(model, DraftId::ADVERT, Context::FormAdvert)
                .unwrap_or_default(),
        };
        let (area, _) = layout::split_top(area, rows);
        let inside = editor::frame(&labels, model.look, area, frame);
        editor::text(&form.advert, true, inside, frame);
        return rows;
    }
    let (_, area) = layout::split_left(area, 1, 0);
    let text = if words == 0 { "none".to_owned() } else { words::count(words, "word") };
    let style = if words == 0 { Theme::faint() } else { Style::new() };
    frame.render_widget(Line::styled(text, style), area);
    1
}
