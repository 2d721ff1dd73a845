//! Lines in and lines out. Input is read on a thread of its own, so that Ctrl+C ends the
//! conversation while it waits for a line.

use std::{fmt::Display, io::stdin, thread, time::Duration};

use tokio::sync::mpsc;

use crate::{
    cli::{Failure, out},
    text,
};

/// How long the conversation waits for an evaluation before it goes on without.
pub(super) const PATIENCE: Duration = Duration::from_mins(1);

/// Says something, in a line or more.
pub(super) fn say(text: &str) -> Result<(), Failure> {
    out(&format!("{}\n", text::neutral(text)))
}

/// Where one is listened to.
pub(super) struct Console {
    lines: mpsc::UnboundedReceiver<String>,
}

impl Console {
    /// Listens on standard input.
    pub(super) fn open() -> Self {
        let (sender, lines) = mpsc::unbounded_channel();
        thread::spawn(move || {
            for line in stdin().lines() {
                // Nobody listens any more, or what came is no text: either is the end.
                let Ok(line) = line else { return };
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Self { lines }
    }

    /// The next line that is typed. At the end of the input the conversation ends.
    pub(super) async fn line(&mut self) -> Result<String, Failure> {
        let line = self.lines.recv().await.ok_or_else(Failure::quiet)?;
        Ok(text::typed(&line))
    }

    /// Offers choices by their numbers until one of them is taken; the first one is the default.
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
