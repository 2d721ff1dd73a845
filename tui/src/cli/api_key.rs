//! `viva api-key`: keys with which other programs act for the account.

use clap::{Args, Subcommand, ValueEnum};
use jiff::{Timestamp, tz::TimeZone};
use viva_proto::v1::{self, ApiKey, ListApiKeysResponse, RevokeApiKeyResponse, Scope};

use super::{Context, Exit, Failure, json, paper};
use crate::{
    problem::{Problem, ProblemKind},
    text::neutral_line,
    view::wrap,
    words,
};

/// Seconds in a day.
const DAY: i64 = 24 * 60 * 60;

/// Widths of the columns for name and scopes.
const NAME: usize = 24;
const SCOPES: usize = 22;

const CREATE_EXAMPLES: &str = "\
The key is printed only this once, to standard output; everything else goes to standard error.
Programs send it as  authorization: Bearer KEY ; viva takes it from VIVA_API_KEY.

Examples:
  viva api-key create \"nightly run\" --scope grade --expires 90 --server https://viva.example.org
  VIVA_API_KEY=$(viva api-key create laptop) viva interview list

Without --server or VIVA_SERVER, the key is for the built-in server, which no other program can
reach.";

/// Commands for API keys.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Create a key and print it
    Create(CreateArguments),
    /// List the keys, without their secrets
    List(ListArguments),
    /// Revoke a key
    Revoke(RevokeArguments),
}

/// The key to create.
#[derive(Debug, Args)]
#[command(after_help = CREATE_EXAMPLES)]
pub(crate) struct CreateArguments {
    /// A name for the key, 1 to 100 characters
    #[arg(value_name = "NAME")]
    name: String,

    /// What it may be used for; repeat it for more [default: everything]
    #[arg(long = "scope", value_enum, value_name = "SCOPE")]
    scopes: Vec<Allowed>,

    /// The number of days until it expires [default: never]
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=36_500))]
    expires: Option<u32>,
}

/// What a key may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Allowed {
    /// Reading and watching interviews, answers and reports
    Read,
    /// Creating, answering and deleting interviews, and reading them
    Practise,
    /// Grading answers outside interviews
    Grade,
}

/// Only the flags that every command has.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  viva api-key list --json | jq '.api_keys[].prefix'")]
pub(crate) struct ListArguments {}

/// The key to revoke.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  viva api-key revoke 3")]
pub(crate) struct RevokeArguments {
    /// The number of a key, as `viva api-key list` shows it
    #[arg(value_name = "ID")]
    id: i64,
}

pub(super) async fn run(command: Command, context: &Context) -> Result<(), Failure> {
    match command {
        Command::Create(arguments) => create(arguments, context).await,
        Command::List(_) => list(context).await,
        Command::Revoke(arguments) => revoke(arguments.id, context).await,
    }
}

async fn create(arguments: CreateArguments, context: &Context) -> Result<(), Failure> {
    let expires_at = arguments.expires.map(|days| prost_types::Timestamp {
        seconds: Timestamp::now().as_second() + i64::from(days) * DAY,
        nanos: 0,
    });
    let request = v1::CreateApiKeyRequest {
        name: arguments.name,
        expires_at,
        scopes: arguments.scopes.into_iter().map(|scope| wire(scope).into()).collect(),
    };
    let made = context.api().await?.create_api_key(request).await?;
    if context.json {
        return json::print_reply(&made);
    }
    if let Some(key) = &made.api_key {
        paper::note(&format!(
            "API key {}: {}; {}. It is shown only once:",
            key.id,
            scopes(key),
            lasts(key)
        ));
    }
    paper::out(&format!("{}\n", neutral_line(&made.secret)))
}

async fn list(context: &Context) -> Result<(), Failure> {
    let api_keys = context.api().await?.api_keys().await?;
    if context.json {
        return json::print_reply(&ListApiKeysResponse { api_keys, ..Default::default() });
    }
    if api_keys.is_empty() {
        paper::note("No API keys yet. Create one with: viva api-key create NAME");
        return Ok(());
    }
    let rows: String = api_keys.iter().map(|key| row(key, context.paper.plain)).collect();
    paper::out(&rows)
}

async fn revoke(id: i64, context: &Context) -> Result<(), Failure> {
    context.api().await?.revoke_api_key(id).await.map_err(|problem| key_failure(problem, id))?;
    if context.json {
        return json::print_reply(&RevokeApiKeyResponse {});
    }
    paper::out(&format!("API key {id} is revoked.\n"))
}

fn key_failure(problem: Problem, id: i64) -> Failure {
    if problem.kind == ProblemKind::NotFound {
        let message = format!("There is no API key {id}. `viva api-key list` shows yours.");
        return Failure::new(Exit::NotFound, message);
    }
    problem.into()
}

fn wire(scope: Allowed) -> Scope {
    match scope {
        Allowed::Read => Scope::Read,
        Allowed::Practise => Scope::Practise,
        Allowed::Grade => Scope::Grade,
    }
}

fn row(key: &ApiKey, plain: bool) -> String {
    let (name, prefix) = (neutral_line(&key.name), neutral_line(&key.prefix));
    let (scopes, lasts, used) = (scopes(key), lasts(key), used(key));
    if plain {
        return format!("{}. {name}, {prefix}, {scopes}, {lasts}, {used}\n", key.id);
    }
    let (name, scopes) = (wrap::pad(&name, NAME), wrap::pad(&scopes, SCOPES));
    format!("{:>5}  {name} {prefix}  {scopes} {lasts}, {used}\n", key.id)
}

fn scopes(key: &ApiKey) -> String {
    let words = key.scopes().filter_map(|scope| match scope {
        Scope::Unspecified => None,
        Scope::Read => Some("read"),
        Scope::Practise => Some("practise"),
        Scope::Grade => Some("grade"),
    });
    words.collect::<Vec<_>>().join(", ")
}

fn lasts(key: &ApiKey) -> String {
    let Some(end) = words::moment(key.expires_at.as_ref()) else {
        return "does not expire".to_owned();
    };
    let day = end.to_zoned(TimeZone::system()).strftime("%-d %b %Y").to_string();
    let has_ended = end <= Timestamp::now();
    if has_ended { format!("expired on {day}") } else { format!("works until {day}") }
}

fn used(key: &ApiKey) -> String {
    match words::moment(key.last_used_at.as_ref()) {
        None => "never used".to_owned(),
        Some(at) => {
            format!("used {}", words::day(Some(at), Timestamp::now(), &TimeZone::system()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_shows_what_a_key_may_do_and_until_when() {
        let at = |seconds| Some(prost_types::Timestamp { seconds, nanos: 0 });
        let key = ApiKey {
            id: 3,
            name: "nightly\u{1b}[2J run".into(),
            prefix: "viva_abcdefgh".into(),
            scopes: vec![Scope::Read.into(), Scope::Grade.into(), 77],
            expires_at: at(1_700_000_000),
            ..ApiKey::default()
        };
        let row = row(&key, true);
        assert!(row.starts_with("3. nightly"), "{row}");
        assert!(row.contains("viva_abcdefgh, read, grade, expired on 1"), "{row}");
        assert!(row.ends_with("Nov 2023, never used\n") && !row.contains('\u{1b}'), "{row}");
        let lasting = ApiKey { expires_at: None, ..key };
        assert_eq!(lasts(&lasting), "does not expire");
    }
}
