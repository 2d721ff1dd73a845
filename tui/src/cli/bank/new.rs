//! `viva bank new`: a bank file to fill in.

use std::io::ErrorKind;

use clap::Args;
use serde::Serialize;

use super::{Context, Failure, bank, note_how_to_use};
use crate::{
    cli::{json, paper},
    local::bank::{Head, writing},
    own_file,
};

/// The default topic.
const TOPIC: &str = "my-questions";

/// The most words in a topic's name.
const MOST_WORDS: usize = 8;

/// The arguments of `viva bank new`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  viva bank new\n  viva bank new payments --role \"Backend engineer\" --bank my-bank\n  viva bank new sql                 adds to the built-in topic"
)]
pub(crate) struct Arguments {
    /// The topic's name, in lower case with dashes; a built-in topic is extended
    #[arg(value_name = "TOPIC", default_value = TOPIC)]
    topic: String,

    /// A role that is asked about it
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
}

#[derive(Serialize)]
struct Written {
    file: String,
}

pub(super) fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    let topic = &arguments.topic;
    let name = writing::kebab(topic, MOST_WORDS);
    if *topic != name {
        let like = if name.is_empty() { TOPIC } else { &name };
        return Err(Failure::usage(format!(
            "{topic} cannot be the name of a topic: write it in lower case with dashes, at most 48 characters, for \
             instance {like}."
        )));
    }
    let built_in = bank::in_force(None)?;
    let head = if built_in.topics.iter().any(|known| known.name == *topic) {
        Head::Extends
    } else {
        Head::Own(arguments.role.as_deref())
    };
    let folder = context.paths.own_bank(context.settings.bank_dir.as_deref());
    let file = folder.join(format!("{topic}.toml"));
    own_file::create(&file, &writing::new_file(topic, &head)).map_err(|error| {
        let file = file.display();
        if error.kind() == ErrorKind::AlreadyExists {
            return Failure::failed(format!(
                "{file} already exists and was left as it is. Add an entry to it, or choose \
                 another topic."
            ));
        }
        Failure::file(format!("{file} cannot be written"), &error)
    })?;
    if context.json {
        return json::print(&Written { file: file.display().to_string() });
    }
    paper::out(&format!("{}\n", file.display()))?;
    paper::note(&format!(
        "Replace every FILL IN in it; `viva bank check {}` says what is left to do.",
        folder.display()
    ));
    note_how_to_use(&folder, context);
    Ok(())
}
