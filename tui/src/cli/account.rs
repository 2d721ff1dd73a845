//! Signing in to remote servers. A password comes from the terminal, which does not show it, or
//! from standard input; as an argument it would end up in the shell's history.

mod own;
mod prompt;

use clap::Args;
use viva_proto::v1::LogoutResponse;

pub(super) use self::own::{Command, run};
use super::{Context, Failure, json, paper};
use crate::{drafts::DraftFolder, session::Session, text::neutral_line, words};

const LOGIN_EXAMPLES: &str = "\
Examples:
  viva login --server https://viva.example.org
  viva login --server https://viva.example.org --username ana < password.txt";

const REGISTER_EXAMPLES: &str = "\
Example:
  viva register --server https://viva.example.org --username ana --email ana@example.org";

/// The arguments of `viva login`.
#[derive(Debug, Args)]
#[command(after_help = LOGIN_EXAMPLES)]
pub(crate) struct LoginArguments {
    /// The account's name; you are asked if it is missing
    #[arg(long, value_name = "NAME")]
    username: Option<String>,
}

/// The arguments of `viva register`.
#[derive(Debug, Args)]
#[command(after_help = REGISTER_EXAMPLES)]
pub(crate) struct RegisterArguments {
    /// A name of 3 to 50 characters; you are asked if it is missing
    #[arg(long, value_name = "NAME")]
    username: Option<String>,

    /// Your email address; you are asked if it is missing
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,
}

/// The arguments of `viva logout`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  viva logout --server https://viva.example.org\n  viva logout --everywhere\n  viva logout --forget-drafts"
)]
pub(crate) struct LogoutArguments {
    /// End all sessions of your account, on every machine
    #[arg(long)]
    everywhere: bool,

    /// Remove all accounts' drafts for this server from this machine
    #[arg(long)]
    forget_drafts: bool,
}

/// Only the flags that every command has.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  viva whoami --json | jq -r .user.username")]
pub(crate) struct WhoamiArguments {}

pub(super) async fn login(arguments: LoginArguments, context: &Context) -> Result<(), Failure> {
    let session = remote_session(context, "login").await?;
    let username = prompt::text("Username", "--username", arguments.username).await?;
    let password = prompt::password("Password: ").await?;
    session.sign_in(&username, &password).await?;
    welcome(context).await
}

pub(super) async fn register(
    arguments: RegisterArguments,
    context: &Context,
) -> Result<(), Failure> {
    let session = remote_session(context, "register").await?;
    let username = prompt::text("Username", "--username", arguments.username).await?;
    let email = prompt::text("Email", "--email", arguments.email).await?;
    let password = prompt::new_password("Password, 8 to 128 characters: ").await?;
    session.register(&username, &email, &password).await?;
    session.sign_in(&username, &password).await?;
    welcome(context).await
}

pub(super) async fn logout(arguments: &LogoutArguments, context: &Context) -> Result<(), Failure> {
    let session = remote_session(context, "logout").await?;
    let told = context.client().await?.logout(arguments.everywhere).await;
    // Whatever the server replies, this machine forgets the tokens.
    session.forget().await?;
    settle_drafts(arguments.forget_drafts, context)?;
    match told {
        Err(problem) if !problem.needs_sign_in() => Err(Failure::from(problem).and(
            "You are signed out here, but the server did not confirm it; there the session ends when \
             it expires.",
        )),
        _ if context.json => json::print_reply(&LogoutResponse {}),
        _ if arguments.everywhere => {
            paper::out(&format!("Signed out of {}, everywhere.\n", context.server_name()))
        }
        _ => paper::out(&format!("Signed out of {}.\n", context.server_name())),
    }
}

/// Removes the drafts for the server if asked to; otherwise says that they are kept.
fn settle_drafts(forget: bool, context: &Context) -> Result<(), Failure> {
    let drafts = DraftFolder::new(context.paths.drafts(context.settings.server.as_ref()));
    let unread = |error| Failure::file("The drafts cannot be read", &error);
    let count = drafts.load().map_err(unread)?.len();
    if forget {
        let gone = drafts.remove_all();
        return gone.map_err(|error| Failure::file("Some drafts could not be removed", &error));
    }
    if count > 0 {
        let counted = words::count(count, "draft");
        let stay = if count == 1 { "stays" } else { "stay" };
        paper::note(&format!(
            "{counted} {stay} on this machine, in {}; `viva logout --forget-drafts` removes them.",
            drafts.path().display()
        ));
    }
    Ok(())
}

pub(super) async fn whoami(context: &Context) -> Result<(), Failure> {
    let reply = context.api().await?.who().await?;
    if context.json {
        return json::print_reply(&reply);
    }
    let user = reply.user.unwrap_or_default();
    let line = match &context.settings.server {
        None => "You use the built-in server, which needs no account.".to_owned(),
        Some(server) => format!(
            "{} <{}> on {}",
            neutral_line(&user.username),
            neutral_line(&user.email),
            server.label()
        ),
    };
    paper::out(&format!("{line}\n{}", told(&reply.notice)))
}

async fn welcome(context: &Context) -> Result<(), Failure> {
    let reply = context.api().await?.who().await?;
    if context.json {
        return json::print_reply(&reply);
    }
    let user = reply.user.unwrap_or_default();
    paper::out(&format!(
        "Signed in to {} as {}.\n{}",
        context.server_name(),
        neutral_line(&user.username),
        told(&reply.notice)
    ))
}

/// The server's notice as a line; empty without one.
fn told(notice: &str) -> String {
    if notice.is_empty() { String::new() } else { format!("{}\n", neutral_line(notice)) }
}

/// The session with the configured remote server.
pub(super) async fn remote_session(context: &Context, command: &str) -> Result<Session, Failure> {
    let no_account = || {
        Failure::usage(format!(
            "The built-in server needs no account. To use another one, name it:\nviva {command} \
             --server https://viva.example.org"
        ))
    };
    if context.settings.server.is_none() {
        return Err(no_account());
    }
    if context.settings.api_key.is_some() {
        return Err(Failure::usage(format!(
            "VIVA_API_KEY is set, so every command uses that API key. Unset it to use viva {command}."
        )));
    }
    let api = context.client().await?;
    api.access().session().cloned().ok_or_else(no_account)
}
