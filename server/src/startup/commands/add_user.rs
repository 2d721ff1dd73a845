//! `viva-server add-user`: lets the operator create an account, even if registration is closed.

use std::io::{self, BufRead as _, IsTerminal as _};

use anyhow::{Context, Result, anyhow, bail};
use viva_runtime::output;

use super::open;
use crate::{
    auth::password::Passwords,
    config::Config,
    domain::{
        account::{Email, Password, Registration, Username},
        clock::{Clock, SystemClock},
        violation::InvalidValue,
    },
    services::{ServiceError, accounts},
};

/// Creates an account by the rules of registration. Its password is asked for on a terminal, or is
/// the first line of standard input; as an argument, it would be in the shell's history.
pub async fn add_user(config: &Config, name: &str, email: &str) -> Result<()> {
    let told = |InvalidValue(rule)| anyhow!(rule);
    let username = Username::parse(name).map_err(told)?;
    let email = Email::parse(email).map_err(told)?;
    let password = Password::parse(&password()?).map_err(told)?;
    let registration = Registration { username, email, password };
    let passwords = Passwords::new()?;
    let store = open(&config.database).await?;
    let permit = passwords.permit()?;
    let added = accounts::add_user(store.as_ref(), &permit, registration, SystemClock.now()).await;
    store.close().await;
    let user = added.map_err(|error| match error {
        ServiceError::UsernameTaken => anyhow!("the name {name} is already taken"),
        ServiceError::EmailTaken => anyhow!("the email address belongs to another account"),
        other => anyhow!("the account could not be created: {other:?}"),
    })?;
    output::print(&format!(
        "{} can sign in now; the account's number is {}\n",
        user.username, user.id
    ))?;
    Ok(())
}

fn password() -> Result<String> {
    if !io::stdin().is_terminal() {
        let mut bytes = Vec::new();
        let read = io::stdin().lock().read_until(b'\n', &mut bytes);
        read.context("standard input cannot be read")?;
        let text = viva_text::decode::typed(&bytes);
        let mut line = text.map_err(|fault| anyhow!("the password {fault}"))?;
        line.truncate(line.trim_end_matches(['\n', '\r']).len());
        return Ok(line);
    }
    let ask = |prompt| rpassword::prompt_password(prompt).context("the password cannot be read");
    let password = ask("Password, 8 to 128 characters: ")?;
    if ask("Repeat the password: ")? != password {
        bail!("the two passwords are not the same");
    }
    Ok(password)
}
