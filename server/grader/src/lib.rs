//! The built-in grader.
