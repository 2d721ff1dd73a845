//! API keys: with one, another program calls on an account's behalf, as far as the key's scopes go.

use super::{
    account::Caller,
    clock::Timestamp,
    id::{ApiKeyId, UserId},
    text::line,
    violation::Fault,
};

/// What a key may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Reading and watching what the account has.
    Read,
    /// Making, answering and deleting interviews; reading them goes with it.
    Practise,
    /// Grading answers that belong to no interview.
    Grade,
}

impl Scope {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::Read, Self::Practise, Self::Grade];

    /// The word that it is kept as.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Practise => "practise",
            Self::Grade => "grade",
        }
    }

    /// The scope of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.word() == word)
    }
}

/// A set of scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scopes([bool; Scope::ALL.len()]);

impl Scopes {
    /// Those that are given; what is given twice counts once.
    pub fn of(given: impl IntoIterator<Item = Scope>) -> Self {
        let mut scopes = [false; Scope::ALL.len()];
        for scope in given {
            scopes[scope as usize] = true;
        }
        Self(scopes)
    }

    /// Each that was given, in the order of [`Scope::ALL`].
    pub fn list(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.into_iter().filter(move |scope| self.0[*scope as usize])
    }

    /// Whether what needs that scope may be done.
    pub fn allow(self, needed: Scope) -> bool {
        self.list()
            .any(|given| given == needed || (given == Scope::Practise && needed == Scope::Read))
    }
}

/// A key as its owner sees it; the secret is known to nobody but whoever was given it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// What the owner calls it.
    pub name: String,
    /// The first characters of the secret.
    pub prefix: String,
    /// What it may be used for.
    pub scopes: Scopes,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops working; none: never.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to the minute; none: never.
    pub last_used_at: Option<Timestamp>,
}

/// A key that is to be made, its fields checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKeyDraft {
    /// What the owner calls it.
    pub name: String,
    /// What it may be used for.
    pub scopes: Scopes,
    /// When it is to stop working.
    pub expires_at: Option<Timestamp>,
}

/// The name of a key: 1 to 100 characters on one line.
pub fn parse_key_name(raw: &str) -> Result<String, Fault> {
    line(raw, 1, 100, "Name must be 1 to 100 characters")
}

/// When a key is to stop working: not before it begins to.
pub fn parse_expiry(expires_at: Timestamp, now: Timestamp) -> Result<Timestamp, Fault> {
    if expires_at <= now {
        return Err(
            "Expiry must be in the future; leave it out for a key that does not expire".into()
        );
    }
    Ok(expires_at)
}

/// A key that calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyHolder {
    /// The account that it calls for.
    pub user_id: UserId,
    /// The key.
    pub key_id: ApiKeyId,
    /// What it may be used for.
    pub scopes: Scopes,
}

/// Who calls, by what kind of credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bearer {
    /// Somebody who is signed in, and may do everything.
    Session(Caller),
    /// Another program.
    Key(KeyHolder),
}

impl Bearer {
    /// The account that is called for.
    pub const fn user_id(self) -> UserId {
        match self {
            Self::Session(caller) => caller.user_id,
            Self::Key(holder) => holder.user_id,
        }
    }

    /// Whether what needs that scope may be done.
    pub fn may(self, scope: Scope) -> bool {
        match self {
            Self::Session(_) => true,
            Self::Key(holder) => holder.scopes.allow(scope),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_practise_may_read_and_otherwise_each_scope_stands_alone() {
        let allowed = |given| Scope::ALL.map(|needed| Scopes::of([given]).allow(needed));
        assert_eq!(allowed(Scope::Read), [true, false, false]);
        assert_eq!(allowed(Scope::Practise), [true, true, false]);
        assert_eq!(allowed(Scope::Grade), [false, false, true]);
        assert!(Scope::ALL.iter().all(|needed| !Scopes::of([]).allow(*needed)));
    }

    #[test]
    fn scopes_come_back_each_once_and_in_their_order() {
        let scopes = Scopes::of([Scope::Grade, Scope::Read, Scope::Grade]);
        assert_eq!(scopes.list().collect::<Vec<_>>(), [Scope::Read, Scope::Grade]);
        for scope in Scope::ALL {
            assert_eq!(Scope::from_word(scope.word()), Some(scope));
        }
    }

    #[test]
    fn a_key_cannot_stop_working_before_it_begins_to() {
        let at = Timestamp::from_micros;
        assert!(parse_expiry(at(10), at(10)).is_err());
        assert_eq!(parse_expiry(at(11), at(10)), Ok(at(11)));
    }
}
