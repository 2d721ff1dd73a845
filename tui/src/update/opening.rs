//! Opens an interview, takes in what is loaded of it, and leaves it.

use viva_proto::v1::{Interview, QuestionReport, Report};

use super::{drafts, interview, link, notes};
use crate::{
    effect::Effect,
    model::{
        Model, Screen,
        open::{Open, Page},
    },
    problem::Problem,
};

/// Opens an interview on this screen.
pub(super) fn open(model: &mut Model, id: i64, screen: Screen) -> Vec<Effect> {
    model.screen = screen;
    if model.open.as_ref().is_none_or(|open| open.id != id) {
        model.open = Some(Open::new(id));
    }
    let mut effects = Vec::new();
    // Known from before: it is shown as it was while it is loaded anew.
    if let Some(report) = model.open.as_ref().and_then(|open| open.report.clone()) {
        begin(model, report);
        effects.push(Effect::Watch(id));
    }
    // Another window may have written for it meanwhile.
    effects.push(Effect::LoadDrafts);
    effects.extend(load(model));
    effects
}

/// Opens an interview that was just created.
pub(super) fn open_new(model: &mut Model, interview: Interview) -> Vec<Effect> {
    let id = interview.id;
    model.screen = Screen::Interview;
    model.open = Some(Open::new(id));
    let slot = |question| QuestionReport { question: Some(question), answer: None };
    let report = Report {
        interview_id: id,
        role: interview.role,
        level: interview.level,
        created_at: interview.created_at,
        questions: interview.questions.into_iter().map(slot).collect(),
        ..Report::default()
    };
    begin(model, report);
    vec![Effect::Watch(id)]
}

/// Loads the open interview, again if need be.
pub(super) fn load(model: &mut Model) -> Option<Effect> {
    let open = model.open.as_mut()?;
    open.turn += 1;
    Some(Effect::LoadReport { interview: open.id, turn: open.turn })
}

/// Takes in what was loaded.
pub(super) fn loaded(model: &mut Model, turn: u64, reply: Result<Report, Problem>) -> Vec<Effect> {
    let mut effects = link::heard(model, &reply);
    let Some(open) = &mut model.open else {
        return effects;
    };
    // An older reply may be overtaken by a newer one, or by what the stream has brought.
    if open.turn != turn {
        return effects;
    }
    match reply {
        Ok(report) if open.report.is_none() => {
            open.problem = None;
            let id = open.id;
            begin(model, report);
            effects.push(Effect::Watch(id));
            effects.extend(notes::settle_open(model));
        }
        Ok(report) => {
            open.problem = None;
            open.report = Some(report);
            open.open_editors(&model.journal);
            let questions: Vec<i64> = open.editors.keys().copied().collect();
            effects.extend(
                questions.into_iter().flat_map(|question| interview::overtaken(model, question)),
            );
            effects.extend(notes::settle_open(model));
        }
        Err(problem) if open.report.is_none() => open.problem = Some(problem),
        Err(problem) if problem.is_offline() || problem.needs_sign_in() => {}
        Err(problem) => model.complain(&problem),
    }
    effects
}

/// Leaves the interview for the list. Text that is being written is kept.
pub(super) fn leave(model: &mut Model) -> Vec<Effect> {
    let mut effects = drafts::flush(model);
    effects.extend(interview::drop_unchanged(model));
    let is_list_behind = std::mem::take(&mut model.marks.is_behind);
    model.screen = if is_list_behind { Screen::Marks } else { Screen::Dashboard };
    if let Some(open) = &mut model.open {
        open.confirming = false;
        open.fault = None;
        // While answers are evaluated the list shows their number, so the stream stays.
        if open.pending() == 0 {
            model.open = None;
            effects.push(Effect::Unwatch);
        }
    }
    effects.extend(link::refresh(model));
    effects
}

/// Puts the first question that is to be answered in front; where there is none, the report.
fn begin(model: &mut Model, report: Report) {
    let Some(open) = &mut model.open else { return };
    open.report = Some(report);
    open.open_editors(&model.journal);
    open.scroll = 0;
    open.confirming = false;
    if model.screen == Screen::Interview {
        match open.first_open(&model.journal) {
            Some(first) => open.current = first,
            None => show_report(model),
        }
    } else {
        open.select_wanted();
    }
}

/// Shows the report from its beginning.
pub(super) fn show_report(model: &mut Model) {
    model.screen = Screen::Report;
    if let Some(open) = &mut model.open {
        open.selected = 0;
        open.page = Page::Points;
        open.page_scroll = 0;
    }
}
