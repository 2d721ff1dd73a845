//! `viva bank check --grade`: how the built-in grader grades the bank's own texts.

use std::{
    fmt::Write as _,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use serde::Serialize;

use super::{Context, Failure, FaultLine};
use crate::{
    cli::Meanwhile,
    local::{
        bank::{Bank, Proof},
        grading::{self, GradedBank},
    },
    text, words,
};

/// How many questions pass each proof.
#[derive(Serialize)]
pub(super) struct Grading {
    questions: usize,
    passing: Passing,
    #[serde(skip)]
    shortfalls: Vec<FaultLine>,
}

#[derive(Serialize)]
struct Passing {
    reference: usize,
    key_points: usize,
    mistakes: usize,
    other_question: usize,
    copy: usize,
    all: usize,
}

/// Grades the bank's own texts, which takes a second for each question.
pub(super) async fn grade(bank: &Arc<Bank>, context: &Context) -> Result<Grading, Failure> {
    let questions = words::count(bank.questions().count(), "question");
    let done = Arc::new(AtomicUsize::new(0));
    let (work, counted) = (Arc::clone(bank), Arc::clone(&done));
    let graded = tokio::task::spawn_blocking(move || grading::bank(&work, &counted));
    let said = || {
        let done = done.load(Ordering::Relaxed);
        format!("Grading the bank's own texts: {done} of {questions},")
    };
    let graded = Meanwhile::new(context).counting(said, graded).await;
    let graded = graded
        .map_err(|_| Failure::failed("The built-in grader stopped unexpectedly.".to_owned()))?;
    Ok(graded.into())
}

impl From<GradedBank> for Grading {
    fn from(graded: GradedBank) -> Self {
        let of = |proof| graded.passing(Some(proof));
        let passing = Passing {
            reference: of(Proof::Reference),
            key_points: of(Proof::KeyPoints),
            mistakes: of(Proof::Mistakes),
            other_question: of(Proof::OtherQuestion),
            copy: of(Proof::Copy),
            all: graded.passing(None),
        };
        let shortfalls = graded.shortfalls.into_iter().map(|short| FaultLine {
            file: format!("{}.toml", short.topic),
            entry: short.question,
            field: short.field,
            problem: short.problem,
        });
        Self { questions: graded.questions, passing, shortfalls: shortfalls.collect() }
    }
}

impl Grading {
    /// What was not graded as it should be, for the JSON's warnings.
    pub(super) fn take_shortfalls(&mut self) -> Vec<FaultLine> {
        std::mem::take(&mut self.shortfalls)
    }

    /// For people: each shortfall, then how many questions pass.
    pub(super) fn said(&self) -> String {
        let mut said = String::new();
        for FaultLine { entry, field, problem, .. } in &self.shortfalls {
            let line = text::neutral_line(&format!("{entry}: {field}: {problem}"));
            let _ = writeln!(said, "{line}");
        }
        let Passing { reference, key_points, mistakes, other_question, copy, all } = self.passing;
        let _ = writeln!(said, "Of {}, this many pass:", words::count(self.questions, "question"));
        for (count, proof) in [
            (reference, "the reference scores 8.5 or more"),
            (key_points, "leaving any point out of the reference lowers completeness"),
            (mistakes, "each mistake scores below 4.5 in correctness, or is declined"),
            (other_question, "an answer to another question scores below 3, or is declined"),
            (copy, "the question copied back is declined"),
            (all, "all of these"),
        ] {
            let _ = writeln!(said, "{count:>6}  {proof}");
        }
        said
    }
}
