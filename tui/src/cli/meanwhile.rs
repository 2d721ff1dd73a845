//! Progress on standard error while a command waits: on a terminal, one line that counts seconds;
//! elsewhere, a new line now and then. Nothing with `--json`, nor within the first second.

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

/// The seconds after which a line is printed, where lines stay; later, at multiples of the last.
const WORDS_AT: [u64; 5] = [1, 5, 15, 30, 60];

/// Columns if the terminal does not say.
const COLUMNS: u16 = 80;

/// Reports progress from when it is made until it is dropped.
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

    /// Runs some work and reports what it is and how long it has taken.
    pub(crate) async fn during<T>(&mut self, what: &str, work: impl Future<Output = T>) -> T {
        // In a box, because a future within a future takes the room of both.
        self.counting(|| what.to_owned(), Box::pin(work)).await
    }

    /// Runs some work and reports how far it is, in changing words, and how long it has taken.
    pub(crate) async fn counting<T>(
        &mut self,
        what: impl Fn() -> String,
        work: impl Future<Output = T>,
    ) -> T {
        let mut work = pin!(work);
        loop {
            let second = tokio::time::sleep(Duration::from_secs(1));
            tokio::select! {
                done = &mut work => return done,
                () = second => {
                    let seconds = self.begun.elapsed().as_secs();
                    let lasting = words::lasting(i64::try_from(seconds).unwrap_or(i64::MAX));
                    say(&self.teller.status(seconds, &format!("{} {lasting}", what())));
                }
            }
        }
    }

    /// Reports on those of these answers that are not evaluated yet.
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
    // If standard error fails, there is no way left to report it.
    let _ = out.write_all(bytes.as_bytes()).and_then(|()| out.flush());
}

/// How progress is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Voice {
    Silent,
    /// One line after the other, each permanent.
    Lines,
    /// The last line is rewritten while it counts.
    Live,
}

/// Decides what is written when.
struct Teller {
    voice: Voice,
    ascii: bool,
    /// How many of the timed lines have been printed.
    said: usize,
    /// The fault that was reported last, with the number of the attempt after it.
    fault: Option<(String, i32)>,
    /// Whether a line that counts is on the screen.
    is_shown: bool,
}

impl Teller {
    /// What to write about the status after this many seconds.
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

    /// What to write about a fault; each failed attempt is reported once.
    fn fault(&mut self, waiting: &Waiting) -> String {
        let fault = waiting.fault.clone().map(|fault| (fault, waiting.attempt));
        if self.voice == Voice::Silent || fault.is_none() || fault == self.fault {
            return String::new();
        }
        self.fault = fault;
        let end = self.end();
        format!("{end}{}\n", self.plainly(&waiting.sentence()))
    }

    /// What removes the line that counts.
    fn end(&mut self) -> String {
        if std::mem::take(&mut self.is_shown) { "\r\u{1b}[K".to_owned() } else { String::new() }
    }

    /// The seconds after which the next line is due.
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
    fn without_a_terminal_a_new_line_is_printed_now_and_then() {
        let mut teller = teller(Voice::Lines);
        let said: Vec<_> = (0..200)
            .filter(|seconds| !teller.status(*seconds, "Choosing questions").is_empty())
            .collect();
        assert_eq!(said, [1, 5, 15, 30, 60, 120, 180]);
        assert_eq!(teller.status(240, "Being evaluated, 240 s"), "Being evaluated, 240 s.\n");
        assert_eq!(teller.end(), "");
    }

    #[test]
    fn on_a_terminal_one_line_is_rewritten_and_removed_at_the_end() {
        let mut teller = teller(Voice::Live);
        assert_eq!(teller.status(0, "Choosing"), "", "nothing within the first second");
        assert_eq!(teller.status(1, "Choosing"), "\r\u{1b}[KChoosing");
        assert_eq!(teller.status(2, "Choosing"), "\r\u{1b}[KChoosing");
        assert_eq!(teller.end(), "\r\u{1b}[K");
        assert_eq!(teller.end(), "");
    }

    #[test]
    fn a_fault_is_reported_once_for_each_attempt() {
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
    fn with_json_nothing_is_reported() {
        let mut teller = teller(Voice::Silent);
        assert_eq!(teller.status(100, "Choosing"), "");
        assert_eq!(teller.fault(&waiting(data::unreachable())), "");
        assert_eq!(teller.end(), "");
    }

    #[test]
    fn a_fault_cannot_steer_the_terminal() {
        let hostile = "down\u{1b}]52;c;cm0=\u{7} \u{202e}safe\u{9b}2J\r\nnext";
        for voice in [Voice::Lines, Voice::Live] {
            let told = teller(voice).fault(&waiting(hostile));
            assert!(told.trim_end().chars().all(|c| text::is_harmless(c) && c != '\n'), "{told:?}");
        }
    }
}
