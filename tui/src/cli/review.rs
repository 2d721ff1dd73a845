//! `viva review`: asks for the points that you missed, before you would forget them.

mod export;
mod said;
mod talk;

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};
use viva_proto::v1::{ListReviewsResponse, ReviewMode, SubmitReviewRequest};

use super::{
    Context, Exit, Failure, fresh_key,
    input::{self, Piped},
    json, paper,
};
use crate::problem::{Problem, ProblemKind};

const GUIDE: &str = "\
Without a command, Viva asks about one point after the other. Type each answer on one line, press
Enter alone for \"I don't know\", and Ctrl+D to leave. With --json it lists the points.

Examples:
  viva review                                   what is due today
  viva review --drill                           ten minutes: two due points, two weak, one strong
  viva review --more                            beyond the daily limit
  viva review list --json | jq -r '.reviews[].prompt'
  viva review answer 12 --text \"A lock lets one thread in at a time.\"
  viva review forget 12";

/// What to review, and how.
#[derive(Debug, Args)]
#[command(after_help = GUIDE, args_conflicts_with_subcommands = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    which: WhichOnes,
}

/// Which points.
#[derive(Debug, Clone, Copy, Args)]
struct WhichOnes {
    /// Practise for ten minutes: two due points, two weak ones and a strong one
    #[arg(long)]
    drill: bool,

    /// Continue after the daily limit
    #[arg(long, conflicts_with = "drill")]
    more: bool,
}

/// Commands for single points.
#[derive(Debug, Subcommand)]
enum Command {
    /// List the points to review
    List(ListArguments),
    /// Show how much is due, and how well you remember each topic
    Status(StatusArguments),
    /// Answer one point
    Answer(AnswerArguments),
    /// Postpone a point
    Postpone(PostponeArguments),
    /// Stop asking about a point
    Forget(ForgetArguments),
    /// Save the points that your latest answers missed as cards for Anki
    Export(export::Arguments),
}

/// Which points to list.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  viva review list --drill --json")]
struct ListArguments {
    #[command(flatten)]
    which: WhichOnes,
}

/// Only the flags that every command has.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  viva review status --json | jq .counts.left_today")]
struct StatusArguments {}

/// Which point, and the answer.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  viva review answer 12 --text \"A lock lets one thread in at a time.\"\n  viva review answer 12 --file answer.txt --json\n  viva review answer 12 --text \"\"                 if you do not know",
    override_usage = "viva review answer POINT (--text TEXT | --file FILE | -)",
    group = ArgGroup::new("source").required(true).args(["text", "file", "stdin"])
)]
struct AnswerArguments {
    /// The number of a point, as `viva review list` shows it
    #[arg(value_name = "POINT")]
    point: i64,

    /// The answer itself, at most 20,000 characters; empty if you do not know
    #[arg(long, value_name = "TEXT")]
    text: Option<String>,

    /// A file with the answer
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,

    /// Read the answer from standard input
    #[arg(value_name = "-", value_parser = ["-"], hide_possible_values = true)]
    stdin: Option<String>,

    /// Which of the point's prompts you answer: its `prompt_number` in the list, or 0 for the next
    /// one
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(i32).range(0..))]
    prompt: i32,

    /// Makes repeating safe: with the same key and text the answer counts only once
    #[arg(long, value_name = "KEY")]
    idempotency_key: Option<String>,
}

/// Which point, and for how long.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  viva review postpone 12 --days 7")]
struct PostponeArguments {
    /// The number of a point, as `viva review list` shows it
    #[arg(value_name = "POINT")]
    point: i64,

    /// How many days from today
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(i32).range(1..=365))]
    days: i32,
}

/// Which point, and whether to undo it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  viva review forget 12\n  viva review forget 12 --off")]
struct ForgetArguments {
    /// The number of a point, as `viva review list` shows it
    #[arg(value_name = "POINT")]
    point: i64,

    /// Undo it
    #[arg(long)]
    off: bool,
}

impl WhichOnes {
    async fn list(self, context: &Context) -> Result<ListReviewsResponse, Failure> {
        let mode = if self.drill { ReviewMode::Drill } else { ReviewMode::Due };
        Ok(context.api().await?.reviews(mode, self.more).await?)
    }
}

pub(super) async fn run(arguments: Arguments, context: &Context) -> Result<(), Failure> {
    match arguments.command {
        None if context.json => list(arguments.which, context).await,
        None => talk::run(&arguments.which.list(context).await?, context).await,
        Some(Command::List(listed)) => list(listed.which, context).await,
        Some(Command::Status(_)) => status(context).await,
        Some(Command::Answer(answer)) => answered(answer, context).await,
        Some(Command::Postpone(postpone)) => put_off(&postpone, context).await,
        Some(Command::Forget(forget)) => forgotten(&forget, context).await,
        Some(Command::Export(file)) => export::run(&file, context).await,
    }
}

async fn list(which: WhichOnes, context: &Context) -> Result<(), Failure> {
    let listed = which.list(context).await?;
    if context.json {
        return json::print_reply(&listed);
    }
    if listed.reviews.is_empty() {
        paper::note(&said::nothing(&listed));
        return Ok(());
    }
    let rows: Vec<_> = listed.reviews.iter().map(said::row).collect();
    paper::out(&rows.join("\n"))
}

async fn status(context: &Context) -> Result<(), Failure> {
    let memory = context.api().await?.memory().await?;
    if context.json {
        return json::print_reply(&memory);
    }
    paper::out(&said::status(&memory))
}

async fn answered(arguments: AnswerArguments, context: &Context) -> Result<(), Failure> {
    let (answer_text, piped) = match (arguments.text, arguments.file) {
        (Some(text), _) => (text, None),
        (None, Some(file)) if file.as_os_str() != "-" => (input::text_of(&file).await?, None),
        _ => {
            let piped = Piped::read("viva-review.txt", context).await?;
            (piped.text()?, Some(piped))
        }
    };
    let request = SubmitReviewRequest {
        point_id: arguments.point,
        prompt_number: arguments.prompt,
        answer_text,
        idempotency_key: arguments.idempotency_key.unwrap_or_else(fresh_key),
        ..SubmitReviewRequest::default()
    };
    let reply = context.api().await?.submit_review(request).await;
    let reply = reply.map_err(|problem| failure_of(problem, arguments.point))?;
    if let Some(piped) = piped {
        piped.stored();
    }
    if context.json {
        return json::print_reply(&reply);
    }
    paper::out(&said::reply(&reply))
}

async fn put_off(arguments: &PostponeArguments, context: &Context) -> Result<(), Failure> {
    let PostponeArguments { point, days } = *arguments;
    let reply = context.api().await?.postpone_review(point, days).await;
    let reply = reply.map_err(|problem| failure_of(problem, point))?;
    if context.json {
        return json::print_reply(&reply);
    }
    paper::out(&format!("It comes back on {}.\n", reply.due_day))
}

async fn forgotten(arguments: &ForgetArguments, context: &Context) -> Result<(), Failure> {
    let ForgetArguments { point, off } = *arguments;
    let reply = context.api().await?.forget_point(point, off).await;
    let reply = reply.map_err(|problem| failure_of(problem, point))?;
    if context.json {
        return json::print_reply(&reply);
    }
    paper::out(if off {
        "You will be asked for it again.\n"
    } else {
        "You will not be asked for it again.\n"
    })
}

/// The failure for a point that could not be reviewed or changed.
fn failure_of(problem: Problem, point: i64) -> Failure {
    match problem.kind {
        ProblemKind::NotFound => Failure::new(
            Exit::NotFound,
            format!(
                "Point {point} was not found. `viva review list` shows the points that are due."
            ),
        ),
        _ => problem.into(),
    }
}
