//! The points to work on: choosing one, and practising it.

use super::{keyboard, practice};
use crate::{
    effect::Effect,
    evaluation::findings::{self, Outcome},
    keys::{self, Action, Context},
    model::{Model, Overlay},
};

/// Opens the points to work on for the current question, or, from the summary, for all questions. A single
/// point is practised right away.
pub(super) fn practise(model: &mut Model) {
    let Some(open) = &model.open else { return };
    let question = open.selected.checked_sub(1);
    match findings::to_choose(open.questions(), question).as_slice() {
        [] => {
            let key = keys::label(Context::Report, Action::AnswerAgain);
            model.tell(format!("There is nothing left to work on here; {key} answers again."));
        }
        [only] => {
            let point = Point::of(only);
            practise_point(model, &point);
        }
        _ => model.overlay = Some(Overlay::Practise { question, selected: 0 }),
    }
}

/// Carries out an action in the list of points.
pub(super) fn act_in_list(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(Overlay::Practise { question, selected }) = model.overlay else { return Vec::new() };
    let points = found(model, question);
    match action {
        Action::Confirm => pick(model, selected + 1),
        Action::FollowUp => {
            let at = points.get(selected).map(|point| point.question);
            model.overlay = None;
            return at.map(|at| practice::follow_up_to(model, at)).unwrap_or_default();
        }
        Action::Back => model.overlay = None,
        _ => {
            let last = points.len().saturating_sub(1);
            let selected = keyboard::scrolled(selected, last, 1, action);
            model.overlay = Some(Overlay::Practise { question, selected });
        }
    }
    Vec::new()
}

/// Practises the point with this number.
pub(super) fn pick(model: &mut Model, number: usize) {
    let Some(Overlay::Practise { question, .. }) = model.overlay else { return };
    let points = found(model, question);
    if let Some(point) = number.checked_sub(1).and_then(|at| points.get(at)).map(Point::of) {
        model.overlay = None;
        practise_point(model, &point);
    }
}

/// A point to practise.
struct Point {
    question: usize,
    aim: String,
}

impl Point {
    fn of(found: &findings::WeakPoint<'_>) -> Self {
        let words = match found.finding.outcome {
            Outcome::Contradicted => "Put this right",
            Outcome::Near => "Say this in full",
            Outcome::Missed | Outcome::Made => "Say this time",
        };
        Self { question: found.question, aim: format!("{words}: {}", found.finding.point) }
    }
}

/// Opens the question of a point for a new answer, and names the point that it should make.
fn practise_point(model: &mut Model, point: &Point) {
    let Some(open) = &mut model.open else { return };
    open.current = point.question;
    open.is_report_behind = true;
    practice::begin_again(model, true);
    model.remark(point.aim.clone());
}

fn found(model: &Model, question: Option<usize>) -> Vec<findings::WeakPoint<'_>> {
    let questions = model.open.as_ref().map(|open| findings::to_choose(open.questions(), question));
    questions.unwrap_or_default()
}
