//! `viva interview end`.

use clap::Args;
use viva_proto::v1::EndInterviewResponse;

use super::{
    Context, Failure,
    which::{Which, interview_failure},
};
use crate::cli::{json, paper};

/// The interview to end.
#[derive(Debug, Args)]
#[command(
    after_help = "Once the interview has ended, you can read its feedback.\n\nExamples:\n  viva interview end latest\n  viva interview end 7 && viva report 7 --wait"
)]
pub(crate) struct Arguments {
    /// The number of an interview, or `latest`
    #[arg(value_name = "ID")]
    which: Which,
}

pub(super) async fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    let api = context.api().await?;
    let id = arguments.which.id(api).await?;
    let ended = api.end_interview(id).await.map_err(|problem| interview_failure(problem, id))?;
    if context.json {
        return json::print_reply(&EndInterviewResponse { interview: Some(ended) });
    }
    paper::out(&format!(
        "Interview {id} has ended. Read its feedback with: viva report {id} --wait\n"
    ))
}
