//! Finds the one object that a reply is about, among whatever else a model writes around it:
//! thinking, prose, fences, other braces. If there is not exactly one, it does not guess.

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use serde::de::{DeserializeOwned, IgnoredAny};

use super::{
    error::LlmError,
    thinking::{self, Segment, Tag},
};

/// How many unclosed openings are skipped. Each costs one scan of the rest of the text, so this
/// bounds the work on a text that is nothing but openings; honest prose has hardly any.
const MOST_OPEN: usize = 64;

/// How many nested wrappers are followed; honest replies have one or two.
const MOST_WRAPPERS: usize = 64;

/// Reads the one object that has `marker` among its keys. Objects without it are skipped, and so is
/// anything in thinking before it. A broken object that contains the marker counts, so that no
/// second one is taken in its place, unless a complete one comes after it: then it was a draft.
pub fn only_object<T: DeserializeOwned>(content: &str, marker: &str) -> Result<T, LlmError> {
    let what = match marker {
        "scores" => "evaluation",
        "questions" => "set of questions",
        other => other,
    };
    let text = reply_of(content);
    let found = search(text, marker);
    if found.gave_up {
        return Err(LlmError::fail(
            "The language model's reply cannot be read: it is full of braces.",
        ));
    }
    let unclear = || {
        LlmError::fail(format!(
            "The {what} in the language model's reply cannot be told from its thinking."
        ))
    };
    if found.is_unclear {
        return Err(unclear());
    }
    let claims = found.standing(text).ok_or_else(unclear)?;
    match claims {
        [] => Err(LlmError::fail(format!("There is no {what} in the language model's reply."))),
        [one] => serde_json::from_str(one.text).map_err(|_| {
            LlmError::fail(format!(
                "The {what} in the language model's reply is not in the form that was asked for."
            ))
        }),
        [sketches @ .., last] => after_sketches(sketches, last).ok_or_else(|| {
            LlmError::fail(format!("There is more than one {what} in the language model's reply."))
        }),
    }
}

/// The last claim, if it is the only complete one. An unclosed one may contain the last.
fn after_sketches<T: DeserializeOwned>(sketches: &[ObjectText], last: &ObjectText) -> Option<T> {
    let is_sketch =
        |claim: &ObjectText| !claim.is_cut && serde_json::from_str::<T>(claim.text).is_err();
    let whole = serde_json::from_str(last.text).ok()?;
    sketches.iter().all(is_sketch).then_some(whole)
}

/// The reply, if a server has removed the tokens that separate channels but not their names.
fn reply_of(content: &str) -> &str {
    let reply = content.trim_start().strip_prefix("analysis");
    let reply = reply.and_then(|rest| rest.split_once("assistantfinal"));
    reply.map_or(content, |(_, reply)| reply)
}

/// A text that claims to be the object.
#[derive(Debug)]
struct ObjectText<'a> {
    text: &'a str,
    /// Its offset.
    at: usize,
    /// Whether it is unclosed.
    is_cut: bool,
    /// The number of the outermost closed wrapper around it.
    wrapper: Option<usize>,
}

/// A wrapper that has been opened.
#[derive(Debug)]
struct OpenWrapper {
    tag: Tag,
    /// How many claims come before it.
    before: usize,
}

/// What thinking tags there were.
#[derive(Debug, Default, PartialEq, Eq)]
enum Thinking {
    /// None that are informative.
    #[default]
    Unmarked,
    /// Some that opened thinking.
    Opened,
    /// One that closed what a template had opened, with claims before it.
    Ended,
}

/// What a search found.
#[derive(Debug, Default)]
struct SearchResult<'a> {
    /// The texts that claim to be the object.
    claims: Vec<ObjectText<'a>>,
    /// Wrappers of any name that are open.
    wrappers: Vec<OpenWrapper>,
    /// How many have been closed, and the text after the last one.
    closed: usize,
    rest: &'a str,
    /// What thinking tags there were.
    thinking: Thinking,
    /// How many unclosed openings were skipped.
    open: usize,
    /// Whether there were too many of them to continue.
    gave_up: bool,
    /// Whether there is a claim on the other side of an unpaired thinking tag. The model may have
    /// thought about what an answer dictates, or quoted such a tag from it; there is no way to
    /// tell.
    is_unclear: bool,
}

impl<'a> SearchResult<'a> {
    /// The claims that are left once drafts are skipped; drafts are those in a wrapper before the
    /// first that is in none. `None` if prose continues after a wrapper that holds the only claims,
    /// because then it is unclear what the wrapper is.
    fn standing(&self, text: &str) -> Option<&[ObjectText<'a>]> {
        if self.thinking == Thinking::Ended && self.goes_on(text) {
            return None;
        }
        if let Some(first) = self.claims.iter().position(|claim| claim.wrapper.is_none()) {
            return Some(&self.claims[first..]);
        }
        let goes_on = has_prose(self.rest) && !self.claims.is_empty();
        (!goes_on).then_some(&self.claims)
    }

    /// Handles the end of thinking that was not opened. Many templates open it in the prompt, so
    /// the reply begins in the middle: it begins with prose, may contain drafts, and ends once.
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

    /// Whether more than one verdict comes after thinking that was not opened.
    fn goes_on(&self, text: &str) -> bool {
        let Some(last) = self.claims.last() else { return false };
        last.wrapper.is_some() || has_prose(&text[last.at + last.text.len()..])
    }

    /// Records a text, if it claims to be the object.
    fn claim(&mut self, (at, text): (usize, &'a str), claims: bool, is_cut: bool) {
        self.claims.extend(claims.then_some(ObjectText { text, at, is_cut, wrapper: None }));
    }

    /// Handles a tag with any name: it opens a wrapper, or closes one with that name.
    fn take(&mut self, tag: Tag, rest: &'a str) {
        let closes = |open: &OpenWrapper| {
            let is_next = tag.number > open.tag.number && open.tag.number.is_some();
            open.tag.stem == tag.stem && (tag.closes || is_next)
        };
        if let Some(at) = self.wrappers.iter().rposition(closes) {
            let before = self.wrappers[at].before;
            self.wrappers.truncate(at);
            for claim in &mut self.claims[before..] {
                claim.wrapper = Some(self.closed);
            }
            self.closed += 1;
            self.rest = rest;
        } else if !tag.closes && self.wrappers.len() < MOST_WRAPPERS {
            self.wrappers.push(OpenWrapper { tag, before: self.claims.len() });
        }
    }
}

/// Whether there is anything other than tags.
fn has_prose(text: &str) -> bool {
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        match Tag::at_start(rest) {
            Some(tag) => rest = &rest[tag.length..],
            None if first.is_alphanumeric() => return true,
            None => rest = &rest[first.len_utf8()..],
        }
    }
    false
}

/// Scans the text once. Strings only matter inside objects: outside, a quotation mark is prose.
fn search<'a>(text: &'a str, marker: &str) -> SearchResult<'a> {
    let bytes = text.as_bytes();
    let mut found = SearchResult::default();
    let mut at = 0;
    while let Some(next) = text[at..].find(['{', '<', '[', '◁']) {
        at += next;
        let rest = &bytes[at..];
        if rest[0] != b'{' {
            match thinking::look(&text[at..]) {
                Segment::Nothing(length) => at += length,
                Segment::Until(length) => {
                    // After the end of thinking that was not opened, there is no way to tell what
                    // this is.
                    found.is_unclear |= found.thinking == Thinking::Ended;
                    found.thinking = Thinking::Opened;
                    at += length;
                }
                Segment::ToTheEnd => {
                    found.is_unclear |= !found.claims.is_empty();
                    break;
                }
                Segment::Was(length) => {
                    found.take_end(text);
                    at += length;
                }
                Segment::Wrapper(tag) => {
                    at += tag.length;
                    found.take(tag, &text[at..]);
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
            // The intended object may have been cut off, with complete ones inside it or after it.
            let cut = &text[at..];
            found.claim((at, cut), begins_with(cut, marker), true);
            at += 1;
        }
    }
    found
}

/// The length of the object at the start of the text, found by its braces; `None` if it is
/// unclosed.
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

/// Whether the text between two braces claims to be the object. The values are not inspected, so
/// their depth does not matter.
#[expect(clippy::zero_sized_map_values, reason = "serde reads an object's keys as a map's")]
fn claims(object: &str, marker: &str) -> bool {
    match serde_json::from_str::<HashMap<String, IgnoredAny>>(object) {
        Ok(keys) => keys.contains_key(marker),
        Err(_) => object.contains(&format!("\"{marker}\"")),
    }
}

/// Whether the first key of an unclosed object is the marker.
fn begins_with(cut: &str, marker: &str) -> bool {
    let inside = cut[1..].trim_start();
    inside
        .strip_prefix('"')
        .and_then(|key| key.strip_prefix(marker))
        .is_some_and(|rest| rest.starts_with('"'))
}
