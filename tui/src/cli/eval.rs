//! `viva eval`: how far the built-in grader agrees with people, on data that they scored.

mod figures;
mod marks;
mod rows;
mod statistics;

use std::{
    io::{IsTerminal as _, Write as _, stderr},
    num::NonZero,
    path::PathBuf,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use clap::Args;
use ratatui::text::Line;
use serde::Serialize;

use self::{figures::Figures, marks::Marked, rows::Scored};
use super::{Context, Failure, json, on_a_thread};
use crate::{
    local::grading::Grading,
    view::{theme::Theme, wrap},
};

const DETAILS: &str = "\
Each line of a file is a JSON object as for `viva grade`, with score01, the score from 0 to 1 that
people gave; where they are known also points, how far the answer makes each key point (0 to 1), and
false, the list of its false statements. Lines are grouped by their dataset; without one, by the
file's name.
  r        Pearson's correlation with people's scores
  RMSE     root of the mean squared difference, on 0 to 1
  QWK      quadratic-weighted kappa over five levels
  pairs    share of the pairs of answers to one question that are in people's order
  middle   r among the answers that people put between .15 and .85
  F1       key points found
  false    mean and highest score of fluent answers that people find false
  best     mean and lowest score of answers that people find excellent
  none     answers without a score, and how many of them people give .35 or more
  range    share of the 90 % ranges that hold people's score, and half their mean width on 0 to 10
A figure that the data does not define, as r where all scores are equal, is a dash, and null in JSON.

Example:
  viva eval interview-eval.jsonl mohler.jsonl";

/// Which files.
#[derive(Debug, Args)]
#[command(after_help = DETAILS)]
pub(crate) struct Arguments {
    /// Files of scored answers, one JSON object a line
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

/// The figures of a data set.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Agreement {
    dataset: String,
    #[serde(flatten)]
    figures: Figures,
}

#[derive(Serialize)]
struct Agreements {
    datasets: Vec<Agreement>,
}

pub(super) async fn run(arguments: Arguments, context: &Context) -> Result<(), Failure> {
    let shows_progress = stderr().is_terminal() && !context.paper.plain;
    let datasets = on_a_thread(move || {
        let rows = rows::read(&arguments.files)?;
        let marks = grade(&rows, shows_progress)?;
        Ok(agreements(&rows, &marks))
    });
    let datasets = datasets.await?;
    if context.json {
        return json::print(&Agreements { datasets });
    }
    context.paper.print(&table(&datasets))
}

/// Every row with both marks, in order.
fn grade(rows: &[Scored], shows_progress: bool) -> Result<Vec<Marked>, Failure> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    // Neighbours share a question, so each thread takes a stretch.
    let stretch = rows.len().div_ceil(cores).max(1);
    let done = AtomicUsize::new(0);
    let graded = thread::scope(|scope| {
        let threads: Vec<_> = rows
            .chunks(stretch)
            .map(|rows_| scope.spawn(|| grade_stretch(rows_, &done, rows.len(), shows_progress)))
            .collect();
        let joined = threads.into_iter().map(thread::ScopedJoinHandle::join);
        joined.collect::<Result<Vec<_>, _>>()
    });
    if shows_progress {
        // Takes the progress line away.
        let _ = write!(stderr(), "\r\u{1b}[K");
    }
    let stretches = graded.map_err(|_| Failure::failed("The grader stopped unexpectedly."))?;
    let marks: Result<Vec<_>, Failure> = stretches.into_iter().flatten().collect();
    marks
}

fn grade_stretch(
    rows: &[Scored],
    done: &AtomicUsize,
    all: usize,
    shows_progress: bool,
) -> Vec<Result<Marked, Failure>> {
    let mut grading = Grading::default();
    let mark = |scored: &Scored| {
        let row = &scored.row;
        let graded = grading.grade(&row.question, &row.rubric, &row.answer);
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        if shows_progress && done.is_multiple_of(50) {
            let _ = write!(stderr(), "\r{done} of {all} graded");
        }
        graded
            .map(|graded| Marked::new(scored, &graded.evaluation, graded.overall))
            .ok_or_else(|| Failure::failed(format!("{}: it cannot be graded", scored.place)))
    };
    rows.iter().map(mark).collect()
}

/// The figures of each data set in the order that they come in, and of all together if there are
/// several.
fn agreements(rows: &[Scored], marks: &[Marked]) -> Vec<Agreement> {
    let mut names: Vec<&str> = Vec::new();
    for scored in rows {
        if !names.contains(&scored.dataset.as_str()) {
            names.push(&scored.dataset);
        }
    }
    let of = |name: &str| -> Vec<Marked> {
        let named = rows.iter().zip(marks).filter(|(scored, _)| scored.dataset == name);
        named.map(|(_, marked)| marked.clone()).collect()
    };
    let mut all: Vec<_> = names.iter().map(|name| agreement(name, &of(name))).collect();
    if all.len() > 1 {
        all.push(agreement("all", marks));
    }
    all
}

fn agreement(dataset: &str, marked: &[Marked]) -> Agreement {
    Agreement { dataset: dataset.to_owned(), figures: Figures::of(marked) }
}

/// A figure's name and its column.
type Column = (&'static str, fn(&Figures) -> String);

const COLUMNS: [Column; 11] = [
    ("n", |f| f.n.to_string()),
    ("r", |f| one(f.r)),
    ("RMSE", |f| one(f.rmse)),
    ("QWK", |f| one(f.qwk)),
    ("pairs", |f| one(f.pairs)),
    ("middle", |f| one(f.middle_r)),
    ("F1", |f| one(f.points_f1)),
    ("false", |f| two(f.fluent_falsehoods)),
    ("best", |f| two(f.excellent)),
    ("none", |f| format!("{}, {}", f.refused[0], f.refused[1])),
    ("range", |f| two(f.ranges)),
];

fn one(figure: Option<f64>) -> String {
    figure.map_or("-".to_owned(), |figure| format!("{figure:.3}"))
}

fn two(figures: Option<[f64; 2]>) -> String {
    figures.map_or("-".to_owned(), |[first, second]| format!("{first:.2}, {second:.2}"))
}

fn table(datasets: &[Agreement]) -> Vec<Line<'static>> {
    let names = datasets.iter().map(|set| wrap::width(&set.dataset));
    let name = names.max().unwrap_or(0).clamp(7, 40);
    let column = |(title, text): &Column| {
        let cells: Vec<String> = datasets.iter().map(|set| text(&set.figures)).collect();
        let width = cells.iter().map(String::len).chain([title.len()]).max().unwrap_or(0);
        (format!("  {title:>width$}"), cells.iter().map(|c| format!("  {c:>width$}")).collect())
    };
    let columns: Vec<(String, Vec<String>)> = COLUMNS.iter().map(column).collect();
    let head: String = columns.iter().map(|(head, _)| head.as_str()).collect();
    let head = Line::styled(format!("{}{head}", wrap::pad("dataset", name)), Theme::strong());
    let rows = datasets.iter().enumerate().map(|(at, set)| {
        let cells: String = columns.iter().map(|(_, cells)| cells[at].as_str()).collect();
        Line::raw(format!("{}{cells}", wrap::pad(&set.dataset, name)))
    });
    [head].into_iter().chain(rows).collect()
}
