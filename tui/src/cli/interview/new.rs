//! `viva interview new`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use viva_proto::v1;

use super::{Context, Failure, Meanwhile, fresh_key, show};
use crate::{
    api::Api,
    cli::{Exit, input, json, paper},
    problem::{Problem, ProblemKind},
    words,
};

const EXAMPLES: &str = "\
Examples:
  viva interview new --role \"Backend engineer\"
  viva interview new --role \"Rust engineer\" --level senior --count 3 --topic concurrency --topic rust
  viva interview new --template data-engineer
  viva interview new --role \"SRE\" --job-file advert.txt --json";

/// The interview to create.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The role to practise for, in your own words
    #[arg(long, value_name = "ROLE", required_unless_present = "template")]
    role: Option<String>,

    /// How many questions, 1 to 10
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(i32).range(1..=10))]
    count: i32,

    /// How experienced you are meant to be [default: mid, or as the template has it]
    #[arg(long, value_enum, value_name = "LEVEL")]
    level: Option<LevelName>,

    /// A topic to ask about; may be given up to 10 times
    #[arg(long = "topic", value_name = "TOPIC")]
    topics: Vec<String>,

    /// A job advert to tailor the questions to; - is standard input
    #[arg(long, value_name = "FILE")]
    job_file: Option<PathBuf>,

    /// The language of questions and feedback, for instance en or pt-BR [default: en]
    #[arg(long, value_name = "TAG")]
    language: Option<String>,

    /// A ready-made interview of the question bank, for instance backend-engineer or topic-rust
    #[arg(long, value_name = "ID")]
    template: Option<String>,

    /// Creating again with the same key gives the first interview instead of a second one
    #[arg(long, value_name = "KEY")]
    idempotency_key: Option<String>,
}

/// A level by its word.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum LevelName {
    /// First years
    Junior,
    /// Works alone on most things
    Mid,
    /// Leads work
    Senior,
    /// Leads across teams
    Staff,
}

impl From<LevelName> for v1::Level {
    fn from(name: LevelName) -> Self {
        match name {
            LevelName::Junior => Self::Junior,
            LevelName::Mid => Self::Mid,
            LevelName::Senior => Self::Senior,
            LevelName::Staff => Self::Staff,
        }
    }
}

pub(super) async fn run(arguments: Arguments, context: &Context) -> Result<(), Failure> {
    let request = request(arguments).await?;
    let (key, count) = (request.idempotency_key.clone(), request.num_questions);
    let api = context.api().await?;
    let template = request.template_id.clone();
    let mut meanwhile = Meanwhile::new(context);
    let what = words::writing_questions(count, context.settings.model.is_some());
    let created = meanwhile.during(&what, api.create_interview(request)).await;
    drop(meanwhile);
    let reply = match created {
        Err(problem) if problem.kind == ProblemKind::NotFound => {
            return Err(no_template(api, &template).await);
        }
        reply => reply.map_err(|problem| create_failure(problem, &key))?,
    };
    if !reply.notice.is_empty() {
        paper::note(&crate::text::neutral(&reply.notice));
    }
    if context.json {
        return json::print_reply(&reply);
    }
    let interview = reply.interview.unwrap_or_default();
    context.paper.print(&show::lines(&interview, &[], &context.paper))?;
    paper::note(&format!(
        "\nAnswer with: viva interview answer {} --question 1 --file FILE --wait",
        interview.id
    ));
    Ok(())
}

fn create_failure(problem: Problem, key: &str) -> Failure {
    let is_unknown = problem.is_offline();
    let failure = Failure::from(problem);
    if is_unknown {
        failure.and(format!(
            "It may exist all the same; with --idempotency-key {key} the same command never creates \
             a second one."
        ))
    } else {
        failure
    }
}

async fn no_template(api: &Api, id: &str) -> Failure {
    let templates = api.list_templates().await.unwrap_or_default();
    let ids: Vec<_> = templates.iter().map(|template| template.id.as_str()).collect();
    let message = format!("There is no template {id}. There are: {}.", ids.join(", "));
    Failure::new(Exit::NotFound, message)
}

async fn request(arguments: Arguments) -> Result<v1::CreateInterviewRequest, Failure> {
    let job_description = match &arguments.job_file {
        Some(file) => input::text_of(file).await?,
        None => String::new(),
    };
    let level = arguments.level.map_or(v1::Level::Unspecified, v1::Level::from);
    Ok(v1::CreateInterviewRequest {
        role: arguments.role.unwrap_or_default(),
        num_questions: arguments.count,
        level: level.into(),
        topics: arguments.topics,
        job_description,
        language: arguments.language.unwrap_or_default(),
        template_id: arguments.template.unwrap_or_default(),
        idempotency_key: arguments.idempotency_key.unwrap_or_else(fresh_key),
    })
}
