//! Signing in to a remote server, or creating an account there.

use std::collections::BTreeMap;

use super::editor::Editor;

/// The fields, in the order that Tab goes through them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Field {
    /// The account's name.
    Username,
    /// Its address, for a new account.
    Email,
    /// Its password.
    Password,
}

impl Field {
    /// The field of the request that a violation names.
    pub(crate) fn of_violation(name: &str) -> Option<Self> {
        match name {
            "username" => Some(Self::Username),
            "email" => Some(Self::Email),
            "password" => Some(Self::Password),
            _ => None,
        }
    }

    /// Its label.
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
    /// Whether an account is created.
    pub(crate) registering: bool,
    /// Where the keys go.
    pub(crate) field: Field,
    /// The account's name.
    pub(crate) username: Editor,
    /// Its address.
    pub(crate) email: Editor,
    /// Its password.
    pub(crate) password: Editor,
    /// What is wrong, by field.
    pub(crate) faults: BTreeMap<Field, String>,
    /// What is wrong with the whole, or why signing in is needed.
    pub(crate) message: Option<String>,
    /// Whether the request is on its way.
    pub(crate) sending: bool,
}

impl SignIn {
    /// An empty form that says why it is there.
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

    /// The fields that are shown.
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

    /// The text that the keys go into.
    pub(crate) fn current(&mut self) -> &mut Editor {
        match self.field {
            Field::Username => &mut self.username,
            Field::Email => &mut self.email,
            Field::Password => &mut self.password,
        }
    }

    /// Goes to the field after this one, or before it.
    pub(crate) fn step(&mut self, forward: bool) {
        let fields = self.fields();
        let at = fields.iter().position(|field| *field == self.field).unwrap_or(0);
        let step = if forward { 1 } else { fields.len() - 1 };
        self.field = fields[(at + step) % fields.len()];
    }
}
