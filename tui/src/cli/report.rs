//! `viva report`: an interview's report for reading in the terminal, as JSON, or as a file that the
//! server makes.

mod export;
mod page;
pub(crate) mod spoken;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use viva_proto::v1::{Answer, GetReportResponse, Report};

use super::{
    Context, Failure, Meanwhile, Paper, json, wait,
    which::{Which, interview_failure},
};
use crate::{evaluation::waiting::Waiting, words};

const EXAMPLES: &str = "\
Examples:
  viva report latest
  viva report 7 --wait | less -R
  viva report 7 --json | jq .report.overall_score
  viva report 7 --export markdown --output report.md";

/// Which report, and in which format.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The number of an interview, or `latest`
    #[arg(value_name = "ID")]
    which: Which,

    /// Export it in this format, to standard output unless --output is given
    #[arg(long, value_enum, value_name = "FORMAT", conflicts_with_all = ["wait", "timeout"])]
    export: Option<Format>,

    /// The file to write
    #[arg(long, value_name = "FILE", requires = "export")]
    output: Option<PathBuf>,

    #[command(flatten)]
    waiting: wait::Waiting,
}

/// The format of an exported report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Text with headings and lists
    Markdown,
    /// Data
    Json,
    /// Pages to print
    Pdf,
}

pub(super) async fn run(arguments: Arguments, context: &Context) -> Result<(), Failure> {
    let api = context.api().await?;
    let id = arguments.which.id(api).await?;
    if let Some(format) = arguments.export {
        return export::run(api, id, format, arguments.output.as_deref(), &context.paper).await;
    }
    let Arguments { waiting, .. } = arguments;
    let ask = || api.report(id);
    let report = if waiting.wait {
        let mut meanwhile = Meanwhile::new(context);
        let tell = |report: &Report| meanwhile.answers(&answers(report));
        wait::until(waiting.patience(), ask, is_settled, tell).await
    } else {
        ask().await
    };
    let report = report.map_err(|problem| interview_failure(problem, id))?;
    let end = if waiting.wait { wait::outcome(&answers(&report)) } else { Ok(()) };
    if context.json {
        json::print_reply(&GetReportResponse { report: Some(report) })?;
    } else {
        print(&report, &context.paper)?;
    }
    end
}

/// Prints a report as a page, or as sentences for a screen reader.
pub(crate) fn print(report: &Report, paper: &Paper) -> Result<(), Failure> {
    if paper.plain {
        paper.print(&spoken::report(report))
    } else {
        paper.print(&page::report(report, paper))
    }
}

/// Prints the evaluation of one answer.
pub(super) fn print_answer(answer: &Answer, paper: &Paper) -> Result<(), Failure> {
    if paper.plain {
        paper.print(&spoken::answer(answer))
    } else {
        paper.print(&page::answer(answer, paper))
    }
}

/// The status of an answer that is not evaluated yet, in a sentence or two.
pub(super) fn waiting(answer: &Answer) -> String {
    if answer.evaluation.as_ref().is_some_and(|evaluation| evaluation.withheld) {
        return "Stored. Its feedback comes once the interview has ended.".to_owned();
    }
    let since = words::moment(answer.submitted_at.as_ref());
    let evaluation = answer.evaluation.clone().unwrap_or_default();
    let waiting = Waiting::of(&evaluation, since, Timestamp::now());
    waiting.map_or_else(|| "Not evaluated yet.".to_owned(), |waiting| waiting.sentence())
}

fn answers(report: &Report) -> Vec<&Answer> {
    report.questions.iter().filter_map(|slot| slot.answer.as_ref()).collect()
}

fn is_settled(report: &Report) -> bool {
    !answers(report).into_iter().any(wait::is_pending)
}

#[cfg(test)]
mod tests {
    use ratatui::text::Line;

    use super::*;
    use crate::{
        testing::{data, hostile},
        text,
    };

    #[test]
    fn text_from_a_model_or_its_endpoint_cannot_steer_the_terminal() {
        for hostile in hostile::TEXTS {
            let reports =
                [hostile::everywhere(hostile), hostile::in_trouble(hostile), data::said(hostile)];
            for report in reports {
                let pages = [page::report(&report, &Paper::for_tests(40)), spoken::report(&report)];
                for line in pages.iter().flatten().map(Line::to_string) {
                    let is_harmless = |c| text::is_harmless(c) && c != '\n';
                    assert!(line.chars().all(is_harmless), "{line:?}");
                }
            }
        }
    }
}
