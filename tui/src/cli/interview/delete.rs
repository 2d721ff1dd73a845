//! `viva interview delete`.

use std::io::{IsTerminal as _, stderr, stdin};

use clap::Args;
use viva_proto::v1::DeleteInterviewResponse;

use super::{
    Context, Failure,
    which::{Which, interview_failure},
};
use crate::{
    api::Api,
    cli::{input, json, on_a_thread, paper},
    drafts::DraftFolder,
    words,
};

const NEEDS_YES: &str =
    "Nothing was deleted: there is no terminal to ask on. Add --yes to delete it.";

/// The interview to delete.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  viva interview delete 7\n  viva interview delete latest --yes"
)]
pub(crate) struct Arguments {
    /// The number of an interview, or `latest`
    #[arg(value_name = "ID")]
    which: Which,

    /// Do not ask for confirmation; required without a terminal
    #[arg(long, short)]
    yes: bool,
}

pub(super) async fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    let can_ask = stdin().is_terminal() && stderr().is_terminal();
    if !arguments.yes && !can_ask {
        return Err(Failure::usage(NEEDS_YES));
    }
    let api = context.api().await?;
    let id = arguments.which.id(api).await?;
    if !arguments.yes && !is_meant(api, id).await? {
        return Err(Failure::failed("Nothing was deleted."));
    }
    api.delete_interview(id).await.map_err(|problem| interview_failure(problem, id))?;
    let drafts = DraftFolder::new(context.paths.drafts(context.settings.server.as_ref()));
    if let Err(error) = drafts.remove_interview(id) {
        paper::note(&format!("A draft for it could not be removed: {error}"));
    }
    if context.json {
        return json::print_reply(&DeleteInterviewResponse {});
    }
    paper::out(&format!("Interview {id} is deleted.\n"))
}

async fn is_meant(api: &Api, id: i64) -> Result<bool, Failure> {
    let interview = api.interview(id).await.map_err(|problem| interview_failure(problem, id))?;
    let title = words::role_and_level(&interview.role, interview.level());
    let answered = interview.progress.unwrap_or_default().answered;
    let answers = words::count(usize::try_from(answered).unwrap_or(0), "answer");
    paper::note(&format!("Delete interview {id} ({title}, {answers}) permanently? Type yes:"));
    let typed = on_a_thread(input::line).await?;
    Ok(typed.is_some_and(|line| matches!(line.trim(), "y" | "yes")))
}
