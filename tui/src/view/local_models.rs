//! Language models on this machine: which there are and how well they may grade, the result of a
//! trial, and what using one means.

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span, Text},
};

use super::{clicks, footer, header, layout, notice, theme::Theme, wrap};
use crate::{
    discovery::{Found, size::Worth},
    local::llm::Tried,
    model::{
        Model,
        local_models::{Offer, Stage},
    },
    text, words,
};

/// Widths of the columns for a size and for its rating.
const SIZE: usize = 8;
const WORTH: usize = 16;
/// What a successful trial does not show.
const CAVEAT: &str = "A fair grader gives this answer 6 to 9. One trial shows that a model can do the work, not how well it grades.";
/// Why trying again may help.
const AGAIN: &str =
    "If the model had to be loaded first, it may answer in time when you try again.";
/// The most columns of a model's name.
const LONGEST_NAME: usize = 40;

/// The list of interviews' sentence about an offer.
pub(super) fn offering(offer: &Offer) -> String {
    let first = offer.models.first().map(|found| text::neutral_line(&found.name));
    let first = wrap::fit(&first.unwrap_or_default(), LONGEST_NAME);
    match offer.models.len() {
        ..=1 => format!("A language model runs on this machine: {first}."),
        count => format!("{count} language models run on this machine, {first} among them."),
    }
}

/// Draws the screen.
pub(crate) fn draw(model: &Model, frame: &mut Frame<'_>) {
    let parts = layout::parts(model, frame.area());
    header::draw(model, "Language models here", &[header::place(model)], parts.header, frame);
    if let Some(offer) = &model.local_models.offer
        && let Some(found) = offer.chosen()
    {
        match &offer.stage {
            Stage::Choosing => draw_choice(model, offer, found, parts.body, frame),
            Stage::Trying(since) => {
                let seconds = words::seconds_between(*since, model.now);
                draw_text(trying(model, found, seconds), parts.body, frame);
            }
            Stage::Tried(tried) => draw_text(verdict(model, found, tried), parts.body, frame),
        }
    }
    notice::draw(model, parts.notice, frame);
    footer::draw(model, parts.footer, frame);
}

/// Draws the models, with their purpose above and the meaning of a choice below.
fn draw_choice(model: &Model, offer: &Offer, found: &Found, area: Rect, frame: &mut Frame<'_>) {
    let columns = usize::from(area.width);
    let what = "One of them could write your questions and evaluate your answers, instead of the built-in bank and grader.";
    let above = wrap::plain(what, columns, Style::new());
    let mut below = wrap::plain(&meaning(found), columns, Style::new());
    below.extend(wrap::plain(
        "Ratings are estimates by size; a trial shows more.",
        columns,
        Theme::faint(),
    ));
    let (above_area, rest) = layout::split_top(area, rows(&above) + 1);
    let (list, rest) = layout::split_top(rest, list_rows(offer, rest, rows(&below)));
    frame.render_widget(Text::from(above), above_area);
    let height = usize::from(list.height);
    let top = (offer.selected + 1).saturating_sub(height);
    clicks::list(model, list, top..offer.models.len(), offer.selected);
    let models = offer.models.iter().enumerate().skip(top).take(height);
    let lines = models.map(|(at, found)| line(model, found, at == offer.selected, columns));
    frame.render_widget(lines.collect::<Text<'_>>(), list);
    frame.render_widget(Text::from(below), layout::split_top(rest, 1).1);
}

/// A row for each model if the text below leaves room, and at least one.
fn list_rows(offer: &Offer, area: Rect, below: u16) -> u16 {
    let models = u16::try_from(offer.models.len()).unwrap_or(u16::MAX);
    models.min(area.height.saturating_sub(below + 1)).max(1)
}

fn line(model: &Model, found: &Found, is_chosen: bool, columns: usize) -> Line<'static> {
    let theme = Theme::of(model.look);
    let worth = found.worth();
    let style = if is_chosen { Theme::chosen() } else { Style::new() };
    let room = columns.saturating_sub(2 + SIZE + WORTH).min(LONGEST_NAME);
    let size = found.size.map(|size| size.to_string()).unwrap_or_default();
    Line::from(vec![
        Span::styled(if is_chosen { "> " } else { "  " }, theme.accent()),
        Span::styled(wrap::pad(&found.name, room), style),
        Span::styled(format!("{}  ", wrap::pad_left(&size, SIZE - 2)), style),
        Span::styled(wrap::fit(worth.words(), WORTH), of_worth(theme, worth)),
    ])
}

fn of_worth(theme: Theme, worth: Worth) -> Style {
    match worth {
        Worth::Good => theme.good(),
        Worth::Usable => Style::new(),
        Worth::Unknown => Theme::faint(),
        Worth::SometimesUsable => theme.fair(),
        Worth::RarelyUsable => theme.bad(),
    }
}

/// Where questions and answers would be sent.
fn meaning(found: &Found) -> String {
    format!(
        "Viva would send them only to {}: nothing leaves this machine, unless the program there passes it on. Nothing is used until you agree.",
        found.address()
    )
}

fn trying(model: &Model, found: &Found, seconds: i64) -> Vec<(String, Style)> {
    let theme = Theme::of(model.look);
    let spinner = header::spinner(model);
    let lasting = words::lasting(seconds);
    vec![
        (
            format!("{spinner} {} is evaluating an example answer… {lasting}", found.name),
            theme.accent(),
        ),
        ("None of your texts is sent.".to_owned(), Style::new()),
        (
            "A model that is not in memory has to be loaded first, so the first trial takes longest."
                .to_owned(),
            Theme::faint(),
        ),
    ]
}

fn verdict(model: &Model, found: &Found, tried: &Tried) -> Vec<(String, Style)> {
    let theme = Theme::of(model.look);
    let (head, style, detail) = match tried {
        Tried::Works(detail) => ("It can do the work.", theme.good(), detail),
        Tried::Unusable(detail) => {
            ("It answers, but its evaluation could not be used.", theme.fair(), detail)
        }
        Tried::Silent(detail) => ("There was no reply.", theme.bad(), detail),
    };
    let mut texts = vec![(head.to_owned(), style.bold()), (text::sentence(detail), Style::new())];
    match tried {
        Tried::Works(_) => {
            texts.push((using(found), Style::new()));
            texts.push((CAVEAT.to_owned(), Theme::faint()));
        }
        Tried::Unusable(_) => {}
        Tried::Silent(_) => texts.push((AGAIN.to_owned(), Theme::faint())),
    }
    texts
}

/// The final question.
fn using(found: &Found) -> String {
    let address = found.address();
    format!("Use it from now on? Questions and answers then go to {address} and nowhere else.")
}

fn draw_text(texts: Vec<(String, Style)>, area: Rect, frame: &mut Frame<'_>) {
    let columns = usize::from(area.width);
    let mut lines: Vec<Line<'static>> = Vec::new();
    for (text, style) in texts {
        if !lines.is_empty() {
            lines.push("".into());
        }
        lines.extend(wrap::plain(&text, columns, style));
    }
    let lines = layout::cut(lines, usize::from(area.height), columns, layout::CUT);
    frame.render_widget(Text::from(lines), area);
}

fn rows(lines: &[Line<'_>]) -> u16 {
    u16::try_from(lines.len()).unwrap_or(u16::MAX)
}
