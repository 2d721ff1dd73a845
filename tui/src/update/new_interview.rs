//! The form for a new interview: its fields, its suggestions, and the request it ends in.

use viva_proto::v1::{CreateInterviewRequest, CreateInterviewResponse};

use super::{drafts, link, opening};
use crate::{
    drafts::DraftId,
    effect::Effect,
    keys::Action,
    model::{
        Model, Screen,
        editor::Editor,
        new_interview::{Field, NewInterview},
    },
    problem::{Problem, ProblemKind},
    templates, words,
};

/// What is said when waiting for a new interview is stopped.
const STOPPED: &str = "Stopped waiting. What you chose is kept: Enter asks again, and if the \
                       interview was made meanwhile, it gives you that one.";

/// What is said when another interview was made under the form's key.
const BEGUN_BEFORE: &str = "An interview was begun from this form already, probably in another window; it is in \
                            your list. What you chose is kept: Enter makes one more.";

/// Opens the form as it was left; at first with the last interview's role and level to begin from, and
/// with a job advert that is kept from before.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    let last = model.dashboard.interviews.first().map(|i| (i.role.as_str(), i.level()));
    let mut form = model.left_form.take().map_or_else(|| NewInterview::new(last), |left| *left);
    if let Some(kept) = model.journal.writing(DraftId::ADVERT)
        && form.advert.text() != kept.text
    {
        form.advert = Editor::lines(&kept.text);
    }
    model.form = Some(form);
    model.screen = Screen::NewInterview;
    let mut effects = drafts::look(model);
    if model.templates.is_none() {
        effects.push(Effect::LoadTemplates);
    }
    effects
}

/// Does what a key means here.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let templates = model.templates.as_deref().unwrap_or_default();
    let Some(form) = &mut model.form else {
        return Vec::new();
    };
    form.is_touched |= matches!(action, Action::Left | Action::Right | Action::Toggle);
    match action {
        Action::OtherText => return drafts::exchange(model),
        Action::Back if form.sending_since.take().is_some() => {
            model.remark(STOPPED);
            return vec![Effect::StopCreating];
        }
        Action::Back => return leave(model),
        Action::Confirm if form.suggestion.is_some() => take_suggestion(model),
        Action::Confirm => return create(model),
        Action::NextField => form.field = form.field.step(true),
        Action::PreviousField => form.field = form.field.step(false),
        Action::Up | Action::Down => {
            let count = form.suggestions(templates).len();
            form.suggestion = next_suggestion(form.suggestion, count, action == Action::Down);
            // Past the last suggestion the arrow goes on through the form.
            if form.suggestion.is_none() && action == Action::Down {
                form.field = form.field.step(true);
            }
        }
        Action::Left => choose(form, &NewInterview::topics_of(templates), false),
        Action::Right => choose(form, &NewInterview::topics_of(templates), true),
        Action::Toggle => toggle(form, &NewInterview::topics_of(templates)),
        _ => {}
    }
    Vec::new()
}

/// Back to the list. What was typed is kept until an interview is started from it. What was asked for may
/// have been made all the same, and then stands there.
fn leave(model: &mut Model) -> Vec<Effect> {
    let mut effects = drafts::flush(model);
    let form = model.form.take();
    let asked = form.as_ref().is_some_and(|form| form.sent.is_some());
    model.left_form = form.filter(|form| form.is_touched).map(Box::new);
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
        Field::Level | Field::Questions | Field::Topics => false,
    };
    if changed {
        form.is_touched = true;
        form.faults.remove(&form.field);
        if form.field == Field::Role {
            form.suggestion = None;
            form.template = None;
        } else {
            drafts::advert_changed(model);
        }
    }
    Vec::new()
}

/// The server's word on the request.
pub(super) fn created(
    model: &mut Model,
    reply: Result<CreateInterviewResponse, Problem>,
) -> Vec<Effect> {
    let mut effects = link::heard(model, &reply);
    // One that nobody waits for any more changes nothing; asked for again, it is given again.
    if model.form.as_mut().and_then(|form| form.sending_since.take()).is_none() {
        return effects;
    }
    match reply {
        Ok(CreateInterviewResponse { interview: Some(interview), notice }) => {
            model.form = None;
            effects.extend(
                model.journal.forget(DraftId::ADVERT).map(|_| Effect::RemoveDraft(DraftId::ADVERT)),
            );
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
        // Under its key another interview was begun; the next try is to make this one.
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
    // The same request again, after a reply that never came, has the same key.
    let known = form.sent.as_ref().filter(|sent| without_key(sent) == request);
    request.idempotency_key =
        known.map_or_else(|| model.keys.make(), |sent| sent.idempotency_key.clone());
    form.sent = Some(request.clone());
    form.sending_since = Some(model.now);
    model.notice = None;
    let mut effects = drafts::flush(model);
    effects.push(Effect::Create(Box::new(request)));
    effects
}

fn without_key(request: &CreateInterviewRequest) -> CreateInterviewRequest {
    CreateInterviewRequest { idempotency_key: String::new(), ..request.clone() }
}

/// Takes the chosen suggestion's role and level into the form.
fn take_suggestion(model: &mut Model) {
    let templates = model.templates.as_deref().unwrap_or_default();
    let Some(form) = &mut model.form else { return };
    let Some(at) = form.suggestion.take() else {
        return;
    };
    let Some(template) = form.suggestions(templates).get(at).map(|t| (*t).clone()) else {
        return;
    };
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

fn choose(form: &mut NewInterview, topics: &[String], forward: bool) {
    match form.field {
        Field::Level => {
            let at = words::LEVELS.iter().position(|level| *level == form.level).unwrap_or(0);
            let to = if forward { at + 1 } else { at.saturating_sub(1) };
            form.level = words::LEVELS[to.min(words::LEVELS.len() - 1)];
            form.is_level_chosen = true;
            form.template = None;
        }
        Field::Questions => {
            form.questions = (form.questions + if forward { 1 } else { -1 }).clamp(1, 10);
        }
        Field::Topics => {
            let to = if forward { form.topic + 1 } else { form.topic.saturating_sub(1) };
            form.topic = to.min(topics.len().saturating_sub(1));
        }
        Field::Role | Field::Advert => {}
    }
}

fn toggle(form: &mut NewInterview, topics: &[String]) {
    let Some(topic) = topics.get(form.topic).filter(|_| form.field == Field::Topics) else {
        return;
    };
    if !form.topics.remove(topic) {
        form.topics.insert(topic.clone());
    }
    form.faults.remove(&Field::Topics);
    form.template = None;
}
