//! The tags with which models separate their thinking from their reply. There are countless names
//! for them, so they are recognised by their shape: `<name>` and `</name>`, `[NAME]` and `[/NAME]`,
//! tokens such as `<|begin_of_name|>`, channels. A name only decides what nothing else does.

/// The longest tag, in bytes.
const LONGEST: usize = 64;

/// What the names of thinking contain.
const THINKING: [&str; 8] =
    ["think", "thought", "reason", "reflect", "analy", "scratch", "monologue", "draft"];

/// Names of tags around a reply.
const REPLY: [&str; 14] = [
    "answer",
    "output",
    "final",
    "result",
    "response",
    "reply",
    "json",
    "verdict",
    "evaluation",
    "solution",
    "scores",
    "questions",
    "translations",
    "message",
];

/// Parts of a name that say which end its tag is.
const BEGINNING: [&str; 4] = ["begin", "start", "open", "of"];
const ENDING: [&str; 3] = ["end", "close", "stop"];

/// What ends a channel.
const CHANNEL_ENDS: [&str; 5] = ["<|end|>", "<|start|>", "<|return|>", "<|channel|>", "<channel|>"];

/// What a tag means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TagKind {
    /// Thinking, by its name.
    Thinking,
    /// A reply, by its name.
    Reply,
    /// Anything.
    Other,
}

/// A tag at the beginning of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag {
    /// Its length in bytes.
    pub(super) length: usize,
    /// Its name without the parts that say which end it is.
    pub(super) stem: String,
    /// The number at the end of its name; of two such tokens, the higher number closes.
    pub(super) number: Option<u32>,
    pub(super) closes: bool,
    pub(super) kind: TagKind,
}

impl Tag {
    /// The tag that the text begins with.
    pub(super) fn at_start(text: &str) -> Option<Self> {
        let opening = text.chars().next()?;
        let closing = match opening {
            '<' => '>',
            '[' => ']',
            '◁' => '▷',
            _ => return None,
        };
        let end =
            text.char_indices().take_while(|(at, _)| *at < LONGEST).find(|(_, c)| *c == closing);
        let (end, _) = end?;
        let inside = &text[opening.len_utf8()..end];
        let is_bar = |c: char| matches!(c, '|' | '｜');
        let name = inside.trim_matches(is_bar);
        let closes_by_shape =
            name.starts_with('/') || (inside.ends_with(is_bar) && !inside.starts_with(is_bar));
        let name = name.trim_start_matches('/').split(char::is_whitespace).next()?;
        let fits = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ':');
        let is_name = name.starts_with(char::is_alphabetic) && name.chars().all(fits);
        // Square brackets are common in prose; models' tags contain a single word.
        if !is_name || (opening == '[' && inside.contains(char::is_whitespace)) {
            return None;
        }
        let name = name.to_lowercase();
        let bare = name.trim_end_matches(|c: char| c.is_ascii_digit());
        let number = name[bare.len()..].parse().ok();
        let words = || bare.split(|c: char| !c.is_alphanumeric());
        let closes = closes_by_shape || words().any(|word| ENDING.contains(&word));
        let is_side = |word: &&str| BEGINNING.contains(word) || ENDING.contains(word);
        let stem = words().filter(|word| !is_side(word)).collect::<Vec<_>>().join("_");
        let kind = kind(&stem);
        Some(Self { length: end + closing.len_utf8(), stem, number, closes, kind })
    }
}

fn kind(stem: &str) -> TagKind {
    if THINKING.iter().any(|part| stem.contains(part)) {
        TagKind::Thinking
    } else if stem.is_empty() || REPLY.contains(&stem) {
        TagKind::Reply
    } else {
        TagKind::Other
    }
}

/// What begins at a position outside all objects.
pub(super) enum Segment {
    /// Nothing, or nothing that matters, for this many bytes.
    Nothing(usize),
    /// Thinking that ends this many bytes further on.
    Until(usize),
    /// Thinking that never ends.
    ToTheEnd,
    /// Only the end of thinking, this many bytes long: what came before it was thinking too.
    Was(usize),
    /// The beginning or the end of something that may be anything.
    Wrapper(Tag),
}

/// Examines a text that begins with what may be a tag.
pub(super) fn look(text: &str) -> Segment {
    if let Some(comment) = text.strip_prefix("<!--") {
        let end = comment.find("-->");
        return end.map_or(Segment::ToTheEnd, |end| Segment::Until(4 + end + 3));
    }
    let first = text.chars().next().map_or(1, char::len_utf8);
    let Some(tag) = Tag::at_start(text) else { return Segment::Nothing(first) };
    let (after, length) = (&text[tag.length..], tag.length);
    if tag.stem == "channel" {
        return if tag.closes { Segment::Nothing(length) } else { channel(after, length) };
    }
    match (tag.kind, tag.closes) {
        (TagKind::Reply, _) => Segment::Nothing(length),
        (TagKind::Other, _) => Segment::Wrapper(tag),
        (TagKind::Thinking, true) => Segment::Was(length),
        (TagKind::Thinking, false) => {
            end_of(after, &tag.stem).map_or(Segment::ToTheEnd, |end| Segment::Until(length + end))
        }
    }
}

/// A channel, whose name comes after the tag; all channels but the reply's are thinking.
fn channel(after: &str, length: usize) -> Segment {
    let name = after.trim_start();
    let end = name.find(|c: char| !c.is_alphanumeric()).unwrap_or(name.len());
    if kind(&name[..end].to_lowercase()) == TagKind::Reply {
        return Segment::Nothing(length);
    }
    let ends = |at: &usize| CHANNEL_ENDS.iter().any(|end| after[*at..].starts_with(end));
    let end = after.match_indices('<').map(|(at, _)| at).find(ends);
    end.map_or(Segment::ToTheEnd, |end| Segment::Until(length + end))
}

/// Where the closing tag for this name ends.
fn end_of(text: &str, stem: &str) -> Option<usize> {
    let mut at = 0;
    while let Some(next) = text[at..].find(['<', '[', '◁']) {
        at += next;
        match Tag::at_start(&text[at..]) {
            Some(tag) if tag.closes && tag.stem == stem => return Some(at + tag.length),
            Some(tag) => at += tag.length,
            None => at += text[at..].chars().next().map_or(1, char::len_utf8),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(text: &str) -> Option<(String, bool, TagKind)> {
        Tag::at_start(text).map(|tag| (tag.stem, tag.closes, tag.kind))
    }

    #[test]
    fn marks_are_recognised_by_their_shape() {
        for (text, stem, closes, kind) in [
            ("<think>", "think", false, TagKind::Thinking),
            ("</Thought >", "thought", true, TagKind::Thinking),
            ("<thinking mode=\"deep\">", "thinking", false, TagKind::Thinking),
            ("[THINK]", "think", false, TagKind::Thinking),
            ("[/THINK]", "think", true, TagKind::Thinking),
            ("<|begin_of_thought|>", "thought", false, TagKind::Thinking),
            ("<|end_of_thought|>", "thought", true, TagKind::Thinking),
            ("<|START_THINKING|>", "thinking", false, TagKind::Thinking),
            ("<seed:think>", "seed_think", false, TagKind::Thinking),
            ("◁/think▷", "think", true, TagKind::Thinking),
            ("<channel|>", "channel", true, TagKind::Other),
            ("<musing>", "musing", false, TagKind::Other),
            ("</answer>", "answer", true, TagKind::Reply),
            ("<|end|>", "", true, TagKind::Reply),
        ] {
            assert_eq!(tag(text), Some((stem.to_owned(), closes, kind)), "{text}");
        }
        assert_eq!(Tag::at_start("<unused95>").unwrap().number, Some(95));
    }

    #[test]
    fn prose_is_not_a_mark() {
        for text in
            ["< 6", "[1]", "[7, 8]", "[see below]", "<>", "<{\"a\":1}>", "<-", "[", "◁", "a"]
        {
            assert_eq!(tag(text), None, "{text}");
        }
        assert_eq!(tag(&format!("<{}>", "a".repeat(LONGEST))), None);
    }
}
