//! The list of interviews: selecting, filtering, loading more, and deleting, which can be undone
//! until the app ends.

use jiff::Timestamp;
use viva_proto::v1::Interview;

use super::{keyboard, link, local_models, marks, new_interview, opening, review, settings, start};
use crate::{
    effect::Effect,
    keys::Action,
    model::{
        Model, Screen,
        dashboard::{Deleted, screen_of},
        editor::Editor,
    },
    words,
};

/// The delete key does nothing within this many milliseconds of the previous press.
const BOUNCE_MS: i64 = 300;

/// For how many milliseconds a second press confirms a deletion.
const SURE_MS: i64 = 10_000;

/// How many lines before the end of the list the next page is loaded.
const NEAR_THE_END: usize = 10;

/// Carries out an action on the dashboard.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Open => open_chosen(model),
        Action::GoOn => {
            let card = model.dashboard.unfinished().map(|interview| interview.id);
            card.map(|id| opening::open(model, id, Screen::Interview)).unwrap_or_default()
        }
        Action::Report => {
            let chosen = model.dashboard.chosen().map(|interview| interview.id);
            chosen.map(|id| opening::open(model, id, Screen::Report)).unwrap_or_default()
        }
        Action::New => new_interview::open(model),
        Action::Sample => start::open_sample(model),
        Action::Delete => delete(model),
        Action::Undelete => undelete(model),
        Action::Filter => {
            model.dashboard.filtering = !model.dashboard.filtering;
            Vec::new()
        }
        Action::Refresh => link::refresh(model),
        Action::Review => review::open(model),
        Action::Settings => settings::open(model),
        Action::LocalModels => local_models::open(model),
        Action::Marks => marks::open_list(model),
        Action::Back => {
            if !local_models::put_off(model) {
                clear_filter(model);
            }
            Vec::new()
        }
        _ => select(model, action),
    }
}

/// Changes the filter.
pub(super) fn typed(model: &mut Model, with: impl FnOnce(&mut Editor) -> bool) -> Vec<Effect> {
    if with(&mut model.dashboard.filter) {
        model.dashboard.selected = 0;
    }
    load_on(model)
}

/// Loads the next page if the end of the list is near, or the filter may match more.
pub(super) fn load_on(model: &mut Model) -> Vec<Effect> {
    let dashboard = &mut model.dashboard;
    let near = dashboard.selected + NEAR_THE_END >= dashboard.visible().len();
    match &dashboard.next_page {
        Some(token) if near && !dashboard.loading => {
            dashboard.loading = true;
            vec![Effect::LoadInterviews(token.clone())]
        }
        _ => Vec::new(),
    }
}

/// Deletes the marked interviews; this can no longer be undone.
pub(super) fn delete_now(model: &mut Model) -> Vec<Effect> {
    let deleted = std::mem::take(&mut model.dashboard.deleted);
    deleted.into_iter().map(|deleted| Effect::Delete(deleted.interview)).collect()
}

fn open_chosen(model: &mut Model) -> Vec<Effect> {
    let Some(interview) = model.dashboard.chosen() else {
        return Vec::new();
    };
    let id = interview.id;
    let screen = screen_of(interview);
    opening::open(model, id, screen)
}

fn select(model: &mut Model, action: Action) -> Vec<Effect> {
    let last = model.dashboard.visible().len().saturating_sub(1);
    let page = (model.measures.list_rows)(model);
    let dashboard = &mut model.dashboard;
    dashboard.selected = keyboard::scrolled(dashboard.selected, last, page, action);
    load_on(model)
}

fn clear_filter(model: &mut Model) {
    model.dashboard.filtering = false;
    if !model.dashboard.filter.is_blank() {
        model.dashboard.filter = Editor::line("");
        model.dashboard.selected = 0;
    }
}

/// Marks the selected interview as deleted. One with answers or drafts asks for a second press. A
/// key that is held down or bounces does nothing more.
fn delete(model: &mut Model) -> Vec<Effect> {
    let now = model.now;
    let dashboard = &mut model.dashboard;
    let before = dashboard.delete_pressed;
    let since = |at: Timestamp| now.as_millisecond() - at.as_millisecond();
    let Some((interview, role, answered)) = dashboard.chosen().map(described) else {
        return Vec::new();
    };
    dashboard.delete_pressed = Some((interview, now));
    if before.is_some_and(|(_, at)| since(at) < BOUNCE_MS) {
        return Vec::new();
    }
    let is_sure = before.is_some_and(|(id, at)| id == interview && since(at) < SURE_MS);
    let drafts = model.drafts.count_of(interview);
    if (answered > 0 || drafts > 0) && !is_sure {
        let counted = [(answered as usize, "answer"), (drafts, "draft")];
        let has: Vec<_> = counted
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, noun)| words::count(count, noun))
            .collect();
        model.tell(format!("{role} has {}. Press x again to delete it.", has.join(" and ")));
        return Vec::new();
    }
    let dashboard = &mut model.dashboard;
    dashboard.deleted.push(Deleted { interview, role, since: now });
    model.notice = None;
    let last = model.dashboard.visible().len().saturating_sub(1);
    model.dashboard.selected = model.dashboard.selected.min(last);
    Vec::new()
}

fn described(interview: &Interview) -> (i64, String, u32) {
    let answered = interview.progress.map_or(0, |progress| progress.answered);
    (interview.id, interview.role.clone(), answered.try_into().unwrap_or(0))
}

/// Undoes the last deletion.
fn undelete(model: &mut Model) -> Vec<Effect> {
    let Some(deleted) = model.dashboard.deleted.pop() else {
        return Vec::new();
    };
    let visible = model.dashboard.visible();
    let at = visible.iter().position(|interview| interview.id == deleted.interview);
    model.dashboard.selected = at.unwrap_or(0);
    Vec::new()
}
