//! The question bank that is compiled in, and folders that are checked as one.

use std::{io, path::Path, sync::Arc};

use viva_proto::v1;
pub(crate) use viva_server::questions::{
    BankFault,
    bank::{Bank, BankQuestion, Topic},
};
use viva_server::{domain::interview::Level, questions};

use crate::problem::{Problem, ProblemKind};

/// The built-in bank, with the questions of a folder where one is named.
pub(crate) fn in_force(folder: Option<&Path>) -> Result<Arc<Bank>, Problem> {
    questions::bank(folder).map_err(|error| {
        let mut message = error.to_string();
        if let Some(first) = message.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        Problem::new(ProblemKind::Local, message)
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
