//! Signing in to a remote server, or registering there; afterwards the same screen is shown.

use super::link;
use crate::{
    effect::{Effect, Password},
    keys::Action,
    model::{
        Model,
        editor::Editor,
        link::Account,
        sign_in::{Field, SignIn},
    },
    problem::{Problem, ProblemKind},
};

/// Asks the user to sign in, and says why. The screen behind stays as it is.
pub(super) fn ask(model: &mut Model, why: Option<String>) -> Vec<Effect> {
    model.link.up();
    model.link.account = Some(Account::Nobody);
    model.dashboard.loading = false;
    if model.sign_in.is_none() {
        model.sign_in = Some(SignIn::new(why));
    }
    Vec::new()
}

/// Carries out an action in the form.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(form) = &mut model.sign_in else {
        return Vec::new();
    };
    match action {
        Action::NextField => form.step(true),
        Action::PreviousField => form.step(false),
        Action::OtherForm => {
            form.registering = !form.registering;
            form.field = Field::Username;
            form.faults.clear();
            form.message = None;
        }
        Action::Confirm => return send(form),
        Action::Back => {
            let problem = Problem::new(ProblemKind::SignIn, "You are not signed in");
            if !model.dashboard.loaded {
                model.dashboard.problem = Some(problem);
            }
            model.sign_in = None;
        }
        _ => {}
    }
    Vec::new()
}

/// Changes the text of the field.
pub(super) fn typed(model: &mut Model, with: impl FnOnce(&mut Editor) -> bool) -> Vec<Effect> {
    if let Some(form) = &mut model.sign_in
        && with(form.current())
    {
        form.faults.remove(&form.field);
        form.message = None;
    }
    Vec::new()
}

/// Handles the server's reply.
pub(super) fn signed_in(model: &mut Model, reply: Result<Account, Problem>) -> Vec<Effect> {
    match reply {
        Ok(account) => {
            model.sign_in = None;
            enter(model, account)
        }
        Err(problem) => {
            refused(model, problem);
            Vec::new()
        }
    }
}

/// Enters as a signed-in account: loads its data and sends what waited for it.
pub(super) fn enter(model: &mut Model, account: Account) -> Vec<Effect> {
    model.link.up();
    model.link.account = Some(account);
    model.dashboard.problem = None;
    let mut effects = vec![Effect::LoadDrafts];
    // The stream ended with the session.
    effects.extend(model.open.as_ref().map(|open| Effect::Watch(open.id)));
    effects.extend(link::catch_up(model));
    effects
}

fn refused(model: &mut Model, problem: Problem) {
    let Some(form) = &mut model.sign_in else {
        return;
    };
    form.sending = false;
    form.password = Editor::hidden();
    for violation in &problem.violations {
        if let Some(field) = Field::of_violation(&violation.field) {
            form.faults.insert(field, violation.message.clone());
        }
    }
    if let Some(field) = form.faults.keys().next() {
        form.field = *field;
    } else {
        form.field = Field::Password;
        form.message = Some(problem.message);
    }
}

fn send(form: &mut SignIn) -> Vec<Effect> {
    if form.sending {
        return Vec::new();
    }
    form.message = None;
    form.faults = faults(form);
    if let Some(field) = form.faults.keys().next() {
        form.field = *field;
        return Vec::new();
    }
    form.sending = true;
    let username = form.username.text().trim().to_owned();
    let password = Password(form.password.text());
    vec![if form.registering {
        Effect::Register { username, email: form.email.text().trim().to_owned(), password }
    } else {
        Effect::SignIn { username, password }
    }]
}

/// The faults that can be found without the server.
fn faults(form: &SignIn) -> std::collections::BTreeMap<Field, String> {
    let mut faults = std::collections::BTreeMap::new();
    for field in form.fields() {
        if form.editor(*field).is_blank() {
            let label = field.label().to_lowercase();
            faults.insert(*field, format!("Please enter your {label}"));
        }
    }
    if form.registering {
        let email = form.email.text();
        if !faults.contains_key(&Field::Email) && !looks_like_email(email.trim()) {
            faults.insert(Field::Email, "Please enter a valid email address".to_owned());
        }
        let chars = form.password.text().chars().count();
        if chars < 8 {
            let message = "Password must be at least 8 characters".to_owned();
            faults.insert(Field::Password, message);
        }
    }
    faults
}

/// The server decides; this only rejects obvious faults.
fn looks_like_email(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else {
        return false;
    };
    !name.is_empty()
        && host.split('.').count() > 1
        && host.split('.').all(|part| !part.is_empty())
        && !text.contains(char::is_whitespace)
        && !host.contains('@')
}
