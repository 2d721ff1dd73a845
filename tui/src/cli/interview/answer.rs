//! `viva interview answer`.

use std::path::PathBuf;

use clap::{ArgGroup, Args};
use viva_proto::v1::{Answer, GetAnswerStatusResponse, Interview, SubmitAnswerRequest};

use super::{
    Context, Failure, Meanwhile, fresh_key, wait,
    which::{Which, interview_failure},
};
use crate::{
    api::Api,
    cli::{
        Exit,
        input::{self, Piped},
        json, paper, report,
    },
    problem::{Problem, ProblemKind},
};

const EXAMPLES: &str = "\
Examples:
  viva interview answer latest --question 1 --file answer.md --wait
  viva interview answer 7 --question 2 --text \"A lock lets one thread in at a time.\"
  cat notes.md | viva interview answer 7 --question 3 - --wait --timeout 60 --json";

/// The answer to submit.
#[derive(Debug, Args)]
#[command(
    after_help = EXAMPLES,
    override_usage = "viva interview answer ID --question ORDER (--text TEXT | --file FILE | -) [--wait]",
    group = ArgGroup::new("source").required(true).args(["text", "file", "stdin"])
)]
pub(crate) struct Arguments {
    /// The number of an interview, or `latest`
    #[arg(value_name = "ID")]
    which: Which,

    /// The question's position in the interview; the first is 1
    #[arg(long, value_name = "ORDER")]
    question: i32,

    /// The answer itself, 10 to 20,000 characters
    #[arg(long, value_name = "TEXT")]
    text: Option<String>,

    /// A file with the answer
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,

    /// Read the answer from standard input
    #[arg(value_name = "-", value_parser = ["-"], hide_possible_values = true)]
    stdin: Option<String>,

    #[command(flatten)]
    waiting: wait::Waiting,

    /// Makes repeating safe: with the same key and text the answer is stored only once
    #[arg(long, value_name = "KEY")]
    idempotency_key: Option<String>,
}

pub(super) async fn run(arguments: Arguments, context: &Context) -> Result<(), Failure> {
    let (answer_text, piped) = match (arguments.text, arguments.file) {
        (Some(text), _) => (text, None),
        (None, Some(file)) if file.as_os_str() != "-" => (input::text_of(&file).await?, None),
        _ => {
            let piped = Piped::read("viva-answer.md", context).await?;
            (piped.text()?, Some(piped))
        }
    };
    let api = context.api().await?;
    let interview_id = arguments.which.id(api).await?;
    let interview = api
        .interview(interview_id)
        .await
        .map_err(|problem| interview_failure(problem, interview_id))?;
    let request = SubmitAnswerRequest {
        interview_id,
        question_id: question_id(&interview, arguments.question)?,
        answer_text,
        idempotency_key: arguments.idempotency_key.unwrap_or_else(fresh_key),
        duration_ms: 0,
    };
    let key = request.idempotency_key.clone();
    let stored =
        api.submit_answer(request).await.map_err(|problem| submit_failure(problem, &key))?;
    if let Some(piped) = piped {
        piped.stored();
    }
    if arguments.waiting.wait {
        return wait_for(api, stored.answer_id, arguments.waiting, context).await;
    }
    if context.json {
        return print(api.answer(stored.answer_id).await?);
    }
    paper::out(&format!(
        "Answer {} is stored. `viva report {interview_id}` shows its evaluation.\n",
        stored.answer_id
    ))
}

/// Waits for the evaluation, prints it, and fails if it failed or is late.
pub(super) async fn wait_for(
    api: &Api,
    id: i64,
    waiting: wait::Waiting,
    context: &Context,
) -> Result<(), Failure> {
    let mut meanwhile = Meanwhile::new(context);
    let answer = wait::evaluated(api, id, waiting.patience(), &mut meanwhile).await;
    drop(meanwhile);
    let answer = answer?;
    let end = wait::outcome(&[&answer]);
    if context.json {
        print(answer)?;
    } else if end.is_ok() {
        report::print_answer(&answer, &context.paper)?;
    }
    end
}

/// Prints an answer as a JSON document.
pub(super) fn print(answer: Answer) -> Result<(), Failure> {
    json::print_reply(&GetAnswerStatusResponse { answer: Some(answer) })
}

fn question_id(interview: &Interview, order: i32) -> Result<i64, Failure> {
    let question = interview.questions.iter().find(|q| q.order == order);
    question.map(|question| question.id).ok_or_else(|| {
        let message = format!(
            "Interview {} has no question {order}; its questions are 1 to {}.",
            interview.id,
            interview.questions.len()
        );
        Failure::new(Exit::NotFound, message)
    })
}

fn submit_failure(problem: Problem, key: &str) -> Failure {
    let is_unknown = problem.is_offline();
    let is_key = problem.kind == ProblemKind::Conflict;
    let failure = Failure::from(problem);
    if is_unknown {
        failure.and(format!(
            "It may have been stored anyway; with --idempotency-key {key} the same command never \
             stores it twice."
        ))
    } else if is_key {
        failure.and(
            "That was another answer with the same --idempotency-key; this one is not stored. Leave it \
             out to submit this one as well.",
        )
    } else {
        failure
    }
}
