//! The list of interviews: choosing, filtering, loading on, deleting, which can be taken back until the
//! app ends.

use jiff::Timestamp;
use viva_proto::v1::Interview;

use super::{keyboard, link, local_models, marks, new_interview, opening};
use crate::{
    effect::Effect,
    keys::Action,
    model::{Model, Screen, dashboard::Deleted, editor::Editor},
    view, words,
};

/// A key that deletes does nothing within so many milliseconds after another.
const BOUNCE_MS: i64 = 300;

/// How many milliseconds there are to press it a second time, where it asks.
const SURE_MS: i64 = 10_000;

/// How near the end of the list the next page is loaded.
const NEAR_THE_END: usize = 10;

/// Does what a key means here.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Open => open_chosen(model),
        Action::GoOn => {
            let card = model.dashboard.unfinished().map(|interview| interview.id);
            card.map(|id| opening::open(model, id, Screen::Interview)).unwrap_or_default()
        }
        Action::Report => {
            let chosen = model.dashboard.chosen().map(|interview| interview.id);
            chosen.map(|id| open_report(model, id)).unwrap_or_default()
        }
        Action::New => new_interview::open(model),
        Action::Delete => delete(model),
        Action::Undelete => undelete(model),
        Action::Filter => {
            model.dashboard.filtering = !model.dashboard.filtering;
            Vec::new()
        }
        Action::Refresh => link::refresh(model),
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

/// Loads the next page when the end of the list is near, or a filter may have more to find.
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

/// Deletes at once what is marked for it: nothing can be taken back any more.
pub(super) fn delete_now(model: &mut Model) -> Vec<Effect> {
    let deleted = std::mem::take(&mut model.dashboard.deleted);
    deleted.into_iter().map(|deleted| Effect::Delete(deleted.interview)).collect()
}

fn open_chosen(model: &mut Model) -> Vec<Effect> {
    let Some(interview) = model.dashboard.chosen() else {
        // On an empty list Enter does what the screen invites to.
        let invites = model.dashboard.loaded && model.dashboard.interviews.is_empty();
        return if invites { new_interview::open(model) } else { Vec::new() };
    };
    let id = interview.id;
    let is_answered = interview.progress.is_some_and(|p| p.answered >= p.questions);
    if is_answered { open_report(model, id) } else { opening::open(model, id, Screen::Interview) }
}

fn open_report(model: &mut Model, id: i64) -> Vec<Effect> {
    let effects = opening::open(model, id, Screen::Report);
    opening::show_report(model);
    effects
}

fn select(model: &mut Model, action: Action) -> Vec<Effect> {
    let last = model.dashboard.visible().len().saturating_sub(1);
    let page = view::dashboard::list_height(model);
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

/// Marks the chosen interview as deleted. One with answers or drafts asks once. A key that is held down, or that
/// bounces, does nothing more.
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
    let drafts = model.journal.count_of(interview);
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

/// Takes the last deletion back.
fn undelete(model: &mut Model) -> Vec<Effect> {
    let Some(deleted) = model.dashboard.deleted.pop() else {
        return Vec::new();
    };
    let visible = model.dashboard.visible();
    let at = visible.iter().position(|interview| interview.id == deleted.interview);
    model.dashboard.selected = at.unwrap_or(0);
    Vec::new()
}
