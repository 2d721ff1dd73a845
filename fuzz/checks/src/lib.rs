//! What must hold for all code that reads text from outside, whatever the text: a check for each
//! fuzz target, and the target's seeds. A check panics when something does not hold.
//!
//! The targets are in `fuzz/fuzz_targets`, outside the workspace, because they need their own
//! build. The checks are inside it, so that every test run compiles them and runs them on their
//! seeds.

mod checks;
mod seeds;

// Modules of programs that have no library. Only some functions of each are needed here.
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

/// Every check with the name of its target in `fuzz/fuzz_targets`.
pub const CHECKS: [(&str, Check); 10] = [
    ("bank_file", checks::bank_file),
    ("evaluation_reply", checks::evaluation_reply),
    ("gateway_text", checks::gateway_text),
    ("grade_row", checks::grade_row),
    ("json_request", checks::json_request),
    ("question_reply", checks::question_reply),
    ("request", checks::request),
    ("retry_after", checks::retry_after),
    ("terminal_text", checks::terminal_text),
    ("token", checks::token),
];

/// Runs the check with this name.
///
/// # Panics
///
/// If no check has this name, or if the check does not hold.
pub fn run(name: &str, input: &[u8]) {
    let found = CHECKS.iter().find(|(known, _)| *known == name);
    let (_, check) = found.unwrap_or_else(|| panic!("no check is called {name}"));
    check(input);
}
