//! Prompts for names and passwords.

use std::io::{self, IsTerminal as _, Write as _, stderr, stdin};

use secrecy::{ExposeSecret as _, SecretString};

use super::Failure;
use crate::cli::{input, on_a_thread};

/// A text from a flag, or else from a prompt on the terminal.
pub(super) async fn text(
    name: &'static str,
    flag: &str,
    given: Option<String>,
) -> Result<String, Failure> {
    if let Some(text) = given {
        return Ok(text);
    }
    if !stdin().is_terminal() {
        // Standard input then carries the password.
        return Err(Failure::usage(format!("Without a terminal, name it with {flag}.")));
    }
    on_a_thread(move || {
        let _ = write!(stderr(), "{name}: ");
        match input::line()? {
            Some(line) if !line.trim().is_empty() => Ok(line.trim().to_owned()),
            _ => Err(Failure::usage(format!("{name} must not be empty."))),
        }
    })
    .await
}

/// A password, from the terminal or as the first line of standard input.
pub(super) async fn password(prompt: &'static str) -> Result<SecretString, Failure> {
    on_a_thread(move || ask(prompt)).await
}

/// A new password; a terminal asks for it twice.
pub(super) async fn new_password(prompt: &'static str) -> Result<SecretString, Failure> {
    on_a_thread(move || {
        let password = ask(prompt)?;
        if stdin().is_terminal() {
            let again = ask("Repeat the password: ")?;
            if password.expose_secret() != again.expose_secret() {
                return Err(Failure::usage("The two passwords are not the same."));
            }
        }
        Ok(password)
    })
    .await
}

fn ask(prompt: &str) -> Result<SecretString, Failure> {
    let password = if stdin().is_terminal() {
        rpassword::prompt_password(prompt).map_err(|error| match error.kind() {
            // Ctrl+C at the password prompt.
            io::ErrorKind::Interrupted => Failure::interrupted(),
            _ => Failure::file("The password cannot be read", &error),
        })?
    } else {
        input::line()?.unwrap_or_default()
    };
    if password.is_empty() {
        return Err(Failure::usage("The password must not be empty."));
    }
    Ok(password.into())
}
