//! The form to sign in to a remote server, or to register there.

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Text},
};

use super::{editor, footer, header, layout, notice, theme::Theme, wrap};
use crate::model::{
    Model,
    sign_in::{Field, SignIn},
};

/// Width of the labels.
const LABEL: u16 = 12;
/// Width of the fields.
const FIELD: u16 = 42;

/// Draws the screen.
pub(crate) fn draw(model: &Model, frame: &mut Frame<'_>) {
    let Some(form) = &model.sign_in else { return };
    let parts = layout::parts(model, frame.area());
    let title = if form.registering { "New account" } else { "Sign in" };
    let server = model.server.clone().unwrap_or_default();
    header::draw(model, title, &[server], parts.header, frame);
    let mut rest = draw_message(model, form, parts.body, frame);
    for field in form.fields() {
        rest = draw_field(model, form, *field, rest, frame);
    }
    if form.sending {
        let text = format!("{} asking the server", header::spinner(model));
        frame.render_widget(Line::styled(text, Theme::of(model.look).accent()), rest);
    }
    notice::draw(model, parts.notice, frame);
    footer::draw(model, parts.footer, frame);
}

/// Draws why the form is shown, or what was wrong, and returns the area below.
fn draw_message(model: &Model, form: &SignIn, area: Rect, frame: &mut Frame<'_>) -> Rect {
    let theme = Theme::of(model.look);
    let (text, style) = match &form.message {
        Some(message) => (message.clone(), theme.bad()),
        None if form.registering => {
            ("An account keeps your interviews on this server.".to_owned(), Style::new())
        }
        None => ("Your interviews are kept by this server.".to_owned(), Style::new()),
    };
    let lines = wrap::plain(&text, usize::from(area.width), style);
    let rows = u16::try_from(lines.len()).unwrap_or(1);
    frame.render_widget(Text::from(lines), area);
    layout::split_top(area, rows + 1).1
}

/// Draws a framed field with its fault, and returns the area below.
fn draw_field(
    model: &Model,
    form: &SignIn,
    field: Field,
    area: Rect,
    frame: &mut Frame<'_>,
) -> Rect {
    let theme = Theme::of(model.look);
    let has_focus = form.field == field;
    let (row, rest) = layout::split_top(area, 2);
    let (label, value) = layout::split_left(row, LABEL, 0);
    let style = if has_focus { theme.accent() } else { Theme::faint() };
    frame.render_widget(Line::styled(field.label(), style), label);
    let value = Rect { width: value.width.min(FIELD), ..value };
    let (line, below) = layout::split_top(value, 1);
    editor::field(form.editor(field), has_focus, line, frame);
    let (text, style) = match form.faults.get(&field) {
        Some(fault) => (format!("✗ {fault}"), theme.bad()),
        None => ("─".repeat(usize::from(value.width)), rule_style(theme, has_focus)),
    };
    frame.render_widget(Line::styled(wrap::fit(&text, usize::from(FIELD)), style), below);
    rest
}

fn rule_style(theme: Theme, has_focus: bool) -> Style {
    if has_focus { theme.frame() } else { Theme::faint() }
}
