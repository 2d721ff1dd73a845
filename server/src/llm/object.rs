//! Finds the one object that a reply is about, among whatever a model writes around it: thinking,
//! prose, fences, other braces. If there is not exactly one, nothing is guessed.

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use serde::de::{DeserializeOwned, IgnoredAny};

use super::{
    fault::Fault,
    thinking::{self, Found as Begins, Mark},
};

/// Openings without an end that are passed over. Each costs one look at the rest of the text, so
/// this bounds the work on a text of nothing but openings; honest prose has hardly any.
const MOST_OPEN: usize = 64;

/// Wrappers within each other that are looked at; honest replies have one or two.
const MOST_WRAPPERS: usize = 64;

/// Reads the one object that has `marker` among its keys. Objects without it are passed over, and so
/// is what stands in thinking before it. One that is broken but has the marker in it counts, so that no
/// second one is taken in its place, unless the whole one comes after it: then it was a sketch.
pub fn only_object<T: DeserializeOwned>(content: &str, marker: &str) -> Result<T, Fault> {
    let what = match marker {
        "scores" => "evaluation",
        "questions" => "set of questions",
        other => other,
    };
    let text = reply_of(content);
    let found = search(text, marker);
    if found.gave_up {
        return Err(Fault::fail(
            "The language model's reply cannot be read: it is full of braces.",
        ));
    }
    let unclear = || {
        Fault::fail(format!(
            "The {what} in the language model's reply cannot be told from its thinking."
        ))
    };
    if found.is_unclear {
        return Err(unclear());
    }
    let claims = found.standing(text).ok_or_else(unclear)?;
    match claims {
        [] => Err(Fault::fail(format!("There is no {what} in the language model's reply."))),
        [one] => serde_json::from_str(one.text).map_err(|_| {
            Fault::fail(format!(
                "The {what} in the language model's reply is not in the form that was asked for."
            ))
        }),
        [sketches @ .., last] => after_sketches(sketches, last).ok_or_else(|| {
            Fault::fail(format!("There is more than one {what} in the language model's reply."))
        }),
    }
}

/// The last one, where it is the only one that is whole. One that does not even end may hold the
/// last inside it.
fn after_sketches<T: DeserializeOwned>(sketches: &[Claim], last: &Claim) -> Option<T> {
    let is_sketch = |claim: &Claim| !claim.is_cut && serde_json::from_str::<T>(claim.text).is_err();
    let whole = serde_json::from_str(last.text).ok()?;
    sketches.iter().all(is_sketch).then_some(whole)
}

/// The reply where a server has left out the tokens that set channels apart, but not their names.
fn reply_of(content: &str) -> &str {
    let reply = content.trim_start().strip_prefix("analysis");
    let reply = reply.and_then(|rest| rest.split_once("assistantfinal"));
    reply.map_or(content, |(_, reply)| reply)
}

/// A text that claims to be the object.
#[derive(Debug)]
struct Claim<'a> {
    text: &'a str,
    /// Where it begins.
    at: usize,
    /// Whether it does not end.
    is_cut: bool,
    /// The outermost wrapper around it, by its number, where it has been closed.
    wrapper: Option<usize>,
}

/// A wrapper that has been opened.
#[derive(Debug)]
struct Open {
    mark: Mark,
    /// The claims before it.
    before: usize,
}

/// What marks of thinking there were.
#[derive(Debug, Default, PartialEq, Eq)]
enum Thinking {
    /// None that tell anything.
    #[default]
    Unmarked,
    /// Some that opened it.
    Opened,
    /// One that ended what a template had opened, with claims before it.
    Ended,
}

/// What a search brought.
#[derive(Debug, Default)]
struct Found<'a> {
    /// The texts that claim to be the object.
    claims: Vec<Claim<'a>>,
    /// Wrappers of any name that are open.
    wrappers: Vec<Open>,
    /// How many have been closed, and what comes after the last one.
    closed: usize,
    rest: &'a str,
    /// What marks of thinking there were.
    thinking: Thinking,
    /// Openings without an end, passed over.
    open: usize,
    /// Whether there were too many of them to go on.
    gave_up: bool,
    /// Whether a claim stands on the other side of a tag of thinking that has no partner. A model may
    /// have thought of what an answer dictates, or quoted such a tag from it; nobody can tell which.
    is_unclear: bool,
}

impl<'a> Found<'a> {
    /// The claims that are left once the drafts are passed over: those in a wrapper before the first
    /// that is in none. None where prose goes on after a wrapper that holds the only ones, because
    /// then it is not clear what the wrapper is.
    fn standing(&self, text: &str) -> Option<&[Claim<'a>]> {
        if self.thinking == Thinking::Ended && self.goes_on(text) {
            return None;
        }
        if let Some(first) = self.claims.iter().position(|claim| claim.wrapper.is_none()) {
            return Some(&self.claims[first..]);
        }
        let goes_on = has_prose(self.rest) && !self.claims.is_empty();
        (!goes_on).then_some(&self.claims)
    }

    /// Takes the end of thinking that was not opened. Many templates open it in the prompt, so that the
    /// reply begins in the middle. Then it begins with prose, drafts may stand in it, and it ends once.
    /// Anything else may be a quotation after the verdict.
    fn take_end(&mut self, text: &str) {
        let Some(first) = self.claims.first() else { return };
        let begins_inside = self.thinking == Thinking::Unmarked && has_prose(&text[..first.at]);
        self.is_unclear |= !begins_inside;
        self.thinking = Thinking::Ended;
        for claim in &mut self.claims {
            claim.wrapper = Some(self.closed);
        }
        self.closed += 1;
    }

    /// Whether more than the one verdict comes after thinking that was not opened.
    fn goes_on(&self, text: &str) -> bool {
        let Some(last) = self.claims.last() else { return false };
        last.wrapper.is_some() || has_prose(&text[last.at + last.text.len()..])
    }

    /// Takes a text, if it claims to be the object.
    fn claim(&mut self, (at, text): (usize, &'a str), claims: bool, is_cut: bool) {
        self.claims.extend(claims.then_some(Claim { text, at, is_cut, wrapper: None }));
    }

    /// Takes a mark of any name: it opens a wrapper, or closes one of that name.
    fn take(&mut self, mark: Mark, rest: &'a str) {
        let closes = |open: &Open| {
            let is_next = mark.number > open.mark.number && open.mark.number.is_some();
            open.mark.stem == mark.stem && (mark.closes || is_next)
        };
        if let Some(at) = self.wrappers.iter().rposition(closes) {
            let before = self.wrappers[at].before;
            self.wrappers.truncate(at);
            for claim in &mut self.claims[before..] {
                claim.wrapper = Some(self.closed);
            }
            self.closed += 1;
            self.rest = rest;
        } else if !mark.closes && self.wrappers.len() < MOST_WRAPPERS {
            self.wrappers.push(Open { mark, before: self.claims.len() });
        }
    }
}

/// Whether anything but marks is said.
fn has_prose(text: &str) -> bool {
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        match Mark::at_start(rest) {
            Some(mark) => rest = &rest[mark.length..],
            None if first.is_alphanumeric() => return true,
            None => rest = &rest[first.len_utf8()..],
        }
    }
    false
}

/// Goes over the text once. Strings matter inside objects only: outside, a quotation mark is prose.
fn search<'a>(text: &'a str, marker: &str) -> Found<'a> {
    let bytes = text.as_bytes();
    let mut found = Found::default();
    let mut at = 0;
    while let Some(next) = text[at..].find(['{', '<', '[', '◁']) {
        at += next;
        let rest = &bytes[at..];
        if rest[0] != b'{' {
            match thinking::look(&text[at..]) {
                Begins::Nothing(length) => at += length,
                Begins::Until(length) => {
                    // After the end of some that was not opened there is no telling what this is.
                    found.is_unclear |= found.thinking == Thinking::Ended;
                    found.thinking = Thinking::Opened;
                    at += length;
                }
                Begins::ToTheEnd => {
                    found.is_unclear |= !found.claims.is_empty();
                    break;
                }
                Begins::Was(length) => {
                    found.take_end(text);
                    at += length;
                }
                Begins::Wrapper(mark) => {
                    at += mark.length;
                    found.take(mark, &text[at..]);
                }
            }
        } else if let Some(length) = object_length(rest) {
            let object = &text[at..at + length];
            found.claim((at, object), claims(object, marker), false);
            at += length;
        } else if found.open == MOST_OPEN {
            found.gave_up = true;
            break;
        } else {
            found.open += 1;
            // The one that was meant may have been cut off, with whole ones inside it or after it.
            let cut = &text[at..];
            found.claim((at, cut), begins_with(cut, marker), true);
            at += 1;
        }
    }
    found
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
