//! Accounts and sessions.

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory as _};
use viva_text::is_blank;

use super::{
    clock::Timestamp,
    id::{SessionId, UserId},
    identity::{self, PrecisError},
    text::without_nul,
    violation::InvalidValue,
};

/// A person's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// As typed; unique by the form in which names are compared.
    pub username: String,
    /// As typed; unique ignoring case.
    pub email: String,
    /// When the account was created.
    pub created_at: Timestamp,
    /// The IANA name of its time zone, once known.
    pub time_zone: Option<String>,
}

/// One sign-in. Its tokens work until it ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// The account that it belongs to.
    pub user_id: UserId,
}

/// An open session, as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActiveSession {
    /// Its id.
    pub id: SessionId,
    /// What it was opened from, according to the client; empty if unknown.
    pub client: String,
    /// When it was opened.
    pub signed_in_at: Timestamp,
    /// When its tokens were last renewed, or first issued if never renewed.
    pub last_used_at: Timestamp,
}

/// The account and session that a call's access token belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    /// The account.
    pub user_id: UserId,
    /// The session.
    pub session_id: SessionId,
}

/// A name to sign in with: 3 to 50 letters, digits and ASCII symbols, as RFC 8265 allows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Username(String);

impl Username {
    /// Checks the rules; surrounding white space is removed. Characters are counted in the composed
    /// form, which is also stored and shown.
    pub fn parse(raw: &str) -> Result<Self, InvalidValue> {
        const LENGTH: &str = "Username must be 3 to 50 characters";
        let text = raw.trim();
        match identity::username(text) {
            Ok(_) => {}
            Err(PrecisError::Empty | PrecisError::TooLong) => return Err(LENGTH.into()),
            Err(PrecisError::Character(c)) => return Err(in_no_name(c)),
            Err(PrecisError::Direction) => {
                return Err("Username must not mix left-to-right and right-to-left letters, nor \
                            begin with a digit if it has right-to-left ones"
                    .into());
            }
        }
        let name = identity::composed(text);
        if !(3..=50).contains(&name.chars().count()) {
            return Err(LENGTH.into());
        }
        Ok(Self(name))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The message about a character that is not allowed in names.
fn in_no_name(c: char) -> InvalidValue {
    let code = format!("U+{:04X}", u32::from(c));
    InvalidValue(match c {
        c if c.is_whitespace() && !c.is_control() => "Username must not contain spaces".to_owned(),
        c if is_blank(c) => {
            format!("Username must not contain {code}, an invisible character")
        }
        c => format!(
            "Username must not contain \u{201c}{c}\u{201d} ({code}): letters, digits and signs such \
             as . _ - are allowed"
        ),
    })
}

/// An e-mail address of at most 100 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// Checks the shape: a local part, one `@`, a domain name with a dot. Whether the address
    /// exists is not checked.
    pub fn parse(raw: &str) -> Result<Self, InvalidValue> {
        let text = identity::composed(raw.trim());
        if text.chars().count() > 100 {
            return Err("Email must be at most 100 characters".into());
        }
        let shaped = text
            .split_once('@')
            .is_some_and(|(local, domain)| is_local_part(local) && is_domain(domain));
        if !shaped {
            return Err("Please enter a valid email address".into());
        }
        Ok(Self(text))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_local_part(local: &str) -> bool {
    // RFC 5321 allows at most 64 octets before the @.
    (1..=64).contains(&local.len())
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && local.chars().all(|c| !is_blank(c) && !"@<>()[],;:\\\"".contains(c))
}

fn is_domain(domain: &str) -> bool {
    domain.contains('.')
        && domain.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-' || is_mark(c))
        })
}

/// Vowel signs and similar marks, which many scripts need in every word.
fn is_mark(c: char) -> bool {
    c.general_category_group() == GeneralCategoryGroup::Mark && !is_blank(c)
}

/// A new password: 8 to 128 characters, counted in RFC 8265's form, which is the one hashed.
pub struct Password(String);

impl Password {
    /// Checks the rules. Nothing is trimmed or truncated; case counts.
    pub fn parse(raw: &str) -> Result<Self, InvalidValue> {
        const SHORT: &str = "Password must be at least 8 characters";
        const LONG: &str = "Password must be at most 128 characters";
        let form = match identity::password(without_nul(raw)?) {
            Ok(form) => form,
            Err(PrecisError::Empty) => return Err(SHORT.into()),
            Err(PrecisError::TooLong) => return Err(LONG.into()),
            // The message does not repeat the character, which is part of a password.
            Err(PrecisError::Character(_) | PrecisError::Direction) => {
                return Err(
                    "Password must not contain control characters or invisible ones, such as those \
                     that join the parts of some emoji"
                        .into(),
                );
            }
        };
        match form.chars().count() {
            0..8 => Err(SHORT.into()),
            8..=128 => Ok(Self(form)),
            _ => Err(LONG.into()),
        }
    }

    /// The password itself, for hashing only.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

// A password is never printed, not even by a `{:?}` in a log line.
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
        for good in [
            "ada@corpus.example",
            "a.b+c@x-y.example",
            "ünal@bücher.example",
            "ada@उदाहरण.परीक्षा",
            "ada@ตัวอย่าง.ไทย",
        ] {
            assert!(Email::parse(good).is_ok(), "{good}");
        }
        for bad in
            ["", "x", "ada.corpus.example", "a@b", "a@@b.c", "a b@c.d", "@c.d", "a@.d", "a@-b.c"]
        {
            assert!(Email::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_address_has_no_invisible_characters() {
        for bad in
            ["ad\u{200b}a@x.org", "\u{202e}ada@x.org", "ada\u{3164}@x.org", "a\u{200d}@x.org"]
        {
            assert!(Email::parse(bad).is_err(), "{bad:?}");
        }
        assert_eq!(Email::parse("jose\u{301}@x.org"), Email::parse("jos\u{e9}@x.org"));
    }

    #[test]
    fn a_name_is_kept_as_typed_and_counted_in_its_composed_form() {
        assert_eq!(Username::parse(" ÉLODIE ").unwrap().as_str(), "ÉLODIE");
        assert_eq!(Username::parse("Jose\u{301}"), Username::parse("Jos\u{e9}"));
        assert!(Username::parse("e\u{301}e\u{301}").is_err(), "two characters");
        assert!(Username::parse(&"e\u{301}".repeat(50)).is_ok());
        assert!(Username::parse(&"e\u{301}".repeat(51)).is_err());
        assert!(Username::parse(&format!("a{}", "\u{323}\u{301}".repeat(30))).is_err());
        for (name, words) in [
            ("ada lovelace", "must not contain spaces"),
            ("ada\u{a0}b", "must not contain spaces"),
            ("ad\u{200b}a", "U+200B, an invisible character"),
            ("ada\u{7}", "U+0007"),
            ("ada²", "“²” (U+00B2)"),
            ("אבגada", "left-to-right"),
            ("", "3 to 50"),
        ] {
            let InvalidValue(told) = Username::parse(name).unwrap_err();
            assert!(told.starts_with("Username must") && told.contains(words), "{told}");
        }
    }

    #[test]
    fn a_password_is_counted_in_the_form_that_is_hashed() {
        assert!(Password::parse(&"e\u{301}".repeat(4)).is_err(), "four characters");
        assert!(Password::parse(&"e\u{301}".repeat(100)).is_ok());
        for bad in ["pass\tword", "👨\u{200d}👩\u{200d}👧 family", "pass\u{200b}word"] {
            let InvalidValue(told) = Password::parse(bad).unwrap_err();
            assert!(told.contains("invisible"), "{told}");
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
