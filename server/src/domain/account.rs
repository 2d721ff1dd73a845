//! Accounts and sessions.

use viva_text::is_blank;

use super::{
    clock::Timestamp,
    id::{SessionId, UserId},
    identity::{self, Unfit},
    text::without_nul,
    violation::Fault,
};

/// A person's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// As it was typed; unique by the form in which names are compared.
    pub username: String,
    /// As it was typed; unique without regard to case.
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

/// A name to sign in with: 3 to 50 letters, digits and signs of ASCII, as RFC 8265 has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Username(String);

impl Username {
    /// Checks the rules; surrounding white space is not part of a name. Characters are counted in the
    /// composed form, which is also the one that is kept and shown.
    pub fn parse(raw: &str) -> Result<Self, Fault> {
        const LENGTH: &str = "Username must be 3 to 50 characters";
        let text = raw.trim();
        match identity::username(text) {
            Ok(_) => {}
            Err(Unfit::Empty | Unfit::TooLong) => return Err(LENGTH.into()),
            Err(Unfit::Character(c)) => return Err(in_no_name(c)),
            Err(Unfit::Direction) => {
                return Err("Username must not mix letters that are read from left to right with \
                            ones that are read from right to left, and must not begin with a digit \
                            where these are"
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

/// What is said of a character that no name has.
fn in_no_name(c: char) -> Fault {
    let code = format!("U+{:04X}", u32::from(c));
    Fault(match c {
        c if c.is_whitespace() && !c.is_control() => "Username must not contain spaces".to_owned(),
        c if is_blank(c) => {
            format!("Username must not contain {code}, a character that cannot be seen")
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
    /// Checks the shape: something, one `@`, a domain name with a dot. Whether the address exists,
    /// only a message sent there could tell.
    pub fn parse(raw: &str) -> Result<Self, Fault> {
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
    // RFC 5321 gives the part before the @ at most 64 octets.
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
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        })
}

/// A password that is to be set: 8 to 128 characters of the form in which RFC 8265 has it hashed.
pub struct Password(String);

impl Password {
    /// Checks the rules. Nothing is trimmed or cut; case counts.
    pub fn parse(raw: &str) -> Result<Self, Fault> {
        const SHORT: &str = "Password must be at least 8 characters";
        const LONG: &str = "Password must be at most 128 characters";
        let form = match identity::password(without_nul(raw)?) {
            Ok(form) => form,
            Err(Unfit::Empty) => return Err(SHORT.into()),
            Err(Unfit::TooLong) => return Err(LONG.into()),
            // Which one it is stays between the person and their keyboard.
            Err(Unfit::Character(_) | Unfit::Direction) => {
                return Err(
                    "Password must not contain control characters or invisible ones, such \
                            as join the parts of some emoji"
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
    fn an_address_has_nothing_in_it_that_cannot_be_seen() {
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
            ("ad\u{200b}a", "U+200B, a character that cannot be seen"),
            ("ada\u{7}", "U+0007"),
            ("ada²", "“²” (U+00B2)"),
            ("אבגada", "from left to right"),
            ("", "3 to 50"),
        ] {
            let Fault(told) = Username::parse(name).unwrap_err();
            assert!(told.starts_with("Username must") && told.contains(words), "{told}");
        }
    }

    #[test]
    fn a_password_is_counted_in_the_form_that_is_hashed() {
        assert!(Password::parse(&"e\u{301}".repeat(4)).is_err(), "four characters");
        assert!(Password::parse(&"e\u{301}".repeat(100)).is_ok());
        for bad in ["pass\tword", "👨\u{200d}👩\u{200d}👧 family", "pass\u{200b}word"] {
            let Fault(told) = Password::parse(bad).unwrap_err();
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
