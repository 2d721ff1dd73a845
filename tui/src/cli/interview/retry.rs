//! `viva interview retry`.

use clap::Args;

use super::{Context, Failure, answer, wait};
use crate::{
    api::Api,
    cli::{Exit, paper, report},
    problem::{Problem, ProblemKind},
    words,
};

/// The answer to evaluate again.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  viva interview retry 12 --wait")]
pub(crate) struct Arguments {
    /// The number of an answer; `viva interview show` gives it for each failed evaluation
    #[arg(value_name = "ANSWER_ID")]
    answer: i64,

    #[command(flatten)]
    waiting: wait::Waiting,
}

pub(super) async fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    let api = context.api().await?;
    let id = arguments.answer;
    let queued = match api.retry_evaluation(id).await {
        Err(problem) if problem.kind == ProblemKind::Precondition => {
            return Err(not_failed(api, id).await);
        }
        queued => queued.map_err(|problem| retry_failure(problem, id))?,
    };
    if arguments.waiting.wait {
        return answer::wait_for(api, id, arguments.waiting, context).await;
    }
    if context.json {
        return answer::print(queued);
    }
    paper::out(&format!("Answer {id} is being evaluated again. `viva report` shows the result.\n"))
}

fn retry_failure(problem: Problem, id: i64) -> Failure {
    match problem.kind {
        ProblemKind::NotFound => Failure::new(Exit::NotFound, format!("There is no answer {id}.")),
        _ => problem.into(),
    }
}

/// The failure for an evaluation that has not failed, with its status.
async fn not_failed(api: &Api, id: i64) -> Failure {
    let failure = Failure::failed(format!(
        "The evaluation of answer {id} has not failed, so there is nothing to try again."
    ));
    let Ok(answer) = api.answer(id).await else {
        return failure;
    };
    failure.and(match words::answer_score(&answer) {
        Some(score) => format!("It has a score: {} {}.", words::score(score), words::band(score)),
        None => report::waiting(&answer),
    })
}
