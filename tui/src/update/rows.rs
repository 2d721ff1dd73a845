//! Rows of the list that change while you look at it: the newest interviews with pending evaluations are
//! watched.

use super::link;
use crate::{
    effect::Effect,
    model::{
        Model, Screen,
        dashboard::{Dashboard, Row},
        preferences::Notifications,
    },
    text,
};

/// The most interviews that are watched at once.
const MOST: usize = 4;

/// Watches the rows with pending evaluations. The open interview has its own stream.
pub(super) fn watch(model: &mut Model) -> Option<Effect> {
    let open = model.open.as_ref().map(|open| open.id);
    let rows = waiting(&model.dashboard).filter(|row| Some(row.interview) != open);
    let rows: Vec<Row> = rows.take(MOST).collect();
    if rows == model.dashboard.watched {
        return None;
    }
    model.dashboard.watched.clone_from(&rows);
    Some(Effect::WatchRows(rows))
}

fn waiting(list: &Dashboard) -> impl Iterator<Item = Row> {
    list.interviews.iter().filter_map(|interview| {
        let progress = interview.progress.filter(|it| it.answered > it.evaluated)?;
        Some(Row { interview: interview.id, evaluated: progress.evaluated })
    })
}

/// An evaluation of this interview has arrived, so its row is out of date.
pub(super) fn changed(model: &mut Model, interview: i64) -> Vec<Effect> {
    let is_told = !model.has_focus && model.preferences.notifications != Notifications::Off;
    let row = model.dashboard.interviews.iter().find(|row| row.id == interview);
    let told = row.filter(|_| is_told).map(|row| {
        Effect::Notify(format!("An evaluation is ready: {}", text::neutral_line(&row.role)))
    });
    let mut effects: Vec<Effect> = told.into_iter().collect();
    if model.screen == Screen::Dashboard {
        effects.extend(link::refresh(model));
    }
    effects
}
