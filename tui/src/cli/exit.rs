//! How a command ends: the exit codes, and messages for failures. README.md documents the codes for
//! scripts, so a code never changes its meaning.

use std::{fmt, io};

use super::paper;
use crate::{
    problem::{Problem, ProblemKind},
    text,
};

/// The exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// The command succeeded.
    Done = 0,
    /// The command failed.
    Failed = 1,
    /// The command line was wrong; clap uses the same number.
    Usage = 2,
    /// The thing named does not exist.
    NotFound = 3,
    /// You must sign in.
    SignIn = 4,
    /// The server cannot be reached.
    Unreachable = 5,
    /// The evaluation that the command waited for failed.
    Evaluation = 6,
    /// The time to wait ran out.
    Timeout = 124,
    /// Ctrl+C.
    Interrupted = 130,
}

/// Why a command ended early.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// The exit code.
    pub(crate) exit: Exit,
    /// The message for the user; empty for none.
    pub(crate) message: String,
}

impl Failure {
    /// A failure with an exit code and a message.
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into() }
    }

    /// A failure without an exit code of its own.
    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Self::new(Exit::Failed, message)
    }

    /// A wrong command line.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// Ctrl+C.
    pub(crate) fn interrupted() -> Self {
        Self::new(Exit::Interrupted, "")
    }

    /// An early end that needs no message: the reader of the output has gone, or the user has left.
    pub(crate) fn quiet() -> Self {
        Self::new(Exit::Done, "")
    }

    /// A file that cannot be read or written.
    pub(crate) fn file(what: impl fmt::Display, error: &io::Error) -> Self {
        Self::failed(format!("{what}: {error}"))
    }

    /// Adds a sentence on a line of its own.
    #[must_use]
    pub(crate) fn and(mut self, sentence: impl fmt::Display) -> Self {
        self.message = format!("{}\n{sentence}", self.message);
        self
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::new(exit_of(problem.kind), words(&problem))
    }
}

/// Writing to standard output failed. A closed pipe is not an error: `viva ... | head` has seen
/// enough.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::quiet()
        } else {
            Self::file("The output cannot be written", &error)
        }
    }
}

fn exit_of(kind: ProblemKind) -> Exit {
    match kind {
        ProblemKind::TokenExpired
        | ProblemKind::SignIn
        | ProblemKind::Key
        | ProblemKind::Credentials => Exit::SignIn,
        ProblemKind::Validation => Exit::Usage,
        ProblemKind::NotFound => Exit::NotFound,
        ProblemKind::Unreachable | ProblemKind::NoNetwork | ProblemKind::Unavailable => {
            Exit::Unreachable
        }
        ProblemKind::Timeout => Exit::Timeout,
        ProblemKind::Denied
        | ProblemKind::Conflict
        | ProblemKind::Precondition
        | ProblemKind::Busy
        | ProblemKind::Unsupported
        | ProblemKind::Server
        | ProblemKind::Local => Exit::Failed,
    }
}

fn words(problem: &Problem) -> String {
    let mut lines: Vec<_> =
        problem.violations.iter().map(|violation| violation.message.clone()).collect();
    if lines.is_empty() {
        lines.push(problem.message.clone());
    }
    if problem.needs_sign_in() {
        lines.push("Sign in with `viva login`, and the same --server if you named one.".to_owned());
    }
    if let Some(wait) = problem.retry_after {
        lines.push(format!("Try again in {} s.", wait.as_secs().max(1)));
    }
    if let (ProblemKind::Server, Some(id)) = (problem.kind, &problem.request_id) {
        lines.push(format!("The server's log has more under the request id {id}."));
    }
    lines.extend(problem.safe.map(str::to_owned));
    lines.join("\n")
}

/// Prints what went wrong, if anything did, and returns the exit code.
pub(super) fn tell(done: Result<(), Failure>) -> Exit {
    let Err(failure) = done else {
        return Exit::Done;
    };
    let message = text::neutral(&failure.message);
    for (at, line) in message.lines().enumerate() {
        // Only the first line has the name; the others are indented to match.
        let lead = if at == 0 { "viva: " } else { "      " };
        paper::note(&format!("{lead}{line}"));
    }
    failure.exit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_problem_has_its_documented_exit_code() {
        let code = |kind| Failure::from(Problem::new(kind, "x")).exit as u8;
        assert_eq!(code(ProblemKind::Validation), 2);
        assert_eq!(code(ProblemKind::NotFound), 3);
        assert_eq!(code(ProblemKind::SignIn), 4);
        assert_eq!(code(ProblemKind::Credentials), 4);
        assert_eq!(code(ProblemKind::Unreachable), 5);
        assert_eq!(code(ProblemKind::Unavailable), 5);
        assert_eq!(code(ProblemKind::Timeout), 124);
        assert_eq!(code(ProblemKind::Unsupported), 1);
        assert_eq!(code(ProblemKind::Local), 1);
    }

    #[test]
    fn a_closed_pipe_is_not_an_error_but_a_full_disk_is() {
        assert_eq!(Failure::from(io::Error::from(io::ErrorKind::BrokenPipe)).exit, Exit::Done);
        assert_eq!(Failure::from(io::Error::from(io::ErrorKind::StorageFull)).exit, Exit::Failed);
    }

    #[test]
    fn a_refused_request_names_every_rule_that_it_breaks() {
        let mut problem = Problem::new(ProblemKind::Validation, "Invalid request");
        for (field, message) in [("role", "Role is too long"), ("level", "No such level")] {
            problem
                .violations
                .push(crate::problem::Violation { field: field.into(), message: message.into() });
        }
        assert_eq!(Failure::from(problem).message, "Role is too long\nNo such level");
    }
}
