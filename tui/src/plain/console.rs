//! Input and output by lines. Input is read on a thread of its own, so that Ctrl+C ends the
//! conversation while it waits for a line.

use std::{
    fmt::Display,
    io::{BufRead as _, IsTerminal as _, stdin},
    thread,
    time::Duration,
};

use tokio::sync::mpsc;
use viva_text::decode;

use crate::{
    cli::{Failure, note, out},
    text,
};

/// How long the conversation waits for an evaluation before it continues without it.
pub(super) const PATIENCE: Duration = Duration::from_mins(1);

/// Prints a text of one or more lines.
pub(super) fn say(text: &str) -> Result<(), Failure> {
    out(&format!("{}\n", text::neutral(text)))
}

/// Where your lines come from.
pub(super) struct Console {
    lines: mpsc::UnboundedReceiver<Result<String, Failure>>,
    /// Whether nothing is left unfinished if the input ends now.
    pub(super) may_end: bool,
}

/// A terminal that edits lines drops what exceeds this many bytes of one, its end included.
const LONGEST_TYPED: usize = 4096;

const CUT: &str = "Your terminal takes no longer lines than this one, so its end may be missing. Check it before you submit, and type shorter lines.";

/// Reads a line and returns it without its end; `None` at the end of the input.
fn read_line(number: usize) -> Option<Result<String, Failure>> {
    let mut bytes = Vec::new();
    match stdin().lock().read_until(b'\n', &mut bytes) {
        Ok(0) => None,
        Ok(_) => {
            if bytes.len() >= LONGEST_TYPED && stdin().is_terminal() {
                note(CUT);
            }
            Some(decoded(&bytes, number))
        }
        Err(error) => Some(Err(Failure::file("Standard input cannot be read", &error))),
    }
}

fn decoded(bytes: &[u8], number: usize) -> Result<String, Failure> {
    let text = decode::typed(bytes).map_err(|_| {
        Failure::failed(format!(
            "Line {number} is not UTF-8 text. What came before it is kept; save the input as UTF-8."
        ))
    })?;
    Ok(text.trim_end_matches(['\n', '\r']).to_owned())
}

impl Console {
    /// Starts reading standard input.
    pub(super) fn open() -> Self {
        let (sender, lines) = mpsc::unbounded_channel();
        thread::spawn(move || {
            for number in 1.. {
                let Some(line) = read_line(number) else { return };
                let is_last = line.is_err();
                // The conversation may have ended.
                if sender.send(line).is_err() || is_last {
                    return;
                }
            }
        });
        Self { lines, may_end: true }
    }

    /// Returns the next line. Ctrl+D ends the conversation; if input from elsewhere ends too early,
    /// that is a failure.
    pub(super) async fn line(&mut self) -> Result<String, Failure> {
        let line = self.lines.recv().await.ok_or_else(|| self.ended())??;
        Ok(text::typed(&line))
    }

    fn ended(&self) -> Failure {
        if self.may_end || stdin().is_terminal() {
            return Failure::quiet();
        }
        Failure::failed(
            "The input ended before the interview did. What you typed is kept as a draft.",
        )
    }

    /// Offers numbered choices until you choose one; the first is the default.
    pub(super) async fn choose<T>(
        &mut self,
        question: &str,
        choices: Vec<(impl Display, T)>,
    ) -> Result<T, Failure> {
        let count = choices.len();
        say(&format!("\n{question}"))?;
        for ((label, _), number) in choices.iter().zip(1..) {
            say(&format!("{number}. {label}"))?;
        }
        let mut choices: Vec<_> = choices.into_iter().map(|(_, choice)| choice).collect();
        loop {
            say("Your choice [1]:")?;
            let line = self.line().await?;
            let number = match line.trim() {
                "" => Ok(1),
                number => number.parse(),
            };
            match number {
                Ok(number) if (1..=count).contains(&number) => {
                    return Ok(choices.swap_remove(number - 1));
                }
                _ => say(&format!("Please type a number from 1 to {count}."))?,
            }
        }
    }
}
