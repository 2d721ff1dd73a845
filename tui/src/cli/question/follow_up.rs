//! `viva question follow-up`.

use clap::Args;
use viva_proto::v1::Question;

use super::{Context, Failure, failure_of, json, paper};
use crate::text::neutral_line;

/// The question to follow up.
#[derive(Debug, Args)]
#[command(
    after_help = "The follow-up is about your latest evaluated answer. Answer it like any other question.\n\nExamples:\n  viva question follow-up 12\n  viva interview answer 3 --question 2 --text \"...\" --wait"
)]
pub(crate) struct Arguments {
    /// The number of a question, as `viva interview show` shows it
    #[arg(value_name = "ID")]
    question: i64,
}

pub(super) async fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    let id = arguments.question;
    let added = context.api().await?.add_follow_up(id).await;
    let added = added.map_err(|problem| failure_of(problem, id))?;
    if context.json {
        return json::print_reply(&added);
    }
    paper::out(&said(&added.question.unwrap_or_default()))
}

fn said(question: &Question) -> String {
    let Question { id, order, text, .. } = question;
    format!(
        "{}\n\nIt is question {order} of the interview; its number is {id}.\n",
        neutral_line(text)
    )
}
