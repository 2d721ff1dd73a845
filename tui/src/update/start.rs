//! The first steps: starting a ready-made interview, showing the sample report, opening the form.

use super::{dashboard, keyboard, new_interview, opening};
use crate::{
    effect::Effect,
    keys::Action,
    model::{
        Model, Screen,
        open::OpenInterview,
        start::{self, Choice},
    },
    problem::{Problem, ProblemKind},
};

/// Carries out an action in the first steps.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let last = model.choices().len().saturating_sub(1);
    match action {
        Action::Open => choose(model, model.dashboard.starts.selected),
        Action::Sample => open_sample(model),
        Action::Up | Action::Down | Action::Top | Action::Bottom => {
            let starts = &mut model.dashboard.starts;
            starts.selected = keyboard::scrolled(starts.selected, last, 1, action);
            Vec::new()
        }
        _ => dashboard::act(model, action),
    }
}

/// Carries out the choice with this number.
pub(super) fn pick(model: &mut Model, number: usize) -> Vec<Effect> {
    number.checked_sub(1).map(|at| choose(model, at)).unwrap_or_default()
}

fn choose(model: &mut Model, at: usize) -> Vec<Effect> {
    let Some(choice) = model.choices().into_iter().nth(at) else {
        return Vec::new();
    };
    model.dashboard.starts.selected = at;
    match choice {
        Choice::Begin(start) => new_interview::begin(model, &start),
        Choice::Sample => open_sample(model),
        Choice::Own => new_interview::open(model),
    }
}

/// Loads the ready-made interviews when they are about to be offered.
pub(super) fn due(model: &mut Model) -> Option<Effect> {
    let is_due = model.has_nothing_to_list() && model.templates.is_none();
    let starts = &mut model.dashboard.starts;
    if !is_due || starts.is_asked {
        return None;
    }
    starts.is_asked = true;
    Some(Effect::LoadTemplates)
}

/// Shows the sample report, which is generated here without a server.
pub(super) fn open_sample(model: &mut Model) -> Vec<Effect> {
    model.screen = Screen::Report;
    model.open = Some(OpenInterview { is_sample: true, ..OpenInterview::new(0) });
    vec![Effect::Unwatch, Effect::LoadSample]
}

/// Handles the sample report.
pub(super) fn sample(
    model: &mut Model,
    report: Result<viva_proto::v1::Report, Problem>,
) -> Vec<Effect> {
    let Some(open) = model.open.as_mut().filter(|open| open.is_sample) else {
        return Vec::new();
    };
    match report {
        Ok(report) => {
            open.report = Some(report);
            Vec::new()
        }
        Err(problem) => {
            let effects = opening::leave(model);
            model.complain(&Problem { kind: ProblemKind::Local, ..problem });
            effects
        }
    }
}

impl Model {
    /// The choices of the first steps.
    pub(crate) fn choices(&self) -> Vec<Choice> {
        start::choices(self.templates.as_deref().unwrap_or_default())
    }
}
