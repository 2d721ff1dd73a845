//! `viva grade`: grades answers line by line, without a server or a database.

pub(super) mod row;

use std::io::{BufRead, IsTerminal as _, stdin};

use clap::Args;
use serde_json::{Value, json};

use self::row::Row;
use super::{Failure, json, on_a_thread, paper, values};
use crate::{local::grading::Grading, words};

const DETAILS: &str = "\
Each line of standard input is a JSON object. Objects over several lines and lists of objects work,
too. The fields:
  question      what was asked
  answer        what was answered
  reference     a good answer; optional if there are key_points
  key_points    [{\"point\", \"weight\", \"phrasings\"}]; weight 1 and no phrasings unless given
  mistakes      [{\"claim\", \"why_wrong\"}]; optional
Other fields are ignored. Each object gets a line of output as soon as it is graded: an evaluation,
or {\"error\":{\"line\":n,\"message\":...}}; after an error the exit code is 1.

Examples:
  viva grade < answers.jsonl > evaluations.jsonl
  viva bank show rust-send-sync --json |
    jq -c '.question + {answer: \"A value has one owner at a time.\"}' | viva grade";

/// Only the flags that every command has.
#[derive(Debug, Args)]
#[command(after_help = DETAILS)]
pub(crate) struct Arguments {}

pub(super) async fn run() -> Result<(), Failure> {
    if stdin().is_terminal() {
        paper::note(
            "Type one JSON object per line; Ctrl+D ends. `viva help grade` has an example.",
        );
    }
    on_a_thread(|| grade_lines(stdin().lock(), paper::out)).await
}

/// Grades one object after another; each evaluation is printed before the next object is read.
fn grade_lines(
    input: impl BufRead,
    out: impl Fn(&str) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut grading = Grading::default();
    let mut bad = 0_usize;
    values::read(input, "Standard input", |found| {
        let line = found.line;
        let graded = found.value.and_then(|value| grade(&mut grading, &value));
        let graded = graded.unwrap_or_else(|message| {
            bad += 1;
            let error = json!({"error": {"line": line, "message": message}});
            viva_text::escaped_json(&error.to_string())
        });
        out(&format!("{graded}\n"))
    })?;
    if bad == 0 {
        return Ok(());
    }
    let lines = words::count(bad, "line");
    Err(Failure::failed(format!(
        "{lines} could not be graded; the output has the error in place of each."
    )))
}

fn grade(grading: &mut Grading, value: &Value) -> Result<String, String> {
    let row = Row::of(value)?;
    let graded = grading
        .grade(&row.question, &row.rubric, &row.answer)
        .ok_or("the built-in grader gave no usable result")?;
    json::line(&graded.evaluation).map_err(|failure| failure.message)
}

#[cfg(test)]
mod tests {
    use std::{
        cell::RefCell,
        io::{self, BufReader, Read},
    };

    use super::*;

    /// Input of one line at a time that notes how many lines were printed before each.
    struct Dripping<'a> {
        lines: Vec<&'static str>,
        out: &'a RefCell<Vec<String>>,
        seen: &'a RefCell<Vec<usize>>,
    }

    impl Read for Dripping<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.seen.borrow_mut().push(self.out.borrow().len());
            if self.lines.is_empty() {
                return Ok(0);
            }
            let line = self.lines.remove(0).as_bytes();
            buffer[..line.len()].copy_from_slice(line);
            Ok(line.len())
        }
    }

    #[test]
    fn each_evaluation_is_printed_before_the_next_line_is_read() {
        let (out, seen) = (RefCell::default(), RefCell::default());
        let row = "{\"question\":\"Why?\",\"reference\":\"Because of it.\",\"answer\":\"So.\"}\n";
        let input = Dripping { lines: vec![row, "\n", "no\n"], out: &out, seen: &seen };
        let end = grade_lines(BufReader::new(input), |line| {
            out.borrow_mut().push(line.to_owned());
            Ok(())
        });
        assert_eq!(*seen.borrow(), [0, 1, 1, 2]);
        assert!(end.unwrap_err().message.starts_with("1 line could not"));
        assert!(out.borrow()[1].starts_with("{\"error\":{\"line\":3,"));
    }
}
