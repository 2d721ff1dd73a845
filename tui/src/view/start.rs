//! The dashboard before the first interview: what Viva is, and which keys to press.

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span, Text},
};

use super::{clicks, layout, theme::Theme, wrap};
use crate::{
    keys::{self, Action, Context},
    model::{
        Model,
        start::{Choice, Start},
    },
    words,
};

/// The most columns, to keep lines easy to read.
const WIDEST: usize = 76;
/// Widths of the columns for level, questions and minutes.
const LEVEL: usize = 8;
const QUESTIONS: usize = 13;
const MINUTES: usize = 12;
/// Width of a number, and of the gap after a name.
const NUMBER: usize = 3;
const GAP: usize = 2;
/// Below this many columns, the level is left out.
const NARROW: usize = 70;
/// The fewest rows for headings.
const ROOMY: u16 = 14;

const WHAT: &str = "Practise interviews: you answer in your own words and see which points of a good answer \
                    you made, which you missed, and what to say next time.";
const PRIVATE: &str = " Everything stays on this machine.";

/// Draws the introduction and the choices.
pub(crate) fn draw(model: &Model, area: Rect, frame: &mut Frame<'_>) {
    let theme = Theme::of(model.look);
    let columns = usize::from(area.width).min(WIDEST);
    let is_private = model.server.is_none() && !model.questions_are_written;
    let what = if is_private { format!("{WHAT}{PRIVATE}") } else { WHAT.to_owned() };
    let choices = model.choices();
    let starts = choices.iter().filter(|choice| matches!(choice, Choice::Begin(_))).count();
    let is_roomy = area.height >= ROOMY;
    let mut lines = wrap::plain(&what, columns, Style::new());
    for (at, choice) in choices.iter().enumerate() {
        let heading = if at < starts { "Begin" } else { "Or first" };
        if at == 0 || (at == starts && is_roomy) {
            lines.push(Line::default());
        }
        if (at == 0 || at == starts) && is_roomy {
            lines.push(Line::styled(heading, Theme::strong()));
        }
        let below = layout::row(area, u16::try_from(lines.len()).unwrap_or(u16::MAX), 1);
        clicks::entry(model, below, at, model.dashboard.starts.selected);
        lines.push(row(choice, at, at == model.dashboard.starts.selected, columns, theme));
    }
    let key = keys::label(Context::Start, Action::Open);
    lines.extend([
        Line::default(),
        Line::from(vec![
            Span::styled(key, theme.accent()),
            Span::styled(" or a number starts your first interview", Theme::faint()),
        ]),
    ]);
    // The mark of the selected line is in the margin, clear of everything else.
    for line in lines.iter_mut().filter(|line| line.spans.len() < 4) {
        line.spans.insert(0, Span::raw("  "));
    }
    let area = Rect { x: area.x - layout::MARGIN, width: area.width + layout::MARGIN, ..area };
    frame.render_widget(Text::from(lines), area);
}

/// A choice with its number, in the columns that all choices share. On a narrow screen the level is left out.
fn row(choice: &Choice, at: usize, is_chosen: bool, columns: usize, theme: Theme) -> Line<'static> {
    let style = if is_chosen { Theme::chosen() } else { Style::new() };
    let level = if columns < NARROW { 0 } else { LEVEL };
    let room = columns.saturating_sub(NUMBER);
    let title = room.saturating_sub(GAP + level + QUESTIONS + MINUTES);
    let (name, rest) = match choice {
        Choice::Begin(start) => {
            let [questions, minutes] = length(start);
            let rest = format!(
                "{}{}{}",
                wrap::pad(words::level(start.level), level),
                wrap::pad_left(&questions, QUESTIONS),
                wrap::pad_left(&minutes, MINUTES)
            );
            (start.title.as_str(), rest)
        }
        Choice::Sample => ("See a sample report", "what you get for answers".to_owned()),
        Choice::Own => ("Choose for yourself", "role, topics, advert".to_owned()),
    };
    Line::from(vec![
        Span::styled(if is_chosen { "> " } else { "  " }, theme.accent()),
        Span::styled(format!("{}  ", at + 1), theme.accent()),
        Span::styled(wrap::pad(name, title), style),
        // As wide as its columns; shorter, it would pull them together.
        Span::styled(format!("  {rest}"), Theme::faint()),
    ])
}

/// `2 questions`, `10 minutes`.
fn length(start: &Start) -> [String; 2] {
    let count = |number: i32, noun| words::count(usize::try_from(number).unwrap_or(0), noun);
    [count(start.questions, "question"), count(start.minutes, "minute")]
}
