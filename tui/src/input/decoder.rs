//! Decodes the terminal's bytes. The rule: what you type becomes keys or text, promptly and
//! completely; what a terminal sends by itself never does, in one piece or several, complete or
//! not. Replies that the app waits for are passed on.
//!
//! Some beginnings are ambiguous: an escape is a key and starts every sequence. Bytes of one read
//! belong together; later bytes belong to them if they continue the sequence within a time limit.

use std::time::{Duration, Instant};

use crossterm::event::KeyCode;

use super::{
    Sent, chars,
    csi::{self, Meaning},
    paste::Paste,
    string::{self, CAN, Escape, SUB, Step, Text},
};

const ESC: u8 = 0x1b;

/// How long an escape waits for the rest of a sequence: too short to notice.
const BRIEF: Duration = Duration::from_millis(100);

/// How long an unfinished sequence waits for its next byte; slow lines need this long.
const LONG: Duration = Duration::from_secs(1);

/// How long a pasted text waits for its next byte.
const PASTING: Duration = Duration::from_secs(3);

/// How long a string may continue in small reads, which could be typing.
const DRIPPING: Duration = Duration::from_secs(4);

/// A shorter read is small.
const DROP: usize = 16;

/// The longest control sequence with a meaning.
const LONGEST: usize = 64;

/// Turns bytes into keys.
#[derive(Debug)]
pub(crate) struct Decoder {
    /// The start of a sequence or of a character.
    held: Vec<u8>,
    /// Whether the escape at its start was the last byte of its read.
    apart: bool,
    inside: Inside,
    /// The position of the current byte in its read.
    position: BytePosition,
    /// When the last bytes came.
    heard: Instant,
    /// When the last bytes came that cannot have been typed, or the string began.
    flowing: Instant,
    /// When an escape was taken for the key because nothing followed it.
    escaped: Option<Instant>,
}

/// What the current bytes are part of.
#[derive(Debug)]
enum Inside {
    Nothing,
    Text(Text),
    Paste(Paste),
    /// A mouse report, with this many bytes to come.
    Mouse(u8),
}

/// The position of a byte in its read.
#[derive(Debug, Clone, Copy, Default)]
struct BytePosition {
    /// It is the first.
    first: bool,
    /// It is the only one.
    alone: bool,
}

impl Decoder {
    pub(crate) fn new(now: Instant) -> Self {
        Self {
            held: Vec::new(),
            apart: false,
            inside: Inside::Nothing,
            position: BytePosition::default(),
            heard: now,
            flowing: now,
            escaped: None,
        }
    }

    /// Decodes the bytes of one read. With `more`, the next read continues it.
    pub(crate) fn read(&mut self, bytes: &[u8], more: bool, now: Instant, out: &mut Vec<Sent>) {
        self.heard = now;
        if bytes.len() >= DROP {
            self.flowing = now;
        }
        let escaped = self.escaped.take().is_some_and(|at| now < at + LONG);
        if escaped && self.is_idle() && string::goes_on(bytes) {
            // The line was slow after the escape.
            self.held.push(ESC);
            self.apart = false;
        }
        for (at, byte) in bytes.iter().enumerate() {
            self.position = BytePosition { first: at == 0, alone: bytes.len() == 1 };
            self.take(*byte, out);
        }
        if self.held == [ESC] {
            self.apart = !more;
        }
    }

    /// When to call `wait_is_over` if no bytes come; `None` if nothing is unfinished.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        match &self.inside {
            Inside::Text(_) => Some((self.heard + LONG).min(self.flowing + DRIPPING)),
            Inside::Paste(_) => Some(self.heard + PASTING),
            Inside::Mouse(_) => Some(self.heard + LONG),
            Inside::Nothing => match self.held.as_slice() {
                [] => None,
                [ESC] | [ESC, b'O', ..] => Some(self.heard + BRIEF),
                _ => Some(self.heard + LONG),
            },
        }
    }

    /// Gives up what is unfinished, because nothing has come for too long.
    pub(crate) fn wait_is_over(&mut self, now: Instant, out: &mut Vec<Sent>) {
        if self.deadline().is_none_or(|deadline| now < deadline) {
            return;
        }
        match std::mem::replace(&mut self.inside, Inside::Nothing) {
            Inside::Text(text) if text.escape == Some(Escape::Apart) => out.push(escape()),
            Inside::Text(text) => out.extend(text.said().filter(|_| text.escape.is_some())),
            Inside::Paste(paste) => out.extend(paste.rest()),
            Inside::Mouse(_) => {}
            Inside::Nothing if self.held == [ESC] => {
                self.escaped = Some(now);
                self.give_back(out);
            }
            Inside::Nothing => self.give_back(out),
        }
        self.held.clear();
    }

    fn is_idle(&self) -> bool {
        self.held.is_empty() && matches!(self.inside, Inside::Nothing)
    }

    fn take(&mut self, byte: u8, out: &mut Vec<Sent>) {
        match &mut self.inside {
            Inside::Text(_) => self.take_in_text(byte, out),
            Inside::Paste(paste) => {
                let (text, ends) = paste.take(byte);
                out.extend(text);
                if ends {
                    self.inside = Inside::Nothing;
                }
            }
            Inside::Mouse(left @ 1..) if byte >= b' ' => {
                *left -= 1;
                if *left == 0 {
                    self.inside = Inside::Nothing;
                }
            }
            Inside::Mouse(_) => {
                self.inside = Inside::Nothing;
                self.take(byte, out);
            }
            Inside::Nothing if self.held.is_empty() => self.begin(byte, out),
            Inside::Nothing if self.held[0] != ESC => self.take_in_character(byte, out),
            Inside::Nothing => self.take_after_escape(byte, out),
        }
    }

    fn begin(&mut self, byte: u8, out: &mut Vec<Sent>) {
        self.apart = false;
        match byte {
            ESC => self.held.push(ESC),
            // The 8-bit form of the escape and a letter.
            0x80..=0x9f => self.begin_in_8_bits(byte),
            0x00..=0x7f => out.push(Sent::Key(chars::control(byte))),
            // Bytes that cannot be part of a character are ignored.
            _ if chars::length(byte).is_some() => self.held.push(byte),
            _ => {}
        }
    }

    fn begin_in_8_bits(&mut self, byte: u8) {
        let letter = byte - 0x40;
        if letter == b'[' || letter == b'O' {
            self.held = vec![ESC, letter];
        } else if string::opens(letter) {
            self.begin_text(letter);
        }
    }

    fn take_in_character(&mut self, byte: u8, out: &mut Vec<Sent>) {
        let start = usize::from(self.held[0] == ESC);
        if !matches!(byte, 0x80..=0xbf) {
            self.held.clear();
            return self.take(byte, out);
        }
        self.held.push(byte);
        let bytes = &self.held[start..];
        if chars::length(bytes[0]).is_some_and(|length| bytes.len() < length) {
            return;
        }
        let character = std::str::from_utf8(bytes).ok().and_then(|text| text.chars().next());
        self.held.clear();
        match character {
            Some(c @ '\u{80}'..='\u{9f}') => {
                self.begin_in_8_bits(u8::try_from(u32::from(c)).unwrap_or_default());
            }
            Some(c) if start == 1 => out.push(Sent::Key(chars::with_alt(chars::character(c)))),
            Some(c) => out.push(Sent::Key(chars::character(c))),
            None => {}
        }
    }

    fn take_after_escape(&mut self, byte: u8, out: &mut Vec<Sent>) {
        match self.held.get(1).copied() {
            None => self.take_second(byte, out),
            Some(b'[') => self.take_in_sequence(byte, out),
            Some(b'O') => self.take_in_single_shift(byte, out),
            Some(0x80..) => self.take_in_character(byte, out),
            Some(kind) => {
                if string::may_begin(kind, byte, self.position.alone) {
                    self.begin_text(kind);
                    self.take_in_text(byte, out);
                } else {
                    self.give_back(out);
                    self.take(byte, out);
                }
            }
        }
    }

    fn take_second(&mut self, byte: u8, out: &mut Vec<Sent>) {
        match byte {
            ESC => {
                self.apart = false;
                out.push(escape());
            }
            b'[' | b'O' => self.held.push(byte),
            _ if string::opens(byte) => self.held.push(byte),
            // Two reads mean two keys.
            _ if self.apart => {
                self.give_back(out);
                self.take(byte, out);
            }
            0x80.. if chars::length(byte).is_some() => self.held.push(byte),
            // The end of a string that has already ended.
            b'\\' | 0x80.. => self.held.clear(),
            _ => {
                self.held.clear();
                out.push(Sent::Key(chars::with_alt(chars::control(byte))));
            }
        }
    }

    fn take_in_sequence(&mut self, byte: u8, out: &mut Vec<Sent>) {
        let between = &self.held[2..];
        match byte {
            // The first five function keys of the Linux console: `ESC [ [ A`.
            b'A'..=b'E' if between == b"[" => {
                self.held.clear();
                out.push(Sent::Key(KeyCode::F(byte - b'A' + 1).into()));
            }
            b'[' if between.is_empty() => self.held.push(byte),
            b'M' if between.is_empty() => self.go_into(Inside::Mouse(3)),
            b'$' if is_number(between) => self.end_sequence(byte, out),
            b' '..=b'?' if between.len() < LONGEST => self.held.push(byte),
            0x00 | b' '..=b'?' => {}
            // Alt and this letter, then a key: a sequence that comes byte by byte has numbers.
            b'@'..=b'~' if self.position.alone && is_typed(between, byte) => {
                self.give_back(out);
                self.take(byte, out);
            }
            b'@'..=b'~' if between.len() < LONGEST => self.end_sequence(byte, out),
            b'@'..=b'~' | CAN | SUB => self.held.clear(),
            _ => {
                self.give_back(out);
                self.take(byte, out);
            }
        }
    }

    fn end_sequence(&mut self, last: u8, out: &mut Vec<Sent>) {
        let meaning = csi::meaning(&self.held[2..], last);
        self.held.clear();
        match meaning {
            Meaning::Key(key) => out.push(Sent::Key(key)),
            Meaning::Mouse(mouse) => out.push(Sent::Mouse(mouse)),
            Meaning::PasteBegins => self.inside = Inside::Paste(Paste::default()),
            Meaning::FocusLost => out.push(Sent::FocusLost),
            Meaning::FocusGained => out.push(Sent::FocusGained),
            Meaning::Attributes => out.push(Sent::Attributes),
            Meaning::Nothing => {}
        }
    }

    fn take_in_single_shift(&mut self, byte: u8, out: &mut Vec<Sent>) {
        let held = self.held.get(2).copied();
        if held.is_none() && byte.is_ascii_digit() {
            return self.held.push(byte);
        }
        if let Some(key) = csi::single_shift(held, byte) {
            self.held.clear();
            return out.push(Sent::Key(key));
        }
        self.give_back(out);
        self.take(byte, out);
    }

    fn begin_text(&mut self, kind: u8) {
        self.flowing = self.heard;
        self.go_into(Inside::Text(Text::new(kind)));
    }

    fn go_into(&mut self, inside: Inside) {
        self.held.clear();
        self.inside = inside;
    }

    fn take_in_text(&mut self, byte: u8, out: &mut Vec<Sent>) {
        let Inside::Text(text) = &mut self.inside else { return };
        let first = self.position.first;
        match (text.escape, byte) {
            (None, ESC) => text.escape = Some(if first { Escape::Apart } else { Escape::Within }),
            (None, _) => match text.take(byte) {
                Step::Inside => {}
                Step::Ends => self.end_text(out),
                Step::Beyond => {
                    self.inside = Inside::Nothing;
                    self.take(byte, out);
                }
            },
            (Some(_), b'\\') => self.end_text(out),
            (Some(before), _) => {
                // Some terminals end a string with only the escape.
                self.end_text(out);
                if byte == ESC || first && !is_opening(byte) {
                    out.extend((before == Escape::Apart).then(escape));
                } else {
                    self.held.push(ESC);
                    self.apart = first;
                }
                self.take(byte, out);
            }
        }
    }

    fn end_text(&mut self, out: &mut Vec<Sent>) {
        if let Inside::Text(text) = std::mem::replace(&mut self.inside, Inside::Nothing) {
            out.extend(text.said());
        }
    }

    /// Gives up a sequence: an escape and one byte are the keys that they look like; anything
    /// longer was cut off by a terminal.
    fn give_back(&mut self, out: &mut Vec<Sent>) {
        match *self.held.as_slice() {
            [ESC] => out.push(escape()),
            [ESC, byte @ ..0x80] if self.apart => {
                out.push(escape());
                out.push(Sent::Key(chars::control(byte)));
            }
            [ESC, byte @ ..0x80] => out.push(Sent::Key(chars::with_alt(chars::control(byte)))),
            // Nothing that a terminal sends starts like this.
            [ESC, b'O', digit] => {
                out.push(Sent::Key(chars::with_alt(chars::control(b'O'))));
                out.push(Sent::Key(chars::control(digit)));
            }
            _ => {}
        }
        self.held.clear();
    }
}

fn escape() -> Sent {
    Sent::Key(chars::control(ESC))
}

fn is_opening(byte: u8) -> bool {
    matches!(byte, b'[' | b'O') || string::opens(byte)
}

/// Whether this byte was typed after Alt and `[`.
fn is_typed(between: &[u8], byte: u8) -> bool {
    // Nothing waits for the focus, but terminals report it.
    between.is_empty() && byte != b'I' && csi::meaning(between, byte) == Meaning::Nothing
}

/// Whether these are the digits of one number, as in rxvt's keys with Shift, which end early.
fn is_number(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit)
}
