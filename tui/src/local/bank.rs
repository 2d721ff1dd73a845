//! The question bank that is compiled in, and folders that are checked as one.

use std::{io, path::Path, sync::Arc};

use viva_proto::v1;
pub(crate) use viva_server::questions::{
    BankFault,
    bank::{Bank, BankQuestion, Topic},
};
use viva_server::{domain::interview::Level, questions};

use crate::problem::{Problem, ProblemKind};

/// The built-in bank.
pub(crate) fn built_in() -> Result<Arc<Bank>, Problem> {
    Bank::built_in().map_err(|faults| {
        let first = faults.first().map(ToString::to_string).unwrap_or_default();
        Problem::new(ProblemKind::Local, format!("The built-in question bank is broken: {first}"))
    })
}

/// Reads the files of a folder as a bank.
pub(crate) fn check(folder: &Path) -> io::Result<Result<Bank, Vec<BankFault>>> {
    questions::check_folder(folder)
}

/// A question's level as the wire contract has it.
pub(crate) fn level(question: &BankQuestion) -> v1::Level {
    match question.level {
        Level::Junior => v1::Level::Junior,
        Level::Mid => v1::Level::Mid,
        Level::Senior => v1::Level::Senior,
        Level::Staff => v1::Level::Staff,
    }
}
