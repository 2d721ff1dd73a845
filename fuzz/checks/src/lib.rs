//! What must hold of everything that reads texts from outside, whatever the text: a check for each
//! fuzz target, and the seeds that it starts from. A check panics when something does not hold.
//!
//! The targets themselves are in `fuzz/fuzz_targets`, outside the workspace, because they need a
//! build of their own; the checks are in it, so that they are compiled, and pass on their seeds, with
//! every test.

mod checks;
mod seeds;

// Parts of programs, which have no library. Of each only some functions are needed here.
#[allow(dead_code, unreachable_pub)]
#[path = "../../../web-gateway/src/grpc_web.rs"]
mod grpc_web;
mod local;
#[allow(dead_code)]
#[path = "../../../tui/src/cli/grade/row.rs"]
mod row;
#[allow(dead_code)]
#[path = "../../../tui/src/text.rs"]
mod text;

pub use seeds::seeds;

/// A check of one input.
pub type Check = fn(&[u8]);

/// Every check by the name of its target in `fuzz/fuzz_targets`.
pub const CHECKS: [(&str, Check); 9] = [
    ("bank_file", checks::bank_file),
    ("evaluation_reply", checks::evaluation_reply),
    ("gateway_text", checks::gateway_text),
    ("grade_row", checks::grade_row),
    ("question_reply", checks::question_reply),
    ("request", checks::request),
    ("retry_after", checks::retry_after),
    ("terminal_text", checks::terminal_text),
    ("token", checks::token),
];

/// Runs the check of that name.
///
/// # Panics
///
/// When there is none, and when it does not hold.
pub fn run(name: &str, input: &[u8]) {
    let found = CHECKS.iter().find(|(known, _)| *known == name);
    let (_, check) = found.unwrap_or_else(|| panic!("there is no check {name}"));
    check(input);
}
