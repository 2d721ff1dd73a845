//! Opens an interview, handles its data, and leaves it.

use viva_proto::v1::{Interview, QuestionReport, Report};

use super::{draft_rules, ending, interview, link, notes, replies};
use crate::{
    effect::Effect,
    model::{
        Model, Screen,
        open::{OpenInterview, Page},
    },
    problem::Problem,
};

/// Opens an interview on this screen.
pub(super) fn open(model: &mut Model, id: i64, screen: Screen) -> Vec<Effect> {
    model.screen = screen;
    if model.open.as_ref().is_none_or(|open| open.id != id) {
        let mut open = OpenInterview::new(id);
        if let Some(position) = model.positions.get(&id) {
            open.return_to(position.clone());
        }
        model.open = Some(open);
    }
    if let Some(open) = &mut model.open {
        open.is_report_behind = false;
    }
    let mut effects = Vec::new();
    // A known interview is shown as it was while it is reloaded.
    if let Some(report) = model.open.as_ref().and_then(|open| open.report.clone()) {
        begin(model, report);
        effects.push(Effect::Watch(id));
    }
    // Another window may have written drafts for it.
    effects.push(Effect::LoadDrafts);
    effects.extend(load(model));
    effects
}

/// Opens a newly created interview.
pub(super) fn open_new(model: &mut Model, interview: Interview) -> Vec<Effect> {
    let id = interview.id;
    model.screen = Screen::Interview;
    model.open = Some(OpenInterview::new(id));
    let slot = |question| QuestionReport { question: Some(question), answer: None };
    let report = Report {
        interview_id: id,
        role: interview.role,
        level: interview.level,
        created_at: interview.created_at,
        mode: interview.mode,
        clock: interview.clock,
        feedback_withheld: interview.feedback_withheld,
        questions: interview.questions.into_iter().map(slot).collect(),
        ..Report::default()
    };
    begin(model, report);
    put_clock(model);
    vec![Effect::Watch(id)]
}

/// Loads or reloads the open interview.
pub(super) fn load(model: &mut Model) -> Option<Effect> {
    let open = model.open.as_mut().filter(|open| !open.is_sample)?;
    open.turn += 1;
    Some(Effect::LoadReport { interview: open.id, turn: open.turn })
}

/// Handles a loaded interview.
pub(super) fn loaded(model: &mut Model, turn: u64, reply: Result<Report, Problem>) -> Vec<Effect> {
    let mut effects = link::heard(model, &reply);
    let Some(open) = &mut model.open else {
        return effects;
    };
    // A newer reply, or the stream, may have overtaken an older one.
    if open.turn != turn {
        return effects;
    }
    match reply {
        Ok(report) if open.report.is_none() => {
            open.problem = None;
            let id = open.id;
            begin(model, report);
            put_clock(model);
            effects.push(Effect::Watch(id));
            effects.extend(notes::settle_open(model));
        }
        Ok(report) => effects.extend(renewed(model, report)),
        Err(problem) if open.report.is_none() => open.problem = Some(problem),
        Err(problem) if problem.is_offline() || problem.needs_sign_in() => {}
        Err(problem) => model.complain(&problem),
    }
    effects
}

/// Handles the current state of the open interview.
fn renewed(model: &mut Model, report: Report) -> Vec<Effect> {
    let Some(open) = &mut model.open else { return Vec::new() };
    open.problem = None;
    let (was_running, pending) = (open.is_running(), open.pending());
    open.put_report(report);
    open.practice.compare_again();
    let mut effects = Vec::new();
    if std::mem::take(&mut open.is_kept) {
        effects.push(Effect::Watch(open.id));
    }
    open.put_clock(model.now);
    open.open_editors(&model.drafts);
    let has_ended = was_running && !open.is_running();
    let is_news = open.pending() < pending;
    let questions: Vec<i64> = open.editors.keys().copied().collect();
    let questions = questions.into_iter();
    effects.extend(questions.flat_map(|question| interview::overtaken(model, question)));
    effects.extend(notes::settle_open(model));
    if has_ended {
        effects.extend(ending::over(model));
    }
    // The stream does not repeat what is known from here.
    if is_news {
        effects.extend(replies::behind_list(model));
    }
    effects
}

/// Shows the interview as it was last loaded, unless something newer is known.
pub(super) fn kept(model: &mut Model, turn: u64, report: Report) {
    let Some(open) = model.open.as_mut().filter(|open| open.turn == turn) else {
        return;
    };
    if open.report.is_some() {
        return;
    }
    open.is_kept = true;
    begin(model, report);
    put_clock(model);
    model.tell("The server is away: this is as it was when it was last loaded.");
}

/// Leaves the interview for the list, or the question for the report that it was opened from. The
/// text being written is kept.
pub(super) fn leave(model: &mut Model) -> Vec<Effect> {
    let mut effects = draft_rules::flush(model);
    effects.extend(interview::drop_unchanged(model));
    if let Some(open) = &mut model.open {
        model.positions.insert(open.id, open.position());
        if std::mem::take(&mut open.is_report_behind) && model.screen == Screen::Interview {
            model.screen = Screen::Report;
            (open.asks, open.fault) = (None, None);
            return effects;
        }
    }
    let is_list_behind = std::mem::take(&mut model.marks.is_behind);
    model.screen = if is_list_behind { Screen::Marks } else { Screen::Dashboard };
    if let Some(open) = &mut model.open {
        open.asks = None;
        open.fault = None;
        // While answers are being evaluated, the list shows their number, so the stream stays open.
        if open.pending() == 0 {
            model.open = None;
            effects.push(Effect::Unwatch);
        }
    }
    effects.extend(link::refresh(model));
    effects
}

fn put_clock(model: &mut Model) {
    let now = model.now;
    if let Some(open) = &mut model.open {
        open.put_clock(now);
    }
}

/// Shows the first open question or, without one, the report.
fn begin(model: &mut Model, report: Report) {
    let Some(open) = &mut model.open else { return };
    open.report = Some(report);
    open.open_editors(&model.drafts);
    open.scroll = 0;
    open.asks = None;
    if model.screen == Screen::Interview {
        match open.first_open(&model.drafts) {
            Some(first) => open.current = first,
            None => show_report(model),
        }
    } else {
        open.select_wanted();
    }
}

/// Shows the report's summary from the top.
pub(super) fn show_report(model: &mut Model) {
    model.screen = Screen::Report;
    if let Some(open) = &mut model.open {
        open.show(0);
        (open.page, open.page_scroll) = (Page::Points, 0);
    }
}

/// Shows the question in front in the report.
pub(super) fn show_question(model: &mut Model) {
    model.screen = Screen::Report;
    if let Some(open) = &mut model.open {
        open.show(open.current + 1);
    }
}

/// Shows the question from the top, because there is something new to read.
pub(super) fn show_question_anew(model: &mut Model) {
    show_question(model);
    if let Some(open) = &mut model.open {
        (open.page, open.page_scroll) = (Page::Points, 0);
    }
}
