//! Signing in to a remote server, or creating an account there.

use std::collections::BTreeMap;

use super::editor::Editor;

/// The fields, in the order of Tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Field {
    /// The account's name.
    Username,
    /// The email address, for a new account.
    Email,
    /// The password.
    Password,
}

impl Field {
    /// The field that a violation of the request names.
    pub(crate) fn of_violation(name: &str) -> Option<Self> {
        match name {
            "username" => Some(Self::Username),
            "email" => Some(Self::Email),
            "password" => Some(Self::Password),
            _ => None,
        }
    }

    /// The field's label.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Username => "Username",
            Self::Email => "Email",
            Self::Password => "Password",
        }
    }
}

/// The state of the form.
#[derive(Debug)]
pub(crate) struct SignIn {
    /// Whether the form creates an account.
    pub(crate) registering: bool,
    /// The field that keys go to.
    pub(crate) field: Field,
    /// The account's name.
    pub(crate) username: Editor,
    /// The account's email address.
    pub(crate) email: Editor,
    /// The account's password.
    pub(crate) password: Editor,
    /// What is wrong with each field.
    pub(crate) faults: BTreeMap<Field, String>,
    /// What is wrong with the form as a whole, or why the user must sign in.
    pub(crate) message: Option<String>,
    /// Whether the request is being sent.
    pub(crate) sending: bool,
}

impl SignIn {
    /// An empty form with the reason for it.
    pub(crate) fn new(message: Option<String>) -> Self {
        Self {
            registering: false,
            field: Field::Username,
            username: Editor::line(""),
            email: Editor::line(""),
            password: Editor::hidden(),
            faults: BTreeMap::new(),
            message,
            sending: false,
        }
    }

    /// The visible fields.
    pub(crate) fn fields(&self) -> &'static [Field] {
        if self.registering {
            &[Field::Username, Field::Email, Field::Password]
        } else {
            &[Field::Username, Field::Password]
        }
    }

    /// The text of a field.
    pub(crate) fn editor(&self, field: Field) -> &Editor {
        match field {
            Field::Username => &self.username,
            Field::Email => &self.email,
            Field::Password => &self.password,
        }
    }

    /// The text in the field that keys go to.
    pub(crate) fn current(&mut self) -> &mut Editor {
        match self.field {
            Field::Username => &mut self.username,
            Field::Email => &mut self.email,
            Field::Password => &mut self.password,
        }
    }

    /// Moves to the next field, or to the previous one.
    pub(crate) fn step(&mut self, forward: bool) {
        let fields = self.fields();
        let at = fields.iter().position(|field| *field == self.field).unwrap_or(0);
        let step = if forward { 1 } else { fields.len() - 1 };
        self.field = fields[(at + step) % fields.len()];
    }
}
