//! What is said on standard error while a command waits: a line that counts where there is a
//! terminal, else a line now and then. With `--json` nothing is said, and what takes less than a
//! second needs no word.

use std::{
    future::Future,
    io::{IsTerminal as _, Write as _, stderr},
    pin::pin,
    time::Duration,
};

use jiff::Timestamp;
use tokio::time::Instant;
use viva_proto::v1::Answer;

use super::Context;
use crate::{
    evaluation::waiting::Waiting,
    text,
    view::{ascii, wrap},
    words,
};

/// After so many seconds a word is due where lines stay; after the last, each time it passes again.
const WORDS_AT: [u64; 5] = [1, 5, 15, 30, 60];

/// The columns of a terminal that does not say.
const COLUMNS: u16 = 80;

/// Says what goes on from when it is made until it is dropped.
pub(crate) struct Meanwhile {
    since: Timestamp,
    begun: Instant,
    teller: Teller,
}

impl Meanwhile {
    /// For one wait of a command.
    pub(crate) fn new(context: &Context) -> Self {
        let voice = if context.json {
            Voice::Silent
        } else if stderr().is_terminal() && !context.paper.plain {
            Voice::Live
        } else {
            Voice::Lines
        };
        let ascii = context.settings.ascii;
        Self {
            since: Timestamp::now(),
            begun: Instant::now(),
            teller: Teller { voice, ascii, said: 0, fault: None, is_shown: false },
        }
    }

    /// Does some work and says what it is, with how long it has taken.
    pub(crate) async fn during<T>(&mut self, what: &str, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        loop {
            let second = tokio::time::sleep(Duration::from_secs(1));
            tokio::select! {
                done = &mut work => return done,
                () = second => {
                    let seconds = self.begun.elapsed().as_secs();
                    let lasting = words::lasting(i64::try_from(seconds).unwrap_or(i64::MAX));
                    say(&self.teller.status(seconds, &format!("{what} {lasting}")));
                }
            }
        }
    }

    /// Says how these answers stand, those of them that are not evaluated yet.
    pub(crate) fn answers(&mut self, answers: &[&Answer]) {
        let now = Timestamp::now();
        let waits = answers
            .iter()
            .filter_map(|answer| Waiting::of(answer.evaluation.as_ref()?, Some(self.since), now));
        let waits: Vec<_> = waits.collect();
        let seconds = self.begun.elapsed().as_secs();
        let status = match (waits.iter().find(|waiting| waiting.fault.is_some()), waits.as_slice())
        {
            (_, []) => return,
            (Some(waiting), _) => {
                say(&self.teller.fault(waiting));
                waiting.status()
            }
            (None, [waiting]) => waiting.status(),
            (None, several) => {
                let lasting = words::lasting(i64::try_from(seconds).unwrap_or(i64::MAX));
                format!("{} answers are being evaluated, {lasting}", several.len())
            }
        };
        say(&self.teller.status(seconds, &text::capitalised(&status)));
    }
}

impl Drop for Meanwhile {
    fn drop(&mut self) {
        say(&self.teller.end());
    }
}

fn say(bytes: &str) {
    let mut out = stderr().lock();
    // Nobody is left to tell that nobody can be told.
    let _ = out.write_all(bytes.as_bytes()).and_then(|()| out.flush());
}

/// How things are said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Voice {
    Silent,
    /// One line after the other, each of them for good.
    Lines,
    /// The last line is written anew while it counts.
    Live,
}

/// Decides what is written when.
struct Teller {
    voice: Voice,
    ascii: bool,
    /// How many of the words that are due after a time were said.
    said: usize,
    /// The fault that was told last, with the attempt after it.
    fault: Option<(String, i32)>,
    /// Whether a line that counts is on the screen.
    is_shown: bool,
}

impl Teller {
    /// What is to be written of how things stand after so many seconds.
    fn status(&mut self, seconds: u64, status: &str) -> String {
        match self.voice {
            Voice::Live if seconds >= WORDS_AT[0] => {
                self.is_shown = true;
                let columns = crossterm::terminal::size().map_or(COLUMNS, |(columns, _)| columns);
                // The last column stays free: a line that fills it would wrap.
                let line = wrap::fit(status, usize::from(columns).saturating_sub(1));
                format!("\r\u{1b}[K{}", self.plainly(&line))
            }
            Voice::Lines if seconds >= self.next_word() => {
                while seconds >= self.next_word() {
                    self.said += 1;
                }
                format!("{}\n", self.plainly(&text::sentence(status)))
            }
            _ => String::new(),
        }
    }

    /// What is to be written of a fault; each attempt that ended in one is told once.
    fn fault(&mut self, waiting: &Waiting) -> String {
        let fault = waiting.fault.clone().map(|fault| (fault, waiting.attempt));
        if self.voice == Voice::Silent || fault.is_none() || fault == self.fault {
            return String::new();
        }
        self.fault = fault;
        let end = self.end();
        format!("{end}{}\n", self.plainly(&waiting.sentence()))
    }

    /// What takes the line that counts away.
    fn end(&mut self) -> String {
        if std::mem::take(&mut self.is_shown) { "\r\u{1b}[K".to_owned() } else { String::new() }
    }

    /// After how many seconds the next word is due.
    fn next_word(&self) -> u64 {
        let last = WORDS_AT.len() - 1;
        WORDS_AT.get(self.said).copied().unwrap_or_else(|| {
            let times = u64::try_from(self.said - last + 1).unwrap_or(u64::MAX);
            WORDS_AT[last].saturating_mul(times)
        })
    }

    fn plainly(&self, line: &str) -> String {
        let line = text::neutral_line(line);
        if !self.ascii {
            return line;
        }
        line.chars().map(|c| if c.is_ascii() { c } else { ascii::like(c) }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::data;

    fn teller(voice: Voice) -> Teller {
        Teller { voice, ascii: false, said: 0, fault: None, is_shown: false }
    }

    fn waiting(fault: &str) -> Waiting {
        let evaluation = data::waiting(0, fault).evaluation.unwrap();
        Waiting::of(&evaluation, None, data::now()).unwrap()
    }

    #[test]
    fn lines_are_said_now_and_then_and_stay() {
        let mut teller = teller(Voice::Lines);
        let said: Vec<_> = (0..200)
            .filter(|seconds| !teller.status(*seconds, "Choosing questions").is_empty())
            .collect();
        assert_eq!(said, [1, 5, 15, 30, 60, 120, 180]);
        assert_eq!(teller.status(240, "Being evaluated, 240 s"), "Being evaluated, 240 s.\n");
        assert_eq!(teller.end(), "");
    }

    #[test]
    fn a_line_that_counts_is_written_anew_and_taken_away_at_the_end() {
        let mut teller = teller(Voice::Live);
        assert_eq!(teller.status(0, "Choosing"), "", "what is quick needs no word");
        assert_eq!(teller.status(1, "Choosing"), "\r\u{1b}[KChoosing");
        assert_eq!(teller.status(2, "Choosing"), "\r\u{1b}[KChoosing");
        assert_eq!(teller.end(), "\r\u{1b}[K");
        assert_eq!(teller.end(), "");
    }

    #[test]
    fn a_fault_is_told_once_for_each_attempt() {
        let mut teller = teller(Voice::Live);
        teller.status(1, "Being evaluated");
        let told = teller.fault(&waiting(data::unreachable()));
        let sentence = "The language model (LLM_API_URL) cannot be reached. Your answer is \
                        safe; attempt 3 in 8 s.";
        assert_eq!(told, format!("\r\u{1b}[K{sentence}\n"));
        assert_eq!(teller.fault(&waiting(data::unreachable())), "");
        let mut next = waiting(data::unreachable());
        next.attempt = 4;
        assert!(teller.fault(&next).contains("attempt 4"));
    }

    #[test]
    fn with_json_nothing_is_said() {
        let mut teller = teller(Voice::Silent);
        assert_eq!(teller.status(100, "Choosing"), "");
        assert_eq!(teller.fault(&waiting(data::unreachable())), "");
        assert_eq!(teller.end(), "");
    }

    #[test]
    fn no_fault_steers_the_terminal() {
        let hostile = "down\u{1b}]52;c;cm0=\u{7} \u{202e}safe\u{9b}2J\r\nnext";
        for voice in [Voice::Lines, Voice::Live] {
            let told = teller(voice).fault(&waiting(hostile));
            assert!(told.trim_end().chars().all(|c| text::is_harmless(c) && c != '\n'), "{told:?}");
        }
    }
}
