//! `viva interview new`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use ratatui::text::Line;
use viva_proto::v1;

use super::{Context, Failure, Meanwhile, fresh_key, show};
use crate::{
    api::Api,
    cli::{
        input::{self, Piped},
        json, paper,
        template::find::find,
    },
    problem::Problem,
    templates,
    timing::Held,
    words,
};

const EXAMPLES: &str = "\
Examples:
  viva interview new --role \"Backend engineer\"
  viva interview new --role \"Rust engineer\" --level senior --count 3 --topic concurrency --topic rust
  viva interview new --template onsite-backend-senior
  viva interview new --role \"Backend engineer\" --mode real --minutes 45
  viva interview new --role \"SRE\" --job-file advert.txt --json
  viva interview new --role \"Senior Rust engineer\" --dry-run";

/// The interview to create.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The role to practise for, in your own words
    #[arg(long, value_name = "ROLE", required_unless_present = "template")]
    role: Option<String>,

    /// How many questions, 1 to 10 [default: 5, or as many as the template has]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(1..=10))]
    count: Option<i32>,

    /// The level to practise for [default: the role's, else the template's, else mid]
    #[arg(long, value_enum, value_name = "LEVEL")]
    level: Option<LevelName>,

    /// A topic to ask about; repeat it for up to 10 topics
    #[arg(long = "topic", value_name = "TOPIC")]
    topics: Vec<String>,

    /// A file with a job advert to tailor the questions to; - reads standard input
    #[arg(long, value_name = "FILE")]
    job_file: Option<PathBuf>,

    /// The language of questions and feedback, such as en or pt-BR [default: en]
    #[arg(long, value_name = "TAG")]
    language: Option<String>,

    /// A ready-made interview, such as backend-engineer or first-job, or a file with one
    #[arg(long, value_name = "ID|FILE")]
    template: Option<String>,

    /// When feedback comes, and whether there is a time limit [default: study]
    #[arg(long, value_enum, value_name = "MODE")]
    mode: Option<ModeName>,

    /// Minutes for the interview [default with --mode real: the sum of its parts', or 10 a question]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(1..=480))]
    minutes: Option<i32>,

    /// Minutes for each question; only shown, nothing ends when they are up
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(1..=120))]
    question_minutes: Option<i32>,

    /// Makes repeating safe: with the same key the command returns the first interview
    #[arg(long, value_name = "KEY")]
    idempotency_key: Option<String>,

    /// Show what would fit, without creating the interview
    #[arg(long, conflicts_with = "idempotency_key")]
    dry_run: bool,
}

/// A mode by name.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum ModeName {
    /// Feedback after each answer
    Study,
    /// A time limit, and feedback at the end
    Real,
}

impl From<ModeName> for v1::InterviewMode {
    fn from(name: ModeName) -> Self {
        match name {
            ModeName::Study => Self::Study,
            ModeName::Real => Self::Real,
        }
    }
}

/// A level by name.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum LevelName {
    /// In the first years of work
    Junior,
    /// Works independently on most things
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

/// The number of questions if neither you nor a template says.
const QUESTIONS: i32 = 5;

pub(super) async fn run(arguments: Arguments, context: &Context) -> Result<(), Failure> {
    let (advert, piped) = match &arguments.job_file {
        Some(file) => advert(file, context).await?,
        None => (String::new(), None),
    };
    let api = context.api().await?;
    let template = match &arguments.template {
        Some(named) => Some(find(named, api, context).await?),
        None => None,
    };
    let is_dry_run = arguments.dry_run;
    let request = request(arguments, advert, template.as_ref());
    if is_dry_run {
        preview(request, api, context).await?;
    } else {
        create(request, api, context).await?;
    }
    if let Some(piped) = piped {
        piped.stored();
    }
    Ok(())
}

/// Creates an interview exactly as its template says.
pub(in crate::cli) async fn from_template(
    named: &str,
    key: String,
    context: &Context,
) -> Result<(), Failure> {
    let api = context.api().await?;
    let template = find(named, api, context).await?;
    let mut request = v1::CreateInterviewRequest {
        num_questions: templates::questions(&template).unwrap_or(QUESTIONS),
        idempotency_key: key,
        ..v1::CreateInterviewRequest::default()
    };
    templates::ask(&mut request, &template);
    create(request, api, context).await
}

async fn create(
    request: v1::CreateInterviewRequest,
    api: &Api,
    context: &Context,
) -> Result<(), Failure> {
    let (key, count) = (request.idempotency_key.clone(), request.num_questions);
    let mut meanwhile = Meanwhile::new(context);
    let is_written = context.settings.model.is_some() && is_open(&request);
    let what = words::writing_questions(count, is_written);
    let created = meanwhile.during(&what, api.create_interview(request)).await;
    drop(meanwhile);
    let reply = created.map_err(|problem| create_failure(problem, &key))?;
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
    if let Some(left) = Held::from(&interview).left() {
        paper::note(&format!("{left} End it with: viva interview end {}", interview.id));
    }
    Ok(())
}

/// Whether a language model, if configured, writes the questions: the bank has a template's.
fn is_open(request: &v1::CreateInterviewRequest) -> bool {
    request.template_id.is_empty() && request.parts.is_empty()
}

/// Prints what the interview would get. Its notice goes where a new interview's would.
async fn preview(
    request: v1::CreateInterviewRequest,
    api: &Api,
    context: &Context,
) -> Result<(), Failure> {
    let reply = api.preview_interview(request).await?;
    if !reply.notice.is_empty() {
        paper::note(&crate::text::neutral(&reply.notice));
    }
    if context.json {
        return json::print_reply(&reply);
    }
    let topic = |topic: &v1::TopicPreview| {
        let count = usize::try_from(topic.level_questions).unwrap_or(0);
        Line::raw(format!("  {}: {} at this level", topic.title, words::count(count, "question")))
    };
    let level = format!("Level: {}", words::level(reply.level()));
    let head = [Line::raw(reply.summary.clone()), Line::raw(level), Line::default()];
    let lines: Vec<_> = head.into_iter().chain(reply.topics.iter().map(topic)).collect();
    context.paper.print(&lines)
}

fn create_failure(problem: Problem, key: &str) -> Failure {
    let is_unknown = problem.is_offline();
    let failure = Failure::from(problem);
    if is_unknown {
        failure.and(format!(
            "It may have been created anyway; with --idempotency-key {key} the same command never \
             creates a second one."
        ))
    } else {
        failure
    }
}

/// Reads an advert from a file or from standard input, which must not be empty.
async fn advert(file: &Path, context: &Context) -> Result<(String, Option<Piped>), Failure> {
    let (text, piped) = if file.as_os_str() == "-" {
        let piped = Piped::read("viva-job-advert.md", context).await?;
        (piped.text()?, Some(piped))
    } else {
        (input::text_of(file).await?, None)
    };
    if text.trim().is_empty() {
        let name =
            if piped.is_some() { "Standard input".into() } else { file.display().to_string() };
        return Err(Failure::failed(format!(
            "{name} is empty; leave out --job-file to go without an advert."
        )));
    }
    Ok((text, piped))
}

fn request(
    arguments: Arguments,
    job_description: String,
    template: Option<&v1::Template>,
) -> v1::CreateInterviewRequest {
    let mode = arguments.mode.map_or(v1::InterviewMode::Unspecified, v1::InterviewMode::from);
    let level = arguments.level.map_or(v1::Level::Unspecified, v1::Level::from);
    let of_template = template.and_then(templates::questions);
    let mut request = v1::CreateInterviewRequest {
        role: arguments.role.unwrap_or_default(),
        num_questions: arguments.count.or(of_template).unwrap_or(QUESTIONS),
        level: level.into(),
        topics: arguments.topics,
        job_description,
        language: arguments.language.unwrap_or_default(),
        idempotency_key: arguments.idempotency_key.unwrap_or_else(fresh_key),
        mode: mode.into(),
        minutes: arguments.minutes.unwrap_or_default(),
        question_minutes: arguments.question_minutes.unwrap_or_default(),
        ..v1::CreateInterviewRequest::default()
    };
    if let Some(template) = template {
        templates::ask(&mut request, template);
    }
    request
}
