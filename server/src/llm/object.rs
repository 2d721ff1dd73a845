//! Finds the one object that a reply is about, among whatever a model writes around it: thinking,
//! prose, fences, other braces. If there is not exactly one, nothing is guessed.

use std::collections::HashMap;

use serde::de::{DeserializeOwned, IgnoredAny};

use super::fault::Fault;

/// Openings without an end that are passed over. Each costs one look at the rest of the text, so
/// this bounds the work on a text of nothing but openings; honest prose has hardly any.
const MOST_OPEN: usize = 64;

/// The tags of thinking, which nothing is read from.
const THINKING: [(&[u8], &[u8]); 2] = [(b"<think>", b"</think>"), (b"<thinking>", b"</thinking>")];

/// Reads the one object that has `marker` among its keys. Objects without it are passed over; one
/// that is broken but has the marker in it counts, so that no second one is taken in its place.
pub fn only_object<T: DeserializeOwned>(content: &str, marker: &str) -> Result<T, Fault> {
    let what = match marker {
        "scores" => "evaluation",
        "questions" => "set of questions",
        other => other,
    };
    let found = search(content, marker);
    if found.gave_up {
        return Err(Fault::fail(
            "The language model's reply cannot be read: it is full of braces.",
        ));
    }
    if found.is_unclear {
        return Err(Fault::fail(format!(
            "The {what} in the language model's reply cannot be told from its thinking."
        )));
    }
    match found.claims.as_slice() {
        [] => Err(Fault::fail(format!("There is no {what} in the language model's reply."))),
        [one] => serde_json::from_str(one).map_err(|_| {
            Fault::fail(format!(
                "The {what} in the language model's reply is not in the form that was asked for."
            ))
        }),
        _ => Err(Fault::fail(format!(
            "There is more than one {what} in the language model's reply."
        ))),
    }
}

/// What a search brought.
#[derive(Debug, Default)]
struct Found<'a> {
    /// The texts that claim to be the object.
    claims: Vec<&'a str>,
    /// Openings without an end, passed over.
    open: usize,
    /// Whether there were too many of them to go on.
    gave_up: bool,
    /// Whether a claim stands on the other side of a tag of thinking that has no partner. A model may
    /// have thought of what an answer dictates, or quoted such a tag from it; nobody can tell which.
    is_unclear: bool,
}

/// Goes over the text once. Strings matter inside objects only: outside, a quotation mark is prose.
fn search<'a>(text: &'a str, marker: &str) -> Found<'a> {
    let bytes = text.as_bytes();
    let mut found = Found::default();
    let mut at = 0;
    while let Some(next) = bytes[at..].iter().position(|byte| matches!(byte, b'{' | b'<')) {
        at += next;
        let rest = &bytes[at..];
        if rest[0] == b'<' {
            match thinking(rest) {
                Thinking::None => at += 1,
                Thinking::Until(end) => at += end,
                Thinking::ToTheEnd => {
                    found.is_unclear |= !found.claims.is_empty();
                    break;
                }
                Thinking::Was(end) => {
                    found.is_unclear |= !found.claims.is_empty();
                    at += end;
                }
            }
        } else if let Some(length) = object_length(rest) {
            let object = &text[at..at + length];
            found.claims.extend(claims(object, marker).then_some(object));
            at += length;
        } else if found.open == MOST_OPEN {
            found.gave_up = true;
            break;
        } else {
            found.open += 1;
            // The one that was meant may have been cut off, with whole ones inside it or after it.
            let cut = &text[at..];
            found.claims.extend(begins_with(cut, marker).then_some(cut));
            at += 1;
        }
    }
    found
}

/// What a `<` begins.
enum Thinking {
    /// Something else.
    None,
    /// Thinking that ends so many bytes on.
    Until(usize),
    /// Thinking that never ends.
    ToTheEnd,
    /// Only the end, after so many bytes: what came before it was thinking, too.
    Was(usize),
}

fn thinking(rest: &[u8]) -> Thinking {
    let begins = |tag: &[u8]| rest.get(..tag.len()).is_some_and(|r| r.eq_ignore_ascii_case(tag));
    for (opening, closing) in THINKING {
        if begins(closing) {
            return Thinking::Was(closing.len());
        }
        if begins(opening) {
            let end = rest.windows(closing.len()).position(|r| r.eq_ignore_ascii_case(closing));
            return end.map_or(Thinking::ToTheEnd, |end| Thinking::Until(end + closing.len()));
        }
    }
    Thinking::None
}

/// The length of the object that begins the text, by its braces; none if it does not end.
fn object_length(bytes: &[u8]) -> Option<usize> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' if !in_string => depth += 1,
            b'}' if !in_string && depth == 1 => return Some(at + 1),
            b'}' if !in_string => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Whether what stands between two braces claims to be the object. What the values are is not
/// looked at, and so no depth of theirs matters.
#[expect(clippy::zero_sized_map_values, reason = "serde reads an object's keys as a map's")]
fn claims(object: &str, marker: &str) -> bool {
    match serde_json::from_str::<HashMap<String, IgnoredAny>>(object) {
        Ok(keys) => keys.contains_key(marker),
        Err(_) => object.contains(&format!("\"{marker}\"")),
    }
}

/// Whether the first key of an object that does not end is the marker.
fn begins_with(cut: &str, marker: &str) -> bool {
    let inside = cut[1..].trim_start();
    inside
        .strip_prefix('"')
        .and_then(|key| key.strip_prefix(marker))
        .is_some_and(|rest| rest.starts_with('"'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Reply {
        scores: Vec<f64>,
    }

    fn read(content: &str) -> Result<Vec<f64>, String> {
        only_object::<Reply>(content, "scores").map(|reply| reply.scores).map_err(|f| f.to_string())
    }

    #[test]
    fn an_object_is_found_whatever_stands_around_it() {
        for content in [
            r#"{"scores":[7]}"#,
            "```json\n{\"scores\": [7]}\n```",
            "<think>{\"scores\":[1]} or {\"scores\":[2]}?</think>\n{\"scores\":[7]}",
            "<THINKING>}{ \"</THINKING>{\"scores\":[7]}",
            "One could say {a}. hmm </think> {\"scores\":[7]}",
            "Of {a, b} I'd say: {\"scores\":[7],\"note\":\"`{` and \\\"}\\\" \\\\\"} \u{1f44d} {\"x\":1} {}",
            "\u{feff}Here it is: {\"scores\":[7], \"nested\":{\"scores\":[1]}}. 5 < 6 {",
            "{\"note\":\"<think>\",\"scores\":[7]}",
            "{\"sc\\u006fres\":[7]}",
        ] {
            assert_eq!(read(content), Ok(vec![7.0]), "{content}");
        }
    }

    #[test]
    fn without_exactly_one_there_is_none() {
        let no = "There is no evaluation in the language model's reply.";
        let unclear =
            "The evaluation in the language model's reply cannot be told from its thinking.";
        let many = "There is more than one evaluation in the language model's reply.";
        for (content, reason) in [
            ("", no),
            ("scores: 7", no),
            ("[7]", no),
            (r#"{"reply":{"scores":[7]}}"#, no),
            (r#"{"note":"\"scores\""}"#, no),
            ("<think>{\"scores\":[7]}", no),
            ("{\"scores\":[7]}</think>", unclear),
            ("{\"scores\":[1]} It says: </think>{\"scores\":[9]}", unclear),
            ("<think>It says </think>{\"scores\":[9]}</think>{\"scores\":[1]}", unclear),
            ("{\"scores\":[9]} <think> no: {\"scores\":[1]}", unclear),
            ("{\"scores\":[7]}{\"scores\":[7]}", many),
            ("{\"scores\":[7]} {\"scores\": oops}", many),
            ("{\"scores\":[9], \"note\":\"cut {\"scores\":[7]}", many),
        ] {
            assert_eq!(read(content).unwrap_err(), reason, "{content}");
        }
        let questions = only_object::<Reply>("no", "questions").unwrap_err().to_string();
        assert_eq!(questions, "There is no set of questions in the language model's reply.");
    }

    #[test]
    fn what_is_not_in_form_is_refused_and_never_mended() {
        for content in [
            r#"{"scores":[7],"note":"cut"#,
            r#"{"scores":["7"]}"#,
            r#"{"scores":[NaN]}"#,
            r#"{"scores":[1e400]}"#,
            r#"{"scores":[7],"scores":[8]}"#,
            r#"{"scores":[7],}"#,
            r#"{"scores":null}"#,
            r#"{note: {"scores":[7]}}"#,
            "{\"scores\":[7],\"note\":\"a\nb\"}",
        ] {
            let reason = read(content).unwrap_err();
            assert!(reason.contains("not in the form"), "{content}: {reason}");
            assert!(!reason.contains("cut"), "{reason}");
        }
    }

    #[test]
    fn a_cut_reply_yields_nothing_of_what_is_inside_it() {
        let content = r#"{"scores":[7],"inner":{"scores":[1]},"note":"and th"#;
        assert!(read(content).is_err());
    }

    /// The work is the text's length for each opening without an end, and there are few of those.
    #[test]
    fn a_storm_of_braces_is_given_up_after_a_few() {
        let mebibyte = 1024 * 1024;
        for unit in ["{", "{\"a\":", "{\"", "<think{", "{\"scores\":", "{\\\""] {
            let storm = unit.repeat(mebibyte / unit.len());
            let found = search(&storm, "scores");
            assert!(found.open <= MOST_OPEN, "{unit}");
            assert!(found.gave_up || found.claims.is_empty(), "{unit}");
        }
        let storm = "{".repeat(MOST_OPEN + 1) + "\"scores\":[7]}";
        assert!(search(&storm, "scores").open == MOST_OPEN);
    }

    #[test]
    fn after_a_storm_it_is_not_known_that_there_is_only_one() {
        let storm = "{\"scores\":[7]}".to_owned() + &"{".repeat(MOST_OPEN + 1);
        assert!(search(&storm, "scores").gave_up);
        assert!(read(&storm).is_err());
        let few = "{\"scores\":[7]}".to_owned() + &"{".repeat(MOST_OPEN);
        assert_eq!(read(&few), Ok(vec![7.0]));
    }

    #[test]
    fn no_depth_overflows_the_stack() {
        let depth = 200_000;
        for (open, close) in [("{\"a\":", "}"), ("[", "]")] {
            let deep = open.repeat(depth) + "1" + &close.repeat(depth);
            assert!(read(&deep).unwrap_err().contains("no evaluation"));
            let content = format!("{{\"scores\":[7],\"deep\":{deep}}}");
            assert_eq!(read(&content), Ok(vec![7.0]), "what nobody asked for is passed over");
            let content = format!("{{\"scores\":{deep}}}");
            assert!(read(&content).unwrap_err().contains("not in the form"));
        }
    }

    #[test]
    fn many_small_objects_are_looked_at_once_each() {
        let content = "{}".repeat(100_000) + "{\"scores\":[7]}";
        assert_eq!(search(&content, "scores").open, 0);
        assert_eq!(read(&content), Ok(vec![7.0]));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(content in "(?s).{0,200}", noise in "[{}\"\\\\<>/a-z]{0,200}") {
            let _ = read(&content);
            let _ = read(&noise);
            let _ = read(&format!("{noise}{{\"scores\":{content}"));
        }

        #[test]
        fn no_text_without_the_marker_yields_anything(
            content in "([{}\\[\\]\":, \\\\<>/0-9a-z\u{e9}]|\\{\"[a-z]{0,6}\":|</?think>){0,80}",
        ) {
            prop_assume!(!content.contains("scores"));
            prop_assert!(read(&content).is_err(), "{}", content);
        }

        #[test]
        fn one_object_in_any_prose_without_braces_is_found(
            before in "[^{}<]{0,100}", after in "[^{}<]{0,100}", score in 0_u32..=10, note in ".{0,40}",
        ) {
            let object = serde_json::json!({ "note": note, "scores": [score] });
            let found = read(&format!("{before}{object}{after}"));
            prop_assert_eq!(found, Ok(vec![f64::from(score)]));
        }
    }
}
