//! Where questions come from: the bank that is compiled in, a folder of your own beside it, and how
//! questions are chosen from them.

mod advert;
pub mod bank;
mod bank_check;
mod bank_files;
mod fit;
mod folder;
pub mod follow_up;
pub mod hints;
mod house_rules;
mod levels;
pub mod llm;
mod notice;
pub mod points;
pub mod preview;
mod role;
pub mod roles;
mod select;
mod subjects;
pub mod template;
pub mod template_file;
mod texts;
mod titles;
mod visible;
mod words;
pub mod writing;

pub use bank_check::BankFault;
pub use folder::{BankError, bank, check_folder};
pub use house_rules::house_faults;
pub use select::{QuestionRequest, QuestionSet};

#[cfg(feature = "fuzzing")]
pub(crate) use bank_check::parse as check_files;
