//! The built-in question bank, folders of bank files beside it, and entries for these files.

use std::{io, path::Path, sync::Arc};

use viva_proto::v1;
pub(crate) use viva_server::evaluation::rubric_check::Proof;
pub(crate) use viva_server::questions::{
    BankFault,
    bank::{Bank, BankQuestion, Topic},
    house_faults,
    roles::RoleRow,
    writing::{self, Head},
};
use viva_server::{
    domain::{
        interview::Level,
        question::{KeyPoint, Mistake, Rubric},
    },
    questions::{self, points::BankPoints},
};

use crate::problem::{Problem, ProblemKind};

/// Returns the built-in bank, with the questions of a folder if given.
pub(crate) fn in_force(folder: Option<&Path>) -> Result<Arc<Bank>, Problem> {
    questions::bank(folder).map_err(|error| {
        let mut message = error.to_string();
        if let Some(first) = message.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        Problem::new(ProblemKind::Local, message)
    })
}

/// The prompts of a bank: questions that ask for one point alone.
pub(crate) struct Prompts(BankPoints);

/// Returns the prompts of the built-in bank and of a folder if given.
pub(crate) fn prompts(folder: Option<&Path>) -> Result<Prompts, Problem> {
    in_force(folder).map(|bank| Prompts(BankPoints::of(bank)))
}

impl Prompts {
    /// The first prompt for the point with this text.
    pub(crate) fn of(&self, point: &str) -> Option<String> {
        self.0.by_words(None, point)?.prompt(1).map(str::to_owned)
    }
}

/// Reads the files of a folder as a bank.
pub(crate) fn check(folder: &Path) -> io::Result<Result<Bank, Vec<BankFault>>> {
    questions::check_folder(folder)
}

/// A question's level in the wire contract.
pub(crate) fn level(question: &BankQuestion) -> v1::Level {
    match question.level {
        Level::Junior => v1::Level::Junior,
        Level::Mid => v1::Level::Mid,
        Level::Senior => v1::Level::Senior,
        Level::Staff => v1::Level::Staff,
    }
}

/// A question of an interview, with its rubric, as an entry of a bank file.
pub(crate) fn entry(id: &str, kept: &v1::GetRubricResponse) -> String {
    let key_points = kept.key_points.iter().map(|point| KeyPoint {
        point: point.point.clone(),
        weight: point.weight.unwrap_or(1.0),
        phrasings: point.phrasings.clone(),
    });
    let mistakes = kept.mistakes.iter().map(|mistake| Mistake {
        claim: mistake.claim.clone(),
        why_wrong: mistake.why_wrong.clone(),
    });
    let rubric = Rubric {
        reference: kept.reference.clone(),
        key_points: key_points.collect(),
        mistakes: mistakes.collect(),
    };
    let text = kept.question.as_ref().map(|question| question.text.as_str()).unwrap_or_default();
    writing::entry(id, of_wire(kept.level()), text, &rubric)
}

/// Converts a level of the wire contract.
pub(super) fn of_wire(level: v1::Level) -> Level {
    match level {
        v1::Level::Junior => Level::Junior,
        v1::Level::Unspecified | v1::Level::Mid => Level::Mid,
        v1::Level::Senior => Level::Senior,
        v1::Level::Staff => Level::Staff,
    }
}
