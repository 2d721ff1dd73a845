//! `viva-server add-user`: an account that whoever runs the server makes, also where registration is
//! closed.

use std::io::{self, BufRead as _, IsTerminal as _};

use anyhow::{Context, Result, anyhow, bail};

use super::open;
use crate::{
    auth::password::Passwords,
    config::Config,
    domain::{
        account::{Email, Password, Registration, Username},
        clock::{Clock, SystemClock},
        violation::Fault,
    },
    services::{ServiceError, accounts},
};

/// Makes an account by the rules of registering. Its password is asked for on a terminal, or is the
/// first line of standard input; as an argument it would stand in the shell's history.
pub async fn add_user(config: &Config, name: &str, email: &str) -> Result<()> {
    let told = |Fault(rule)| anyhow!(rule);
    let username = Username::parse(name).map_err(told)?;
    let email = Email::parse(email).map_err(told)?;
    let password = Password::parse(&password()?).map_err(told)?;
    let registration = Registration { username, email, password };
    let passwords = Passwords::new()?;
    let store = open(&config.database).await?;
    let turn = passwords.turn()?;
    let added = accounts::add_user(store.as_ref(), &turn, registration, SystemClock.now()).await;
    store.close().await;
    let user = added.map_err(|error| match error {
        ServiceError::UsernameTaken => anyhow!("the name {name} is already taken"),
        ServiceError::EmailTaken => anyhow!("the address belongs to another account"),
        other => anyhow!("the account could not be made: {other:?}"),
    })?;
    println!("{} may sign in now; the account's number is {}", user.username, user.id);
    Ok(())
}

fn password() -> Result<String> {
    if !io::stdin().is_terminal() {
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line).context("standard input cannot be read")?;
        line.truncate(line.trim_end_matches(['\n', '\r']).len());
        return Ok(line);
    }
    let ask = |prompt| rpassword::prompt_password(prompt).context("the password cannot be read");
    let password = ask("Password, 8 to 128 characters: ")?;
    if ask("The same again: ")? != password {
        bail!("the two are not the same");
    }
    Ok(password)
}
