//! `viva interview retry`.

use clap::Args;

use super::{Context, Failure, answer, wait};
use crate::{
    cli::{Exit, paper},
    problem::{Problem, ProblemKind},
};

/// Whose evaluation.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  viva interview retry 12 --wait")]
pub(crate) struct Arguments {
    /// The number of an answer; `viva interview show` has it where an evaluation failed
    #[arg(value_name = "ANSWER_ID")]
    answer: i64,

    #[command(flatten)]
    waiting: wait::Waiting,
}

pub(super) async fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    let api = context.api().await?;
    let id = arguments.answer;
    let queued = api.retry_evaluation(id).await.map_err(|problem| retry_failure(problem, id))?;
    if arguments.waiting.wait {
        return answer::wait_for(api, id, arguments.waiting, context).await;
    }
    if context.json {
        return answer::print(queued);
    }
    paper::out(&format!("Answer {id} is being evaluated again.\n"))
}

fn retry_failure(problem: Problem, id: i64) -> Failure {
    match problem.kind {
        ProblemKind::NotFound => Failure::new(Exit::NotFound, format!("There is no answer {id}.")),
        ProblemKind::Precondition => Failure::failed(format!(
            "The evaluation of answer {id} has not failed, so there is nothing to try again."
        )),
        _ => problem.into(),
    }
}
