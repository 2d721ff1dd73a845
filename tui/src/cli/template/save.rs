//! `viva template save`: saves a template, or an interview's topics, as a file of your own.

use std::io::ErrorKind;

use clap::Args;
use serde::Serialize;
use viva_proto::v1::{Interview, Template, TemplatePart};

use super::{
    Context, Failure,
    find::find,
    show::without_order,
    which::{Which, interview_failure},
};
use crate::{
    api::Api,
    cli::{json, paper},
    local::{bank::writing, templates},
    own_file,
};

/// Minutes for a question whose time is unknown.
const MINUTES: i32 = 10;

/// Minutes of an interview besides its questions: for arriving and for your own questions.
const BESIDE: i32 = 5;

/// The most words in an id.
const MOST_WORDS: usize = 10;

/// What to save, and the id of the copy.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  viva template save first-job my-first-job\n  viva template save latest friday       the topics of your latest interview, in its order"
)]
pub(crate) struct Arguments {
    /// The id of a template, a file, or an interview by its number or as `latest`
    #[arg(value_name = "TEMPLATE|INTERVIEW")]
    what: String,

    /// The id of your copy, in lower case with dashes
    #[arg(value_name = "ID")]
    id: String,
}

#[derive(Serialize)]
struct Saved {
    id: String,
    file: String,
}

pub(super) async fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    let id = &arguments.id;
    let name = writing::kebab(id, MOST_WORDS);
    if *id != name {
        return Err(Failure::usage(format!(
            "{id} cannot be an id: write it in lower case with dashes, for instance {}.",
            if name.is_empty() { "friday" } else { &name }
        )));
    }
    let api = context.api().await?;
    let template = match arguments.what.parse::<Which>() {
        Ok(which) => of_interview(which, api).await?,
        Err(_) => find(&arguments.what, api, context).await?,
    };
    if template.parts.is_empty() {
        return Err(without_order(&template));
    }
    let file = context.paths.templates().join(format!("{id}.toml"));
    own_file::create(&file, &templates::write(id, &template)).map_err(|error| {
        let file = file.display();
        if error.kind() == ErrorKind::AlreadyExists {
            return Failure::failed(format!("{file} already exists and was left as it is."));
        }
        Failure::file(format!("{file} cannot be written"), &error)
    })?;
    let file = file.display().to_string();
    if context.json {
        return json::print(&Saved { id: id.clone(), file });
    }
    paper::out(&format!("Saved in {file}.\n"))?;
    paper::note(&format!("Edit it as you like; create an interview with: viva template use {id}"));
    Ok(())
}

async fn of_interview(which: Which, api: &Api) -> Result<Template, Failure> {
    let id = which.id(api).await?;
    let interview = api.interview(id).await.map_err(|problem| interview_failure(problem, id))?;
    let (template, left_out) = order_of(&interview);
    if left_out > 0 {
        paper::note("Questions without a topic and follow-ups are left out.");
    }
    if template.parts.is_empty() {
        return Err(Failure::failed(format!("No question of interview {id} has a topic.")));
    }
    Ok(template)
}

/// The topics of an interview in order, and the number of its questions without a topic to use.
fn order_of(interview: &Interview) -> (Template, usize) {
    let has_topic = |question: &&viva_proto::v1::Question| {
        !question.topic.is_empty() && question.parent_question_id.is_none()
    };
    let part = |question: &viva_proto::v1::Question| TemplatePart {
        topic: question.topic.clone(),
        level: interview.level,
        minutes: MINUTES,
    };
    let parts: Vec<_> = interview.questions.iter().filter(has_topic).map(part).collect();
    let left_out = interview.questions.len() - parts.len();
    let count = i32::try_from(parts.len()).unwrap_or(0);
    let template = Template {
        title: format!("As interview {}", interview.id),
        role: interview.role.clone(),
        level: interview.level,
        description: format!("The topics of interview {} in their order.", interview.id),
        minutes: count * MINUTES + BESIDE,
        parts,
        ..Template::default()
    };
    (template, left_out)
}
