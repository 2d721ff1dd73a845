//! `viva eval`: how far the built-in grader agrees with people, on data that they scored.

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

use self::{rows::Scored, statistics::Pair};
use super::{Context, Failure, json, on_a_thread};
use crate::{
    local::grading::Grading,
    view::{theme::Theme, wrap},
};

const DETAILS: &str = "\
Each line of a file is a JSON object as for `viva grade`, with score01, the score from 0 to 1 that
people gave. Lines are grouped by their dataset; without one, by the file's name.
  r      Pearson's correlation with people's scores
  RMSE   root of the mean squared difference, on 0 to 1
  QWK    quadratic-weighted kappa over five levels
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
    n: usize,
    r: Option<f64>,
    rmse: Option<f64>,
    qwk: Option<f64>,
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

/// The grader's mark of every row, in order.
fn grade(rows: &[Scored], shows_progress: bool) -> Result<Vec<f64>, Failure> {
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
) -> Vec<Result<f64, Failure>> {
    let mut grading = Grading::default();
    let mark = |scored: &Scored| {
        let row = &scored.row;
        let graded = grading.grade(&row.question, &row.rubric, &row.answer);
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        if shows_progress && done.is_multiple_of(50) {
            let _ = write!(stderr(), "\r{done} of {all} graded");
        }
        graded
            .map(|graded| graded.overall)
            .ok_or_else(|| Failure::failed(format!("{}: it cannot be graded", scored.place)))
    };
    rows.iter().map(mark).collect()
}

/// The figures of each data set in the order that they come in, and of all together if there are
/// several.
fn agreements(rows: &[Scored], marks: &[f64]) -> Vec<Agreement> {
    let pairs: Vec<Pair> = rows
        .iter()
        .zip(marks)
        .map(|(scored, mark)| Pair { people: scored.score, grader: *mark })
        .collect();
    let mut names: Vec<&str> = Vec::new();
    for scored in rows {
        if !names.contains(&scored.dataset.as_str()) {
            names.push(&scored.dataset);
        }
    }
    let of = |name: &str| -> Vec<Pair> {
        let named = rows.iter().zip(&pairs).filter(|(s, _)| s.dataset == name);
        named.map(|(_, pair)| *pair).collect()
    };
    let mut all: Vec<_> = names.iter().map(|name| agreement(name, &of(name))).collect();
    if all.len() > 1 {
        all.push(agreement("all", &pairs));
    }
    all
}

fn agreement(dataset: &str, pairs: &[Pair]) -> Agreement {
    Agreement {
        dataset: dataset.to_owned(),
        n: pairs.len(),
        r: statistics::pearson(pairs),
        rmse: statistics::rmse(pairs),
        qwk: statistics::quadratic_weighted_kappa(pairs),
    }
}

fn table(datasets: &[Agreement]) -> Vec<Line<'static>> {
    let names = datasets.iter().map(|set| wrap::width(&set.dataset));
    let name = names.max().unwrap_or(0).clamp(7, 40);
    let head = format!(
        "{}  {:>6}  {:>6}  {:>6}  {:>6}",
        wrap::pad("dataset", name),
        "n",
        "r",
        "RMSE",
        "QWK"
    );
    let figure = |figure: Option<f64>| figure.map_or("-".to_owned(), |f| format!("{f:.3}"));
    let rows = datasets.iter().map(|set| {
        Line::raw(format!(
            "{}  {:>6}  {:>6}  {:>6}  {:>6}",
            wrap::pad(&set.dataset, name),
            set.n,
            figure(set.r),
            figure(set.rmse),
            figure(set.qwk)
        ))
    });
    let head = Line::styled(head, Theme::strong());
    [head].into_iter().chain(rows).collect()
}
