//! Gives `fuzz/` access to private code that parses text from outside. Compiled only with the
//! feature `fuzzing`.

use crate::questions::{BankFault, bank::Bank};
pub use crate::{
    evaluation::llm::fuzzing::evaluation,
    llm::fuzzing::{completion, logged, retry_after},
    questions::llm::fuzzing::questions,
};

/// Reads one bank file from its name and text.
pub fn bank_file(name: &str, text: &str) -> Result<Bank, Vec<BankFault>> {
    crate::questions::check_files(&[(name, text)])
}
