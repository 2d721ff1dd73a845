//! `viva sessions`: where you are signed in, and ending sessions.

use clap::{Args, Subcommand};
use jiff::{Timestamp, tz::TimeZone};
use viva_proto::v1::ActiveSession;

use super::{Context, Exit, Failure, account::remote_session, json, paper};
use crate::{
    problem::{Problem, ProblemKind},
    text::neutral_line,
    view::wrap,
    words,
};

/// Width of the column for a client.
const CLIENT: usize = 32;

const EXAMPLES: &str = "\
Examples:
  viva sessions --server https://viva.example.org
  viva sessions end 12
  viva sessions end --others

A session was last used when its tokens were renewed, which a client that is in use does every half
hour or so. `viva logout` ends the session of this machine.";

/// The command; without one, sessions are listed.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

/// Commands for sessions.
#[derive(Debug, Subcommand)]
enum Command {
    /// End a session, which signs it out with its next call
    End(EndArguments),
}

/// Which session.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  viva sessions end 12\n  viva sessions end --others")]
struct EndArguments {
    /// The number of a session, as `viva sessions` shows it
    #[arg(value_name = "ID", required_unless_present = "others", conflicts_with = "others")]
    id: Option<i64>,

    /// End all sessions except this machine's
    #[arg(long)]
    others: bool,
}

pub(super) async fn run(arguments: Arguments, context: &Context) -> Result<(), Failure> {
    // The built-in server has a single user, so it needs no sessions.
    remote_session(context, "sessions").await?;
    match arguments.command {
        None => list(context).await,
        Some(Command::End(EndArguments { id: Some(id), .. })) => end(id, context).await,
        Some(Command::End(_)) => end_others(context).await,
    }
}

async fn list(context: &Context) -> Result<(), Failure> {
    let reply = context.api().await?.sessions().await?;
    if context.json {
        return json::print_reply(&reply);
    }
    let row = |session| row(session, context.paper.plain, Timestamp::now(), &TimeZone::system());
    paper::out(&reply.sessions.iter().map(row).collect::<String>())
}

async fn end(id: i64, context: &Context) -> Result<(), Failure> {
    let ended = context.api().await?.end_session(id).await;
    let ended = ended.map_err(|problem| failure(problem, id))?;
    if ended.was_current {
        remote_session(context, "sessions").await?.forget().await?;
    }
    if context.json {
        return json::print_reply(&ended);
    }
    let here = if ended.was_current { " It was this machine's: you are signed out." } else { "" };
    paper::out(&format!("Session {id} has ended.{here}\n"))
}

async fn end_others(context: &Context) -> Result<(), Failure> {
    let ended = context.api().await?.end_other_sessions().await?;
    if context.json {
        return json::print_reply(&ended);
    }
    paper::out("All other sessions have ended.\n")
}

fn failure(problem: Problem, id: i64) -> Failure {
    // Another account's session counts as unknown.
    if matches!(problem.kind, ProblemKind::NotFound | ProblemKind::Denied) {
        let message = format!("You have no session {id}. `viva sessions` shows yours.");
        return Failure::new(Exit::NotFound, message);
    }
    problem.into()
}

fn row(session: &ActiveSession, plain: bool, now: Timestamp, zone: &TimeZone) -> String {
    let client = match neutral_line(&session.client) {
        unknown if unknown.is_empty() => "unknown device".to_owned(),
        client => client,
    };
    let day = |at| words::day(words::moment(at), now, zone);
    let signed_in = format!("signed in {}", day(session.signed_in_at.as_ref()));
    let used = format!("last used {}", day(session.last_used_at.as_ref()));
    let here = if session.is_current { ", this session" } else { "" };
    if plain {
        return format!("{}. {client}, {signed_in}, {used}{here}\n", session.id);
    }
    format!("{:>5}  {} {signed_in}, {used}{here}\n", session.id, wrap::pad(&client, CLIENT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_shows_the_client_and_when_it_was_used() {
        let at = |seconds| Some(prost_types::Timestamp { seconds, nanos: 0 });
        let session = ActiveSession {
            id: 7,
            client: "Firefox\u{1b}[2J on Linux".into(),
            signed_in_at: at(1_700_000_000),
            last_used_at: at(1_700_100_000),
            is_current: true,
        };
        let now = Timestamp::from_second(1_710_000_000).unwrap();
        let plain = row(&session, true, now, &TimeZone::UTC);
        assert!(plain.starts_with("7. Firefox") && !plain.contains('\u{1b}'), "{plain}");
        let when = "signed in 14 Nov 2023, last used 16 Nov 2023, this session\n";
        assert!(plain.ends_with(when), "{plain}");
        let unknown = ActiveSession { client: String::new(), is_current: false, ..session };
        let row = row(&unknown, false, now, &TimeZone::UTC);
        assert!(row.starts_with("    7  unknown device "), "{row}");
    }
}
