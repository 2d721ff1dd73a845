//! Where questions come from: the bank that is compiled in, a folder of one's own beside it, and how
//! they are chosen from.

mod advert;
pub mod bank;
mod bank_check;
mod bank_files;
mod fit;
mod house_rules;
mod levels;
pub mod model;
mod notice;
mod own;
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
pub use house_rules::house_faults;
pub use own::{BankError, bank, check_folder};
pub use select::{QuestionRequest, QuestionSet};

#[cfg(feature = "fuzzing")]
pub(crate) use bank_check::parse as check_files;
