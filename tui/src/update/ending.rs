//! Ending an interview in real mode: on request, or when its time is up.

use viva_proto::v1::Interview;

use super::{draft_rules, interview, link, opening};
use crate::{
    effect::Effect,
    model::{Model, open::Asks},
    problem::Problem,
};

/// Shown when the interview has ended without a request from here.
const OVER: &str = "The interview has ended: the report has its feedback. What you submit from now \
                    on is marked as late.";

/// Asks whether to end the interview.
pub(super) fn ask(model: &mut Model) -> Vec<Effect> {
    let Some(open) = &model.open else { return Vec::new() };
    if !open.is_running() {
        model.tell("Only an interview in real mode that has not ended can be ended.");
        return Vec::new();
    }
    interview::ask_for(model, Some(Asks::End));
    draft_rules::flush(model)
}

/// Ends the interview.
pub(super) fn end(model: &Model) -> Vec<Effect> {
    model.open.iter().map(|open| Effect::End(open.id)).collect()
}

/// Handles the server's reply that the interview has ended, and shows its report.
pub(super) fn ended(model: &mut Model, reply: Result<Interview, Problem>) -> Vec<Effect> {
    let mut effects = link::heard(model, &reply);
    match reply {
        Ok(interview) => {
            let Some(open) = model.open.as_mut().filter(|open| open.id == interview.id) else {
                return effects;
            };
            if let Some(report) = &mut open.report {
                report.clock = interview.clock;
                report.feedback_withheld = interview.feedback_withheld;
            }
            open.put_clock(model.now);
            open.is_report_behind = false;
            effects.extend(draft_rules::flush(model));
            opening::show_report(model);
            effects.push(Effect::Watch(interview.id));
            effects.extend(opening::load(model));
        }
        Err(problem) if problem.needs_sign_in() => {}
        Err(problem) => model.complain(&problem.with_safe("Your answers are safe.")),
    }
    effects
}

/// Reloads the interview once its time is up: the server decides whether it has ended.
pub(super) fn due(model: &mut Model) -> Option<Effect> {
    let now = model.now;
    model.open.as_mut()?.closes_at.take_if(|at| *at <= now)?;
    opening::load(model)
}

/// Tells the user that the interview has ended, and watches it again: the old stream withholds
/// evaluations.
pub(super) fn over(model: &mut Model) -> Option<Effect> {
    model.remark(OVER);
    model.open.as_ref().map(|open| Effect::Watch(open.id))
}
