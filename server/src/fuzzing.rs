//! Doors for `fuzz/` to what reads texts from outside and is nobody else's business. They are there
//! with the feature `fuzzing` only.

use crate::questions::{BankFault, bank::Bank};
pub use crate::{
    evaluation::model::fuzzing::evaluation,
    llm::fuzzing::{completion, logged, retry_after},
    questions::model::fuzzing::questions,
};

/// One bank file, read by its name and its text.
pub fn bank_file(name: &str, text: &str) -> Result<Bank, Vec<BankFault>> {
    crate::questions::check_files(&[(name, text)])
}
