//! `viva eval`: how well the built-in grader agrees with people, on answers that they scored.

mod bands;
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

use self::{bands::Band, figures::Figures, marks::Marked, rows::Scored};
use super::{Context, Failure, json, on_a_thread};
use crate::{
    local::grading::Grading,
    view::{theme::Theme, wrap},
};

const DETAILS: &str = "\
Each line of a file is a JSON object as for `viva grade`, with score01, the score from 0 to 1 that
people gave; if known also points, how far the answer makes each key point (0 to 1), and false, the
list of its false statements. Lines are grouped by their dataset; without one, by the file's name.
  r        Pearson's correlation with people's scores
  RMSE     root of the mean squared difference, on 0 to 1
  QWK      quadratic-weighted kappa over five levels
  pairs    share of the pairs of answers to one question that are in people's order
  middle   r among the answers that people put between .15 and .85
  F1       key points found
  false    mean and highest score of fluent answers that people find false
  best     mean and lowest score of answers that people find excellent
  none     answers without a score, and how many of them people give .35 or more
  range    share of the 90 % ranges that contain people's score, and half their mean width, 0 to 10
Below, by bands of people's scores: both means, the grader's lowest and highest score, and r.
A figure that the data does not define, such as r of equal scores, is a dash, and null in JSON.

Example:
  viva eval interview-eval.jsonl mohler.jsonl";

/// The files to measure on.
#[derive(Debug, Args)]
#[command(after_help = DETAILS)]
pub(crate) struct Arguments {
    /// Files of scored answers, one JSON object per line
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

/// Grades every row and returns both marks for each, in order.
fn grade(rows: &[Scored], shows_progress: bool) -> Result<Vec<Marked>, Failure> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    // Neighbours share a question, so each thread takes a run of neighbours.
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
        // Removes the progress line.
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

/// The figures of each data set in order of appearance, then of all together if there are several.
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

/// A column's title, and the text of its cells.
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

/// One line for each data set, and below it one for each band of people's marks.
fn table(datasets: &[Agreement]) -> Vec<Line<'static>> {
    let names = datasets.iter().map(|set| wrap::width(&set.dataset));
    let name = names.max().unwrap_or(0).clamp(7, 40);
    let cells = |set: &Agreement| COLUMNS.iter().map(|(_, text)| text(&set.figures)).collect();
    let titles = COLUMNS.iter().map(|(title, _)| *title).collect::<Vec<_>>();
    let rows = datasets.iter().map(|set| (set.dataset.as_str(), cells(set))).collect::<Vec<_>>();
    let mut lines = aligned(name, &titles, &rows);
    let banded = datasets.iter().flat_map(|set| {
        set.figures.bands.iter().map(|band| (set.dataset.as_str(), band_cells(band)))
    });
    lines.push(Line::default());
    lines.extend(aligned(name, &BAND_TITLES, &banded.collect::<Vec<_>>()));
    lines
}

const BAND_TITLES: [&str; 6] = ["people", "n", "mean", "grader", "least, most", "r"];

fn band_cells(band: &Band) -> Vec<String> {
    vec![
        format!("{:.2}-{:.2}", band.from, band.to),
        band.n.to_string(),
        format!("{:.2}", band.people),
        format!("{:.2}", band.grader),
        format!("{:.2}, {:.2}", band.least, band.most),
        one(band.r),
    ]
}

/// Rows of cells below their titles, each column as wide as its widest cell.
fn aligned(name: usize, titles: &[&str], rows: &[(&str, Vec<String>)]) -> Vec<Line<'static>> {
    let widths: Vec<usize> = titles
        .iter()
        .enumerate()
        .map(|(at, title)| {
            let cells = rows.iter().map(|(_, cells)| cells[at].len());
            cells.chain([title.len()]).max().unwrap_or(0)
        })
        .collect();
    let line = |name_: &str, cells: &[&str]| {
        let cells: String = cells
            .iter()
            .zip(&widths)
            .fold(String::new(), |line, (cell, width)| line + &format!("  {cell:>width$}"));
        format!("{}{cells}", wrap::pad(name_, name))
    };
    let head = Line::styled(line("dataset", titles), Theme::strong());
    let rows = rows.iter().map(|(name, cells)| {
        Line::raw(line(name, &cells.iter().map(String::as_str).collect::<Vec<_>>()))
    });
    [head].into_iter().chain(rows).collect()
}
