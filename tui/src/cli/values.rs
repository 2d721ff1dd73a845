//! JSON objects from a stream: one per line, several on one line, spread over several lines, or in
//! lists. Each is passed on as soon as it is complete. Invalid JSON is reported with the line on
//! which it begins and does not affect the objects around it.

mod splitter;

use std::io::BufRead;

use serde_json::Value;
use viva_text::decode;

use self::splitter::Splitter;
use super::Failure;

/// A value or an error, and the line on which it begins, from 1.
pub(super) struct Found {
    pub(super) line: usize,
    pub(super) value: Result<Value, String>,
}

/// Reads to the end and passes every value to `take`.
pub(super) fn read(
    mut input: impl BufRead,
    name: &str,
    mut take: impl FnMut(Found) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let unreadable = |error| Failure::file(format!("{name} cannot be read"), &error);
    let mut splitter = Splitter::default();
    let mut bytes = Vec::new();
    for line in 1.. {
        bytes.clear();
        if input.read_until(b'\n', &mut bytes).map_err(unreadable)? == 0 {
            break;
        }
        if line == 1 && decode::is_whole(&bytes) {
            input.read_to_end(&mut bytes).map_err(unreadable)?;
            let text = decode::text(&bytes)
                .map_err(|fault| Failure::failed(format!("{name} {fault}.")))?;
            return read(text.as_bytes(), name, take);
        }
        for found in splitter.add(line, &bytes) {
            take(found)?;
        }
    }
    splitter.end().map_or(Ok(()), take)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Line and value, or the error, of everything in a text.
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
        let found = all(text);
        let told = format!("{found:?}");
        found.into_iter().map(|found| number(found).expect(&told)).collect()
    }

    fn faults(text: &[u8]) -> Vec<(usize, String)> {
        all(text).into_iter().filter_map(|(line, value)| Some((line, value.err()?))).collect()
    }

    #[test]
    fn objects_may_span_lines_or_be_in_a_list() {
        assert_eq!(numbers(b"{\"n\":1}\n\n{\"n\":2}"), [(1, 1), (3, 2)]);
        assert_eq!(numbers(b"{\n  \"n\": 1\n}\n{\n  \"n\": 2\n}\n"), [(1, 1), (4, 2)]);
        assert_eq!(numbers(b"[{\"n\":1},\n{\"n\":2}]\n"), [(1, 1), (2, 2)]);
        assert_eq!(numbers(b"[\n{\"n\":1},\n{\"n\":2}\n]\n"), [(2, 1), (3, 2)]);
        assert_eq!(
            numbers(b"[\n  {\n    \"n\": 1\n  }, {\n    \"n\": 2\n  }\n]"),
            [(2, 1), (4, 2)]
        );
        assert_eq!(numbers(b"{\"n\":1}{\"n\":2} {\"n\":3}\n"), [(1, 1), (1, 2), (1, 3)]);
        assert_eq!(numbers(b"{\"n\":1}\r{\"n\":2}\r"), [(1, 1), (1, 2)]);
        assert_eq!(numbers(b"{\"n\":1},\n{\"n\":2},\n"), [(1, 1), (2, 2)]);
        assert_eq!(numbers(b"{\"n\":1}\n{\"n\":2}\x1a\0\0\0"), [(1, 1), (2, 2)]);
        assert_eq!(numbers(b"\x1e{\"n\":1}\n\x1e{\"n\":2}\n"), [(1, 1), (2, 2)]);
        assert_eq!(numbers(b"{\"a\":[\n{\"b\":1},\n{\"b\":2}\n],\n\"n\":1}\n"), [(1, 1)]);
        assert_eq!(numbers(b"{\"a\":\"}{ \\\" ]\",\"n\":1}{\"n\":2}\n"), [(1, 1), (1, 2)]);
    }

    #[test]
    fn byte_order_marks_and_utf_16_are_read() {
        let marked = b"\xef\xbb\xbf{\"n\":1}\r\n\xef\xbb\xbf{\"n\":2}\r\n";
        assert_eq!(numbers(marked), [(1, 1), (2, 2)]);
        let text = "{\"n\":1}\n{\n\"n\":2\n}\n";
        let little: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        let big: Vec<u8> = [0xfe, 0xff]
            .into_iter()
            .chain(text.encode_utf16().flat_map(u16::to_be_bytes))
            .collect();
        for wide in [little, big] {
            assert_eq!(numbers(&wide), [(1, 1), (2, 2)]);
        }
    }

    #[test]
    fn input_that_is_not_text_is_refused_as_a_whole() {
        let failed = |bytes: &[u8]| read(bytes, "Standard input", |_| Ok(())).unwrap_err().message;
        let unmarked: Vec<u8> = "{\"n\":1}\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert!(failed(&unmarked).contains("is UTF-16 without a byte order mark"));
        assert!(failed(b"\xff\xfe\0\0{\0\0\0").contains("is UTF-32"));
        assert!(failed(b"PK\x03\x04...").contains("another archive"));
        assert!(failed(b"\x1f\x8b\x08...").contains("a compressed file"));
    }

    #[test]
    fn a_broken_object_does_not_affect_the_others() {
        let found =
            all(b"{\"n\":\n{\"n\":1}\nno\n{\"n\":2}\n{\"n\":\"ca\xe9\"}\n{\"n\":3}\n{\"n\":");
        let lines: Vec<_> = found.iter().map(|(line, value)| (*line, value.is_ok())).collect();
        assert_eq!(
            lines,
            [(1, false), (2, true), (3, false), (4, true), (5, false), (6, true), (7, false)]
        );
        let told = found[4].1.as_ref().unwrap_err();
        assert_eq!(told, "line 5 is not UTF-8 text (it has the byte 0xe9); save it as UTF-8");
        assert!(found[6].1.as_ref().unwrap_err().contains("before it is complete"));
    }

    #[test]
    fn one_broken_object_is_one_fault_however_many_lines_it_has() {
        let good = b"{\n  \"n\": 2\n}\n";
        for (broken, told) in [
            (
                &b"{\n  \"a\": \"l\xf6ck\",\n  \"b\": \"l\xf6ck\"\n}\n"[..],
                "line 2 is not UTF-8 text",
            ),
            (b"{\n  \"a\": 1,\n  oops\n}\n", "this is not JSON (line 3, column 3)"),
            (b"{\n  \"a\": \"unclosed,\n  \"b\": 2\n}\n", "this is not JSON (line 3, column 0)"),
            (b"{\n  \"a\": 1,\n", "the JSON ends before it is complete"),
            (b"{\n  \"a\": [1, 2},\n  \"b\": 2\n}\n", "this is not JSON (line 2"),
            (b"question,reference,answer\n", "this is not JSON (line 1"),
        ] {
            let text = [broken, good].concat();
            let shown = String::from_utf8_lossy(&text).into_owned();
            let faults = faults(&text);
            assert_eq!(faults.len(), 1, "{shown}: {faults:?}");
            assert!(faults[0].0 == 1 && faults[0].1.contains(told), "{shown}: {faults:?}");
            assert_eq!(all(&text).iter().filter(|(_, value)| value.is_ok()).count(), 1, "{shown}");
        }
    }

    #[test]
    fn an_unfinished_list_is_reported() {
        assert_eq!(faults(b"[\n{\"n\":1},\n")[0].1, "the JSON ends before it is complete");
        assert_eq!(all(b"[[1]]").len(), 1, "a nested list is a value, which the caller refuses");
        assert_eq!(faults(b"]\n").len(), 1);
    }

    #[test]
    fn a_long_list_is_read_in_linear_time() {
        let one = "  {\n    \"n\": 1,\n    \"text\": \"lock\"\n  }";
        let text = format!("[\n{}\n]\n", vec![one; 50_000].join(",\n"));
        assert_eq!(numbers(text.as_bytes()).len(), 50_000);
    }
}
