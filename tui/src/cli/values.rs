//! JSON objects out of a stream: one a line, or laid out over several lines, or in lists. Each is given
//! as soon as it is complete, and a piece that is none is told with the line on which it begins, which
//! costs none of the others.

use std::io::BufRead;

use serde_json::Value;

use super::{Failure, decode};

/// The most bytes of one object: more than the longest answer and rubric take.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// A value, or what is wrong, and the line on which it begins, from 1.
pub(super) struct Found {
    pub(super) line: usize,
    pub(super) value: Result<Value, String>,
}

/// Reads to the end and gives every value to `take`.
pub(super) fn read(
    mut input: impl BufRead,
    name: &str,
    mut take: impl FnMut(Found) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let unreadable = |error| Failure::file(format!("{name} cannot be read"), &error);
    if decode::is_utf16(input.fill_buf().map_err(unreadable)?) {
        let mut bytes = Vec::new();
        input.read_to_end(&mut bytes).map_err(unreadable)?;
        let text =
            decode::text(&bytes).map_err(|fault| Failure::failed(format!("{name} {fault}.")))?;
        return read(text.as_bytes(), name, take);
    }
    let mut piece = Piece::default();
    let mut bytes = Vec::new();
    for line in 1.. {
        bytes.clear();
        if input.read_until(b'\n', &mut bytes).map_err(unreadable)? == 0 {
            break;
        }
        for found in piece.add(line, &bytes) {
            take(found)?;
        }
    }
    piece.end().map_or(Ok(()), take)
}

/// What was read of a value that is not complete.
#[derive(Default)]
struct Piece {
    text: String,
    /// Where it begins.
    line: usize,
}

impl Piece {
    /// Takes another line and gives what is complete by it.
    fn add(&mut self, line: usize, bytes: &[u8]) -> Vec<Found> {
        let Ok(added) = decode::text(bytes) else {
            let fault = Found { line, value: Err("the line is not UTF-8 text".to_owned()) };
            return self.end().into_iter().chain([fault]).collect();
        };
        if self.text.is_empty() && added.trim().is_empty() {
            return Vec::new();
        }
        if self.begins_anew(&added) {
            let left = self.end();
            return left.into_iter().chain(self.add(line, bytes)).collect();
        }
        if self.text.is_empty() {
            self.line = line;
        }
        self.text.push_str(&added);
        match serde_json::from_str::<Value>(&self.text) {
            Ok(value) => {
                self.text.clear();
                rows(self.line, value)
            }
            Err(error) if error.is_eof() && self.text.len() <= MOST_BYTES => Vec::new(),
            Err(error) => self.give_up(line, &added, &error),
        }
    }

    /// Whether a line is a whole object by itself, though an earlier one is not complete. What is laid out
    /// over several lines is indented, but for the objects of a list.
    fn begins_anew(&self, added: &str) -> bool {
        let is_within = !self.text.is_empty() && !self.text.trim_start().starts_with('[');
        is_within && added.starts_with('{') && serde_json::from_str::<Value>(added).is_ok()
    }

    /// What was read so far is no value. If it is more than this line, the line may be one by itself.
    fn give_up(&mut self, line: usize, added: &str, error: &serde_json::Error) -> Vec<Found> {
        let is_one_line = self.line == line;
        let mut found = vec![Found { line: self.line, value: Err(told(error)) }];
        self.text.clear();
        if !is_one_line {
            found.extend(self.add(line, added.as_bytes()));
        }
        found
    }

    /// What is left at the end of the input.
    fn end(&mut self) -> Option<Found> {
        let text = std::mem::take(&mut self.text);
        let error = serde_json::from_str::<Value>(&text).err().filter(|_| !text.is_empty())?;
        Some(Found { line: self.line, value: Err(told(&error)) })
    }
}

/// The objects of a list stand for themselves.
fn rows(line: usize, value: Value) -> Vec<Found> {
    match value {
        Value::Array(items) => {
            items.into_iter().map(|item| Found { line, value: Ok(item) }).collect()
        }
        value => vec![Found { line, value: Ok(value) }],
    }
}

fn told(error: &serde_json::Error) -> String {
    if error.is_eof() {
        return "the JSON ends before it is complete".to_owned();
    }
    format!("this is not JSON (at column {}); write one object a line", error.column())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Line and value, or the fault, of everything in a text.
    fn all(text: &[u8]) -> Vec<(usize, Result<Value, String>)> {
        let mut found = Vec::new();
        read(text, "input", |one| {
            found.push((one.line, one.value));
            Ok(())
        })
        .unwrap();
        found
    }

    fn numbers(text: &[u8]) -> Vec<(usize, i64)> {
        let number = |(line, value): (usize, Result<Value, String>)| {
            Some((line, value.ok()?["n"].as_i64()?))
        };
        all(text).into_iter().map(|found| number(found).unwrap()).collect()
    }

    #[test]
    fn objects_may_be_laid_out_over_lines_or_stand_in_a_list() {
        assert_eq!(numbers(b"{\"n\":1}\n\n{\"n\":2}"), [(1, 1), (3, 2)]);
        assert_eq!(numbers(b"{\n  \"n\": 1\n}\n{\n  \"n\": 2\n}\n"), [(1, 1), (4, 2)]);
        assert_eq!(numbers(b"[{\"n\":1},\n{\"n\":2}]\n"), [(1, 1), (1, 2)]);
        assert_eq!(numbers(b"[\n{\"n\":1},\n{\"n\":2}\n]\n"), [(1, 1), (1, 2)]);
        assert_eq!(numbers(b"\xef\xbb\xbf{\"n\":1}\r\n{\"n\":2}\r\n"), [(1, 1), (2, 2)]);
        let wide: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain("{\"n\":1}\n".encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        assert_eq!(numbers(&wide), [(1, 1)]);
    }

    #[test]
    fn a_broken_piece_costs_no_other() {
        let found = all(b"{\"n\":\n{\"n\":1}\nno\n{\"n\":2}\nca\xe9\n{\"n\":3}\n{\"n\":");
        let lines: Vec<_> = found.iter().map(|(line, value)| (*line, value.is_ok())).collect();
        assert_eq!(
            lines,
            [(1, false), (2, true), (3, false), (4, true), (5, false), (6, true), (7, false)]
        );
        assert!(found[4].1.as_ref().unwrap_err().contains("UTF-8"));
        assert!(found[6].1.as_ref().unwrap_err().contains("before it is complete"));
    }
}
