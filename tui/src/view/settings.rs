//! The settings screen.

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span, Text},
};

use super::{clicks, editor, footer, header, layout, notice, theme::Theme, wrap};
use crate::{
    model::{
        Model,
        preferences::{Preferences, Setting},
    },
    text::neutral_line,
};

/// Width of the column for names.
const NAME: usize = 14;
/// The most columns of a text.
const WIDEST: usize = 76;

/// Draws the screen.
pub(crate) fn draw(model: &Model, frame: &mut Frame<'_>) {
    let theme = Theme::of(model.look);
    let parts = layout::parts(model, frame.area());
    header::draw(model, "Settings", &[header::place(model)], parts.header, frame);
    let preferences = &model.preferences;
    let columns = usize::from(parts.body.width);
    let mut lines: Vec<Line<'static>> =
        Setting::ALL.iter().map(|setting| row(preferences, *setting, columns, theme)).collect();
    lines.push(Line::default());
    let chosen = preferences.chosen();
    lines.extend(wrap::plain(chosen.help(), columns.min(WIDEST), Style::new()));
    if preferences.fixed.contains(chosen.name()) {
        let text = format!(
            "{} is set outside the file, which it overrides when Viva starts.",
            chosen.name()
        );
        lines.extend(wrap::plain(&text, columns.min(WIDEST), theme.fair()));
    }
    lines.push(Line::default());
    let kept = format!("Kept in {}", neutral_line(&preferences.file));
    lines.extend(wrap::plain(&kept, columns.min(WIDEST), Theme::faint()));
    // The mark of the selected line is in the margin.
    for line in lines.iter_mut().skip(Setting::ALL.len()) {
        line.spans.insert(0, Span::raw("  "));
    }
    let body = parts.body;
    let body = Rect { x: body.x - layout::MARGIN, width: body.width + layout::MARGIN, ..body };
    if preferences.typing.is_none() {
        clicks::list(model, body, 0..Setting::ALL.len(), preferences.selected);
    }
    frame.render_widget(Text::from(lines), body);
    draw_typing(preferences, parts.body, frame);
    notice::draw(model, parts.notice, frame);
    footer::draw(model, parts.footer, frame);
}

/// The field that the editor's command is typed into.
fn draw_typing(preferences: &Preferences, body: Rect, frame: &mut Frame<'_>) {
    let Some(typing) = &preferences.typing else { return };
    let row = layout::row(body, u16::try_from(preferences.selected).unwrap_or(0), 1);
    let (_, field) = layout::split_left(row, u16::try_from(NAME).unwrap_or(0) + 1, 0);
    frame.render_widget(ratatui::widgets::Clear, field);
    editor::field(typing, true, field, frame);
}

fn row(preferences: &Preferences, setting: Setting, columns: usize, theme: Theme) -> Line<'static> {
    let is_chosen = preferences.chosen() == setting;
    let value = preferences.value(setting);
    let style = if is_chosen { theme.accent() } else { Style::new() };
    let mut spans = vec![
        Span::styled(if is_chosen { "> " } else { "  " }, theme.accent()),
        Span::styled(wrap::pad(setting.title(), NAME), style),
    ];
    let choices = setting.choices();
    let all: usize = choices.iter().map(|choice| choice.len() + 2).sum();
    if choices.is_empty() {
        let text = if value.is_empty() { "none found" } else { &value };
        spans.push(Span::raw(format!(" {}", wrap::fit(text, columns.saturating_sub(NAME + 3)))));
    } else if all + NAME <= columns {
        let choice = |choice: &&str| {
            let is_it = *choice == value;
            let text = if is_it { format!("[{choice}]") } else { format!(" {choice} ") };
            Span::styled(text, if is_it { style } else { Theme::faint() })
        };
        spans.extend(choices.iter().map(choice));
    } else {
        let at = choices.iter().position(|choice| *choice == value).unwrap_or(0) + 1;
        let text = format!("[{value}]  {at} of {}", choices.len());
        spans.push(Span::styled(text, style));
    }
    Line::from(spans)
}
