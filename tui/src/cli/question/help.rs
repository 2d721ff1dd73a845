//! `viva question hint` and `viva question reveal`.

use clap::Args;
use viva_proto::v1::{GetHintResponse, RevealQuestionResponse};

use super::{Context, Failure, failure_of, json, paper};
use crate::text::{neutral, neutral_line};

/// The question, and which hint.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  viva question hint 12\n  viva question hint 12 --number 1        read the first one again"
)]
pub(crate) struct HintArguments {
    /// The number of a question, as `viva interview show` shows it
    #[arg(value_name = "ID")]
    question: i64,

    /// Which hint: an earlier one by its number, or 0 for the next one
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(i32).range(0..))]
    number: i32,
}

/// The question to reveal.
#[derive(Debug, Args)]
#[command(
    after_help = "The question then gets no score, and comes again soon if it is from the question bank.\n\nExample:\n  viva question reveal 12"
)]
pub(crate) struct RevealArguments {
    /// The number of a question, as `viva interview show` shows it
    #[arg(value_name = "ID")]
    question: i64,
}

pub(super) async fn hint(arguments: &HintArguments, context: &Context) -> Result<(), Failure> {
    let HintArguments { question, number } = *arguments;
    let hint = context.api().await?.hint(question, number).await;
    let hint = hint.map_err(|problem| failure_of(problem, question))?;
    if context.json {
        return json::print_reply(&hint);
    }
    paper::out(&format!("{}\n", said_hint(&hint)))
}

pub(super) async fn reveal(arguments: &RevealArguments, context: &Context) -> Result<(), Failure> {
    let revealed = context.api().await?.reveal_question(arguments.question).await;
    let revealed = revealed.map_err(|problem| failure_of(problem, arguments.question))?;
    if context.json {
        return json::print_reply(&revealed);
    }
    paper::out(&said_revealed(&revealed))
}

/// A hint with its number.
pub(crate) fn said_hint(hint: &GetHintResponse) -> String {
    let GetHintResponse { text, number, available } = hint;
    format!("Hint {number} of {available}: {}", neutral_line(text))
}

/// What a good answer says, as a text and point by point.
pub(crate) fn said_revealed(revealed: &RevealQuestionResponse) -> String {
    let question = revealed.question.clone().unwrap_or_default();
    let reference = question.shown.unwrap_or_default().reference;
    let points = revealed.key_points.iter().map(|point| format!("- {}\n", neutral_line(point)));
    let points: String = points.collect();
    format!("A good answer says:\n\n{}\n\nIts points:\n{points}", neutral(&reference))
}
