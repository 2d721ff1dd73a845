//! Finds where one value of a stream ends and the next begins. Brackets and quotation marks decide;
//! a value is parsed as JSON only once it is complete.

use serde_json::Value;
use viva_text::decode;

use super::Found;

/// The most bytes in one object: more than the longest answer and rubric take.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// The part of a value that has been read.
#[derive(Default)]
pub(super) struct Splitter {
    text: String,
    /// The line on which the value begins.
    line: usize,
    /// The value's open brackets.
    open: Vec<char>,
    in_string: bool,
    is_escaped: bool,
    /// What is wrong with the value's bytes.
    fault: Option<String>,
    /// The line on which an open list around the values begins.
    list: Option<usize>,
    /// Whether the last value was broken, so that lines of it may follow.
    is_lost: bool,
}

impl Splitter {
    /// Adds another line and returns what it completes.
    pub(super) fn add(&mut self, line: usize, bytes: &[u8]) -> Vec<Found> {
        let mut found = Vec::new();
        let (added, fault) = decoded(line, bytes);
        if self.is_cut_before(&added) {
            found.extend(self.give_up());
        }
        if self.is_lost && added.starts_with([' ', '\t', '}', ']', '"']) {
            return found;
        }
        if self.is_lost && !added.trim().is_empty() {
            self.is_lost = false;
        }
        let mut rest = added.as_str();
        while let Some(next) = rest.chars().next() {
            rest = if self.open.is_empty() && !self.in_string {
                self.between(next, rest, line, &mut found)
            } else {
                self.within(next, rest, &mut found)
            };
            if !self.is_empty() && self.fault.is_none() {
                self.fault.clone_from(&fault);
            }
        }
        if self.text.len() > MOST_BYTES {
            found.extend(self.give_up());
        }
        found
    }

    /// The unfinished value at the end of the input.
    pub(super) fn end(&mut self) -> Option<Found> {
        let line = if self.is_empty() { self.list? } else { self.line };
        let fault = self.fault.take().unwrap_or_else(|| ENDS.to_owned());
        Some(Found { line, value: Err(fault) })
    }

    fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether the value was cut off before this line: inside a string, which cannot span lines, or
    /// where an object begins at the margin although none can follow.
    fn is_cut_before(&self, added: &str) -> bool {
        if self.is_empty() || self.in_string {
            return self.in_string;
        }
        let last = self.text.trim_end().chars().next_back();
        let may_follow = match self.open.last() {
            Some('[') => matches!(last, Some('[' | ',')),
            _ => last == Some(':') && serde_json::from_str::<Value>(added).is_err(),
        };
        added.starts_with('{') && !may_follow
    }

    /// Takes a character between values and returns the rest.
    fn between<'a>(
        &mut self,
        next: char,
        rest: &'a str,
        line: usize,
        found: &mut Vec<Found>,
    ) -> &'a str {
        let behind = &rest[next.len_utf8()..];
        match next {
            // A record separator precedes each value of a JSON text sequence (RFC 7464).
            // Some programs pad their files with U+001A or U+0000.
            ' ' | '\t' | '\r' | '\n' | ',' | '\u{1e}' | '\u{1a}' | '\0' => return behind,
            '[' if self.list.is_none() => self.list = Some(line),
            ']' if self.list.is_some() => self.list = None,
            '{' | '[' => {
                self.line = line;
                self.open.push(next);
                self.text.push(next);
            }
            _ => {
                // A number, a string or not JSON at all; the caller refuses it.
                let end = rest.find(['\r', '\n']).unwrap_or(rest.len());
                let in_list = rest[..end].find([',', ']']).filter(|_| self.list.is_some());
                let end = in_list.unwrap_or(end);
                self.line = line;
                self.text.push_str(&rest[..end]);
                found.push(self.complete());
                return &rest[end..];
            }
        }
        behind
    }

    /// Takes a character of the current value and returns the rest.
    fn within<'a>(&mut self, next: char, rest: &'a str, found: &mut Vec<Found>) -> &'a str {
        let behind = &rest[next.len_utf8()..];
        self.text.push(next);
        if self.in_string {
            self.in_string = next != '"' || self.is_escaped;
            self.is_escaped = next == '\\' && !self.is_escaped;
            return behind;
        }
        match next {
            '"' => self.in_string = true,
            '{' | '[' => self.open.push(next),
            '}' | ']' => {
                let opened = self.open.pop();
                if opened != Some(if next == '}' { '{' } else { '[' }) {
                    found.extend(self.give_up());
                    return "";
                }
                if self.open.is_empty() {
                    found.push(self.complete());
                }
            }
            _ => {}
        }
        behind
    }

    /// Ends the current value and returns it.
    fn complete(&mut self) -> Found {
        let (text, line) = (std::mem::take(&mut self.text), self.line);
        self.open.clear();
        self.in_string = false;
        self.is_escaped = false;
        let value = match self.fault.take() {
            Some(fault) => Err(fault),
            None => serde_json::from_str(&text).map_err(|error| told(line, &error)),
        };
        Found { line, value }
    }

    /// Drops the current value as broken, with the lines of it that follow.
    fn give_up(&mut self) -> Option<Found> {
        if self.is_empty() {
            return None;
        }
        self.is_lost = true;
        let found = self.complete();
        let fault = found.value.err().unwrap_or_else(|| ENDS.to_owned());
        Some(Found { line: found.line, value: Err(fault) })
    }
}

const ENDS: &str = "the JSON ends before it is complete";

/// The text of a line, and what is wrong with its bytes.
fn decoded(line: usize, bytes: &[u8]) -> (String, Option<String>) {
    if let Ok(text) = decode::typed(bytes) {
        return (text, None);
    }
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let fault = std::str::from_utf8(bytes).err().and_then(|error| bytes.get(error.valid_up_to()));
    let fault = fault.map(|byte| {
        format!("line {line} is not UTF-8 text (it has the byte 0x{byte:02x}); save it as UTF-8")
    });
    (String::from_utf8_lossy(bytes).into_owned(), fault)
}

fn told(line: usize, error: &serde_json::Error) -> String {
    if error.is_eof() {
        return ENDS.to_owned();
    }
    let line = line + error.line().saturating_sub(1);
    format!("this is not JSON (line {line}, column {}); write one object a line", error.column())
}
