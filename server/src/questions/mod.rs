//! Where questions come from: the bank that is compiled in, and how it is chosen from.

pub mod bank;
mod bank_check;
mod bank_files;
mod fit;
pub mod model;
mod role;
mod select;
mod subjects;
pub mod template;
pub mod template_file;
mod titles;

pub use bank_check::{BankFault, check_folder};
pub use select::{QuestionRequest, QuestionSet};

#[cfg(feature = "fuzzing")]
pub(crate) use bank_check::parse as check_files;
