//! The palette's entries: everything that you can do or go to from here, found by letters of its
//! name.

use std::cmp::Reverse;

use super::{Model, Screen, ThemeName, dashboard::screen_of};
use crate::{
    fuzzy::{self, Match},
    keys::{self, Action, Binding, Context},
    words,
};

/// Something that the palette offers.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// The entry's name.
    pub(crate) name: String,
    /// The key with the same effect, or the kind of entry.
    pub(crate) key: String,
    /// The effect of choosing it.
    pub(crate) does: Does,
}

/// What an entry does when it is chosen.
#[derive(Debug, Clone)]
pub(crate) enum Does {
    /// A line of the table of keys.
    Command(&'static Binding),
    /// Going to a screen.
    Go(Destination),
    /// Another theme.
    Theme(ThemeName),
    /// ASCII only, or no longer.
    Ascii,
    /// Opening an interview on a screen.
    Interview(i64, Screen),
    /// Starting from a ready-made interview.
    Template(usize),
}

/// Where the user can go from anywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Destination {
    /// The list.
    Interviews,
    /// The form for a new interview.
    New,
    /// The marked questions.
    Marks,
    /// The report of the open interview.
    Report,
    /// The sample report.
    Sample,
    /// The settings.
    Settings,
    /// The points to review.
    Review,
}

/// The matches of a query, best first; all entries in order if the query is empty.
pub(crate) fn found(model: &Model, query: &str) -> Vec<(Entry, Match)> {
    let all = entries(model).into_iter();
    let mut found: Vec<(Entry, Match)> =
        all.filter_map(|entry| fuzzy::find(query, &entry.name).map(|m| (entry, m))).collect();
    // Among equal matches, the shorter name comes first; without a query, nothing is sorted.
    if !query.trim().is_empty() {
        found.sort_by_key(|(entry, it)| (Reverse(it.score), entry.name.chars().count()));
        let best = found.first().map_or(0, |(_, it)| it.score);
        found.retain(|(_, it)| it.score * 3 >= best * 2);
    }
    found
}

/// Whether the user can go elsewhere from here.
pub(crate) fn is_free(context: Context) -> bool {
    !matches!(context, Context::SignIn | Context::Fault)
}

fn entries(model: &Model) -> Vec<Entry> {
    let context = model.context_below();
    let (house, own): (Vec<_>, Vec<_>) =
        keys::bindings(context).partition(|binding| is_housekeeping(binding.action));
    let mut entries: Vec<Entry> = own.into_iter().filter_map(command).collect();
    if is_free(context) {
        entries.extend(destinations(model));
        entries.extend(model.dashboard.interviews.iter().map(|interview| {
            let screen = screen_of(interview);
            let day = words::moment(interview.created_at.as_ref());
            let day = words::day(day, model.now, &model.zone);
            let role = words::role_and_level(&interview.role, interview.level());
            let name = format!("{role} · {day}");
            entry(name, "interview", Does::Interview(interview.id, screen))
        }));
        let templates = model.templates.iter().flatten().enumerate();
        entries.extend(templates.map(|(at, template)| {
            let level = words::level(template.level());
            let name = format!("Start {} · {level}", template.title);
            entry(name, "template", Does::Template(at))
        }));
    }
    entries.extend(
        ThemeName::ALL
            .into_iter()
            .filter(|theme| *theme != model.look.theme)
            .map(|theme| entry(format!("Theme: {}", theme.title()), "theme", Does::Theme(theme))),
    );
    let ascii = if model.look.ascii { "Use line-drawing characters" } else { "Use ASCII only" };
    entries.push(entry(ascii.to_owned(), "setting", Does::Ascii));
    entries.extend(house.into_iter().filter_map(command));
    entries
}

/// Actions that are rarely wanted from the palette; they come last.
fn is_housekeeping(action: Action) -> bool {
    matches!(
        action,
        Action::Back
            | Action::Interrupt
            | Action::Repaint
            | Action::Suspend
            | Action::Refresh
            | Action::NextField
            | Action::PreviousField
            | Action::NextQuestion
            | Action::PreviousQuestion
            | Action::TurnPage
            | Action::TurnBack
    )
}

fn entry(name: String, key: &str, does: Does) -> Entry {
    Entry { name, key: key.to_owned(), does }
}

/// The entry for a line of the table; `None` for lines that move within the screen.
fn command(binding: &'static Binding) -> Option<Entry> {
    let moves = matches!(
        binding.action,
        Action::Palette
            | Action::Pick
            | Action::Up
            | Action::Down
            | Action::Top
            | Action::Bottom
            | Action::PageUp
            | Action::PageDown
    );
    let key = binding.chords.first().map(|chord| chord.label()).unwrap_or_default();
    (!moves).then(|| entry(binding.help.to_owned(), &key, Does::Command(binding)))
}

fn destinations(model: &Model) -> Vec<Entry> {
    let mut destinations = vec![
        (Destination::Interviews, "Go to your interviews", model.screen != Screen::Dashboard),
        (Destination::New, "Go to a new interview", model.screen != Screen::NewInterview),
        (Destination::Marks, "Go to starred and noted questions", model.screen != Screen::Marks),
        (Destination::Review, "Go to the points to review", model.screen != Screen::Review),
        (Destination::Settings, "Go to the settings", model.screen != Screen::Settings),
        (Destination::Sample, "Go to a sample report", model.context_below() != Context::Sample),
    ];
    let has_report = model.open.as_ref().is_some_and(|open| open.report.is_some());
    let is_in_interview = model.screen == Screen::Interview && has_report;
    destinations.push((Destination::Report, "Go to the report of this interview", is_in_interview));
    let destinations = destinations.into_iter().filter(|(.., is_elsewhere)| *is_elsewhere);
    destinations
        .map(|(destination, name, _)| entry(name.to_owned(), "screen", Does::Go(destination)))
        .collect()
}
