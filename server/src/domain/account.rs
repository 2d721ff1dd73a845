//! Accounts and sessions.

use super::{
    clock::Timestamp,
    id::{SessionId, UserId},
    text::{line, without_nul},
    violation::Fault,
};

/// A person's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// Unique.
    pub username: String,
    /// Unique without regard to case.
    pub email: String,
    /// When it was registered.
    pub created_at: Timestamp,
}

/// One sign-in. Its tokens work until it ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
}

/// Who calls: the account and the session that the credential belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    /// The account.
    pub user_id: UserId,
    /// The session.
    pub session_id: SessionId,
}

/// A name to sign in with: 3 to 50 characters on one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Username(String);

impl Username {
    /// Checks the rules; surrounding white space is not part of a name.
    pub fn parse(raw: &str) -> Result<Self, Fault> {
        line(raw, 3, 50, "Username must be 3 to 50 characters").map(Self)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An e-mail address of at most 100 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// Checks the shape: something, one `@`, a domain name with a dot. Whether the address exists,
    /// only a message sent there could tell.
    pub fn parse(raw: &str) -> Result<Self, Fault> {
        let text = raw.trim();
        if text.chars().count() > 100 {
            return Err("Email must be at most 100 characters".into());
        }
        let shaped = text
            .split_once('@')
            .is_some_and(|(local, domain)| is_local_part(local) && is_domain(domain));
        if !shaped {
            return Err("Please enter a valid email address".into());
        }
        Ok(Self(text.to_owned()))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_local_part(local: &str) -> bool {
    // RFC 5321 gives the part before the @ at most 64 octets.
    (1..=64).contains(&local.len())
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && local
            .chars()
            .all(|c| !c.is_control() && !c.is_whitespace() && !"@<>()[],;:\\\"".contains(c))
}

fn is_domain(domain: &str) -> bool {
    domain.contains('.')
        && domain.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        })
}

/// A password that is to be set: 8 to 128 characters, taken exactly as typed.
pub struct Password(String);

impl Password {
    /// Checks the rules. Nothing is trimmed or cut.
    pub fn parse(raw: &str) -> Result<Self, Fault> {
        let length = without_nul(raw)?.chars().count();
        match length {
            0..8 => Err("Password must be at least 8 characters".into()),
            8..=128 => Ok(Self(raw.to_owned())),
            _ => Err("Password must be at most 128 characters".into()),
        }
    }

    /// The password itself, for hashing only.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

// A password is never printed, not even in a debugger's log line.
impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(***)")
    }
}

/// A registration whose fields have been checked.
#[derive(Debug)]
pub struct Registration {
    /// The name to sign in with.
    pub username: Username,
    /// The address.
    pub email: Email,
    /// The password.
    pub password: Password,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_email_needs_a_local_part_one_at_sign_and_a_domain_with_a_dot() {
        for good in ["ada@corpus.example", "a.b+c@x-y.example", "ünal@bücher.example"] {
            assert!(Email::parse(good).is_ok(), "{good}");
        }
        for bad in
            ["", "x", "ada.corpus.example", "a@b", "a@@b.c", "a b@c.d", "@c.d", "a@.d", "a@-b.c"]
        {
            assert!(Email::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_password_is_counted_in_characters_and_never_trimmed() {
        assert!(Password::parse("seven77").is_err());
        assert!(Password::parse("       8").is_ok());
        assert!(Password::parse(&"ü".repeat(128)).is_ok());
        assert!(Password::parse(&"p".repeat(129)).is_err());
    }

    #[test]
    fn a_password_is_never_printed() {
        let password = Password::parse("correct horse 42").unwrap();
        assert!(!format!("{password:?}").contains("horse"));
    }
}
