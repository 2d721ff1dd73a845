//! Where the rows of `viva grade` look for the grader.

#[allow(dead_code)]
#[path = "../../../tui/src/local/grading.rs"]
pub(crate) mod grading;
