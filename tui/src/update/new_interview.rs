//! The form for a new interview: its fields, its suggestions, and its request.

pub(super) mod topics_and_advert;

use viva_proto::v1::{CreateInterviewRequest, CreateInterviewResponse, Template};

use super::{draft_rules, link, opening};
use crate::{
    drafts::DraftId,
    effect::Effect,
    keys::Action,
    model::{
        Model, Screen,
        editor::Editor,
        new_interview::{Field, MINUTES, NewInterview},
        start::Start,
    },
    problem::{Problem, ProblemKind},
    templates, words,
};

/// The most questions in an interview.
const MOST: i32 = 10;

/// The message when the user stops waiting for a new interview.
const STOPPED: &str = "Stopped waiting. What you chose is kept: Enter asks again, and if the \
                       interview was made meanwhile, it gives you that one.";

/// The message when the form's key was used to create another interview.
const BEGUN_BEFORE: &str = "An interview was begun from this form already, probably in another window; it is in \
                            your list. What you chose is kept: Enter makes one more.";

/// Opens the form as the user left it; the first time, with the last interview's role and level,
/// and with a job advert from an earlier run.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    let last = model.dashboard.interviews.first().map(|i| (i.role.as_str(), i.level()));
    let mut form = model.left_form.take().map_or_else(|| NewInterview::new(last), |left| *left);
    if let Some(kept) = model.drafts.writing(DraftId::ADVERT)
        && form.advert.text() != kept.text
    {
        form.advert = Editor::lines(&kept.text);
    }
    model.form = Some(form);
    model.screen = Screen::NewInterview;
    let mut effects = draft_rules::look(model);
    if model.templates.is_none() {
        effects.push(Effect::LoadTemplates);
    }
    effects
}

/// Starts a ready-made interview as it is. A form left earlier is kept.
pub(super) fn begin(model: &mut Model, start: &Start) -> Vec<Effect> {
    let templates = model.templates.as_deref().unwrap_or_default();
    let Some(template) = templates.iter().find(|it| it.id == start.template).cloned() else {
        return Vec::new();
    };
    let mut form = NewInterview::new(None);
    take(&mut form, template);
    form.role.replace(&start.role);
    form.questions = start.questions;
    model.form = Some(form);
    model.screen = Screen::NewInterview;
    create(model)
}

/// Carries out an action in the form.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let templates = model.templates.as_deref().unwrap_or_default();
    let Some(form) = &mut model.form else {
        return Vec::new();
    };
    form.is_touched |= matches!(action, Action::Left | Action::Right | Action::Toggle);
    match action {
        Action::OtherText => return draft_rules::exchange(model),
        Action::Back if form.sending_since.take().is_some() => {
            model.remark(STOPPED);
            return vec![Effect::StopCreating];
        }
        Action::Back => return leave(model),
        Action::ReadFile => return topics_and_advert::read_file(model),
        Action::Confirm if form.suggestion.is_some() => take_suggestion(model),
        Action::Confirm if form.field == Field::Topics && !form.wanted_topic.is_blank() => {
            topics_and_advert::toggle(model);
        }
        Action::Confirm => return create(model),
        Action::NextField => form.step(true),
        Action::PreviousField => form.step(false),
        Action::Up | Action::Down if form.field == Field::Topics => {
            topics_and_advert::step_row(model, action == Action::Down);
        }
        Action::Up | Action::Down => {
            let count = form.suggestions(templates).len();
            form.suggestion = next_suggestion(form.suggestion, count, action == Action::Down);
            // Past the last suggestion, the arrow continues through the form.
            if form.suggestion.is_none() && action == Action::Down {
                form.step(true);
            }
        }
        Action::Left | Action::Right if form.field == Field::Topics => {
            topics_and_advert::step(model, action == Action::Right);
        }
        Action::Left => choose(form, false),
        Action::Right => choose(form, true),
        Action::Toggle => topics_and_advert::toggle(model),
        _ => {}
    }
    Vec::new()
}

/// Returns to the list. The form is kept until an interview is started from it. An interview that
/// was requested may be created anyway, and is then in the list.
fn leave(model: &mut Model) -> Vec<Effect> {
    let mut effects = draft_rules::flush(model);
    let form = model.form.take();
    let asked = form.as_ref().is_some_and(|form| form.sent.is_some());
    if let Some(form) = form.filter(|form| form.is_touched) {
        model.left_form = Some(Box::new(form));
    }
    model.screen = Screen::Dashboard;
    if asked {
        effects.extend(link::refresh(model));
    }
    effects
}

/// Changes the text of the field.
pub(super) fn typed(model: &mut Model, with: impl FnOnce(&mut Editor) -> bool) -> Vec<Effect> {
    let Some(form) = &mut model.form else {
        return Vec::new();
    };
    let changed = match form.field {
        Field::Role => with(&mut form.role),
        Field::Advert => with(&mut form.advert),
        Field::Topics => with(&mut form.wanted_topic),
        Field::Language => with(&mut form.language),
        Field::Level | Field::Questions | Field::Mode | Field::Minutes => false,
    };
    if changed {
        form.is_touched = true;
        form.faults.remove(&form.field);
        match form.field {
            Field::Role => {
                form.suggestion = None;
                form.template = None;
            }
            Field::Topics => form.topic = 0,
            Field::Advert => draft_rules::advert_changed(model),
            _ => {}
        }
    }
    Vec::new()
}

/// Handles the server's reply to the request.
pub(super) fn created(
    model: &mut Model,
    reply: Result<CreateInterviewResponse, Problem>,
) -> Vec<Effect> {
    let mut effects = link::heard(model, &reply);
    // A reply that comes too late changes nothing; repeating the request returns the interview.
    if model.form.as_mut().and_then(|form| form.sending_since.take()).is_none() {
        return effects;
    }
    match reply {
        Ok(CreateInterviewResponse { interview: Some(interview), notice }) => {
            // The draft of an advert that this form did not use is kept for the next one.
            let has_advert = model.form.take().is_some_and(|form| !form.advert.is_blank());
            let advert = has_advert.then(|| model.drafts.forget(DraftId::ADVERT)).flatten();
            effects.extend(advert.map(|_| Effect::RemoveDraft(DraftId::ADVERT)));
            effects.extend(opening::open_new(model, interview));
            if !notice.is_empty() {
                model.remark(notice);
            }
        }
        Ok(_) => model.complain(&Problem::new(ProblemKind::Server, "The interview is missing.")),
        Err(problem) if problem.needs_sign_in() => {}
        Err(problem) => refused(model, problem),
    }
    effects
}

fn refused(model: &mut Model, problem: Problem) {
    let Some(form) = &mut model.form else { return };
    if problem.kind == ProblemKind::Conflict {
        // Another interview was created with this key; the next attempt creates this one.
        form.sent = None;
        model.complain(&Problem { message: BEGUN_BEFORE.to_owned(), ..problem });
        return;
    }
    let mut others = Vec::new();
    for violation in &problem.violations {
        match Field::of_violation(&violation.field) {
            Some(field) => {
                form.faults.insert(field, violation.message.clone());
            }
            None => others.push(violation.clone()),
        }
    }
    if let Some(field) = form.faults.keys().next() {
        form.field = *field;
    }
    if problem.violations.is_empty() || !others.is_empty() {
        let problem = Problem { violations: others, ..problem };
        model.complain(&problem.with_safe("What you chose is kept; Enter tries again."));
    }
}

fn create(model: &mut Model) -> Vec<Effect> {
    let templates = model.templates.as_deref().unwrap_or_default();
    let Some(form) = &mut model.form else {
        return Vec::new();
    };
    if form.sending_since.is_some() {
        return Vec::new();
    }
    form.is_touched = true;
    form.faults.clear();
    let mut request = form.request(templates);
    if request.role.is_empty() && request.template_id.is_empty() {
        form.faults.insert(Field::Role, "Please say which role, or choose one with ↓".to_owned());
        form.field = Field::Role;
        return Vec::new();
    }
    // Repeating the request, after a reply that never came, uses the same key.
    let known = form.sent.as_ref().filter(|sent| without_key(sent) == request);
    request.idempotency_key =
        known.map_or_else(|| model.keys.make(), |sent| sent.idempotency_key.clone());
    form.sent = Some(request.clone());
    form.sending_since = Some(model.now);
    model.notice = None;
    let mut effects = draft_rules::flush(model);
    effects.push(Effect::Create(Box::new(request)));
    effects
}

fn without_key(request: &CreateInterviewRequest) -> CreateInterviewRequest {
    CreateInterviewRequest { idempotency_key: String::new(), ..request.clone() }
}

/// Copies the selected suggestion into the form.
fn take_suggestion(model: &mut Model) {
    let templates = model.templates.as_deref().unwrap_or_default();
    let Some(form) = &mut model.form else { return };
    let Some(at) = form.suggestion.take() else {
        return;
    };
    let Some(template) = form.suggestions(templates).get(at).map(|t| (*t).clone()) else {
        return;
    };
    take(form, template);
}

/// Copies a ready-made interview into the form, by its index.
pub(super) fn take_template(model: &mut Model, at: usize) {
    let template = model.templates.iter().flatten().nth(at).cloned();
    if let (Some(form), Some(template)) = (&mut model.form, template) {
        take(form, template);
    }
}

fn take(form: &mut NewInterview, template: Template) {
    form.is_touched = true;
    form.role.replace(&template.role);
    form.level = template.level();
    form.is_level_chosen = true;
    form.topics.clear();
    form.questions = templates::questions(&template).unwrap_or(form.questions);
    form.template = Some(template.id);
    form.faults.remove(&Field::Role);
}

fn next_suggestion(at: Option<usize>, count: usize, down: bool) -> Option<usize> {
    match (at, down) {
        (None, true) if count > 0 => Some(0),
        (Some(at), true) if at + 1 < count => Some(at + 1),
        (Some(at), false) => at.checked_sub(1),
        _ => None,
    }
}

fn choose(form: &mut NewInterview, forward: bool) {
    match form.field {
        Field::Level => {
            let at = words::LEVELS.iter().position(|level| *level == form.level).unwrap_or(0);
            choose_level(form, if forward { at + 1 } else { at.saturating_sub(1) });
        }
        Field::Questions => {
            form.questions = (form.questions + if forward { 1 } else { -1 }).clamp(1, MOST);
        }
        Field::Mode => form.is_real = forward,
        Field::Minutes => {
            let at = MINUTES.iter().position(|minutes| *minutes == form.minutes).unwrap_or(0);
            let at = if forward { at + 1 } else { at.saturating_sub(1) };
            form.minutes = MINUTES[at.min(MINUTES.len() - 1)];
        }
        _ => {}
    }
}

fn choose_level(form: &mut NewInterview, at: usize) {
    form.level = words::LEVELS[at.min(words::LEVELS.len() - 1)];
    form.is_level_chosen = true;
    form.template = None;
}

/// Sets the number of questions.
pub(super) fn pick(model: &mut Model, number: usize) {
    let Some(form) = model.form.as_mut().filter(|form| form.field == Field::Questions) else {
        return;
    };
    form.questions = i32::try_from(number).ok().filter(|number| *number > 0).unwrap_or(MOST);
    form.is_touched = true;
}
