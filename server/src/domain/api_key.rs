//! API keys: with one, another program acts for an account, as far as the key's scopes allow.

use super::{
    account::Caller,
    clock::Timestamp,
    id::{ApiKeyId, SessionId, UserId},
    text::line,
    violation::InvalidValue,
};

/// What a key may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Reading and watching the account's data.
    Read,
    /// Creating, answering and deleting interviews; includes [`Scope::Read`].
    Practise,
    /// Grading answers that belong to no interview.
    Grade,
}

impl Scope {
    /// All scopes.
    pub const ALL: [Self; 3] = [Self::Read, Self::Practise, Self::Grade];

    /// The word under which it is stored.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Practise => "practise",
            Self::Grade => "grade",
        }
    }

    /// Returns the scope with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.word() == word)
    }
}

/// A set of scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scopes([bool; Scope::ALL.len()]);

impl Scopes {
    /// The set of the given scopes; duplicates count once.
    pub fn of(given: impl IntoIterator<Item = Scope>) -> Self {
        let mut scopes = [false; Scope::ALL.len()];
        for scope in given {
            scopes[scope as usize] = true;
        }
        Self(scopes)
    }

    /// Its scopes, in the order of [`Scope::ALL`].
    pub fn list(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.into_iter().filter(move |scope| self.0[*scope as usize])
    }

    /// Whether it allows what needs this scope.
    pub fn allow(self, needed: Scope) -> bool {
        self.list()
            .any(|given| given == needed || (given == Scope::Practise && needed == Scope::Read))
    }
}

/// A key as its owner sees it. The server does not keep the secret itself.
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
    /// When it was created.
    pub created_at: Timestamp,
    /// When it stops working; `None`: never.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to the minute; `None`: never.
    pub last_used_at: Option<Timestamp>,
}

/// A key to create, with its fields checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKeyDraft {
    /// What the owner calls it.
    pub name: String,
    /// What it may be used for.
    pub scopes: Scopes,
    /// When it is to stop working; `None`: never.
    pub expires_at: Option<Timestamp>,
}

/// The name of a key: 1 to 100 characters on one line.
pub fn parse_key_name(raw: &str) -> Result<String, InvalidValue> {
    line(raw, 1, 100, "Name must be 1 to 100 characters")
}

/// Checks when a key is to stop working: it must be after `now`.
pub fn parse_expiry(expires_at: Timestamp, now: Timestamp) -> Result<Timestamp, InvalidValue> {
    if expires_at <= now {
        return Err(
            "Expiry must be in the future; leave it out for a key that does not expire".into()
        );
    }
    Ok(expires_at)
}

/// The API key that a call was made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyHolder {
    /// The account that it acts for.
    pub user_id: UserId,
    /// The key.
    pub key_id: ApiKeyId,
    /// What it may be used for.
    pub scopes: Scopes,
}

/// The credential that a call was made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bearer {
    /// A session's access token; it allows everything.
    Session(Caller),
    /// Another program's API key.
    Key(KeyHolder),
}

impl Bearer {
    /// The account that the call is made for.
    pub const fn user_id(self) -> UserId {
        match self {
            Self::Session(caller) => caller.user_id,
            Self::Key(holder) => holder.user_id,
        }
    }

    /// The session of the call; `None` for an API key.
    pub const fn session_id(self) -> Option<SessionId> {
        match self {
            Self::Session(caller) => Some(caller.session_id),
            Self::Key(_) => None,
        }
    }

    /// Whether it allows what needs this scope.
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
    fn practise_includes_read_and_each_other_scope_allows_only_itself() {
        let allowed = |given| Scope::ALL.map(|needed| Scopes::of([given]).allow(needed));
        assert_eq!(allowed(Scope::Read), [true, false, false]);
        assert_eq!(allowed(Scope::Practise), [true, true, false]);
        assert_eq!(allowed(Scope::Grade), [false, false, true]);
        assert!(Scope::ALL.iter().all(|needed| !Scopes::of([]).allow(*needed)));
    }

    #[test]
    fn scopes_are_listed_once_each_in_a_fixed_order() {
        let scopes = Scopes::of([Scope::Grade, Scope::Read, Scope::Grade]);
        assert_eq!(scopes.list().collect::<Vec<_>>(), [Scope::Read, Scope::Grade]);
        for scope in Scope::ALL {
            assert_eq!(Scope::from_word(scope.word()), Some(scope));
        }
    }

    #[test]
    fn a_key_must_expire_after_it_is_created() {
        let at = Timestamp::from_micros;
        assert!(parse_expiry(at(10), at(10)).is_err());
        assert_eq!(parse_expiry(at(11), at(10)), Ok(at(11)));
    }
}
