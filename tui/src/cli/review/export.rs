//! `viva review export`: the points that your latest answers missed, as cards for Anki.

mod anki;

use std::{
    collections::HashSet,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use clap::Args;
use serde::Serialize;
use viva_proto::v1::Report;

use self::anki::Card;
use super::{Context, Failure, json, paper};
use crate::{
    api::Api,
    evaluation::findings::{self, Outcome},
    local::bank::{self, Prompts},
    own_file, words,
};

/// Where to write the cards.
#[derive(Debug, Args)]
#[command(
    after_help = "In Anki, choose File, Import. Importing a later export updates the cards that you have.\n\nExamples:\n  viva review export --anki missed.csv\n  viva review export --anki missed.csv --force"
)]
pub(crate) struct Arguments {
    /// The CSV file to write, for Anki to import
    #[arg(long, value_name = "FILE")]
    anki: PathBuf,

    /// Replace the file if it exists
    #[arg(long)]
    force: bool,
}

#[derive(Serialize)]
struct Exported {
    file: String,
    cards: usize,
}

pub(super) async fn run(arguments: &Arguments, context: &Context) -> Result<(), Failure> {
    let api = context.api().await?;
    let prompts = bank::prompts(context.settings.bank_dir.as_deref())?;
    let cards = cards(&reports(api).await?, &prompts);
    if cards.is_empty() {
        return Err(Failure::failed(
            "There is nothing to export: no evaluated answer misses a point.",
        ));
    }
    let file = arguments.anki.as_path();
    write(file, &anki::file(&cards), arguments.force)?;
    if context.json {
        return json::print(&Exported { file: file.display().to_string(), cards: cards.len() });
    }
    let count = words::count(cards.len(), "card");
    paper::out(&format!("{count} saved in {}.\n", context.paper.file(file)))
}

fn write(file: &Path, text: &str, force: bool) -> Result<(), Failure> {
    let written = if force { own_file::replace(file, text) } else { own_file::create(file, text) };
    written.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => Failure::failed(format!(
            "{} exists and was not changed. Use --force to replace it.",
            file.display()
        )),
        _ => Failure::file(format!("{} cannot be written", file.display()), &error),
    })
}

/// Your interviews with an evaluated answer, newest first.
async fn reports(api: &Api) -> Result<Vec<Report>, Failure> {
    let (mut reports, mut token) = (Vec::new(), String::new());
    loop {
        let page = api.list_interviews(token).await?;
        for interview in page.interviews {
            let progress = interview.progress.unwrap_or_default();
            if progress.evaluated > 0 {
                reports.push(api.report(interview.id).await?);
            }
        }
        token = page.next_page_token;
        if token.is_empty() {
            return Ok(reports);
        }
    }
}

/// A card for each point that the latest answer to its question does not make. Of two interviews
/// with the same question, the newer counts.
fn cards(reports: &[Report], prompts: &Prompts) -> Vec<Card> {
    let (mut seen, mut cards) = (HashSet::new(), Vec::new());
    for slot in reports.iter().flat_map(|report| &report.questions) {
        let Some(question) = &slot.question else { continue };
        let evaluation = slot.answer.as_ref().and_then(|answer| answer.evaluation.as_ref());
        let found = evaluation.map(findings::of).unwrap_or_default();
        if found.is_empty() || !seen.insert(question.text.as_str()) {
            continue;
        }
        let missed = found.iter().filter(|finding| finding.outcome != Outcome::Made);
        cards.extend(missed.map(|finding| {
            let prompt = prompts.of(finding.point);
            Card::of(&question.text, prompt.as_deref(), finding.point, &question.topic)
        }));
    }
    cards
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::data;

    #[test]
    fn only_missed_points_of_the_newest_answer_to_a_question_become_cards() {
        let prompts = bank::prompts(None).unwrap();
        let all = cards(&[data::finished()], &prompts);
        assert!(!all.is_empty());
        assert_eq!(cards(&[data::finished(), data::finished()], &prompts), all);
        let made = data::finished().questions.into_iter().flat_map(|slot| {
            let evaluation = slot.answer.and_then(|answer| answer.evaluation).unwrap_or_default();
            evaluation.key_points.into_iter().filter(|point| point.coverage() >= 0.75)
        });
        for point in made {
            assert!(all.iter().all(|card| card.back != point.point), "{}", point.point);
        }
    }
}
