//! The list of interviews: choosing, filtering, loading on, deleting with time to think again.

use super::{keyboard, link, new_interview, opening};
use crate::{
    effect::Effect,
    keys::Action,
    model::{
        Model, Screen,
        dashboard::{Deleted, UNDO_MS},
        editor::Editor,
    },
    view,
};

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
        Action::Back => {
            clear_filter(model);
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

/// Deletes what can no longer be taken back.
pub(super) fn delete_due(model: &mut Model) -> Vec<Effect> {
    let since = model.dashboard.deleted.as_ref().map(|deleted| deleted.since.as_millisecond());
    match since {
        Some(since) if model.now.as_millisecond() - since >= UNDO_MS => delete_now(model),
        _ => Vec::new(),
    }
}

/// Deletes at once what is marked for it.
pub(super) fn delete_now(model: &mut Model) -> Vec<Effect> {
    let Some(deleted) = model.dashboard.deleted.take() else {
        return Vec::new();
    };
    let id = deleted.interview;
    model.dashboard.interviews.retain(|interview| interview.id != id);
    model.journal.drafts.retain(|draft, _| draft.interview != id);
    let mut effects = vec![Effect::Delete(id)];
    if model.open.take_if(|open| open.id == id).is_some() {
        effects.push(Effect::Unwatch);
    }
    effects
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

fn delete(model: &mut Model) -> Vec<Effect> {
    // Only one at a time can be taken back.
    let effects = delete_now(model);
    let chosen = model.dashboard.chosen().map(|i| (i.id, i.role.clone()));
    let Some((interview, role)) = chosen else {
        return effects;
    };
    model.dashboard.deleted = Some(Deleted { interview, role, since: model.now });
    let last = model.dashboard.visible().len().saturating_sub(1);
    model.dashboard.selected = model.dashboard.selected.min(last);
    effects
}

fn undelete(model: &mut Model) -> Vec<Effect> {
    let Some(deleted) = model.dashboard.deleted.take() else {
        return Vec::new();
    };
    let visible = model.dashboard.visible();
    let at = visible.iter().position(|interview| interview.id == deleted.interview);
    model.dashboard.selected = at.unwrap_or(0);
    Vec::new()
}
