//! The marks with which models separate their thinking from their reply. There are countless names
//! for them, so they are recognised by their shape: `<name>` and `</name>`, `[NAME]` and `[/NAME]`,
//! tokens such as `<|begin_of_name|>`, channels. A name only decides what nothing else does.

/// The longest mark, in bytes.
const LONGEST: usize = 64;

/// What the names of thinking contain.
const THINKING: [&str; 8] =
    ["think", "thought", "reason", "reflect", "analy", "scratch", "monologue", "draft"];

/// Names of marks around a reply.
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

/// Parts of a name that say which end its mark is.
const BEGINNING: [&str; 4] = ["begin", "start", "open", "of"];
const ENDING: [&str; 3] = ["end", "close", "stop"];

/// What ends a channel.
const CHANNEL_ENDS: [&str; 5] = ["<|end|>", "<|start|>", "<|return|>", "<|channel|>", "<channel|>"];

/// What a mark means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Thinking, by its name.
    Thinking,
    /// A reply, by its name.
    Reply,
    /// Anything.
    Other,
}

/// A mark at the beginning of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    /// Its length in bytes.
    pub(super) length: usize,
    /// Its name without the parts that say which end it is.
    pub(super) stem: String,
    /// The number at the end of its name; of two such tokens, the higher number closes.
    pub(super) number: Option<u32>,
    pub(super) closes: bool,
    pub(super) kind: Kind,
}

impl Mark {
    /// The mark that the text begins with.
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
        // Square brackets are common in prose; models' marks contain a single word.
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

fn kind(stem: &str) -> Kind {
    if THINKING.iter().any(|part| stem.contains(part)) {
        Kind::Thinking
    } else if stem.is_empty() || REPLY.contains(&stem) {
        Kind::Reply
    } else {
        Kind::Other
    }
}

/// What begins at a position outside all objects.
pub(super) enum Found {
    /// Nothing, or nothing that matters, for this many bytes.
    Nothing(usize),
    /// Thinking that ends this many bytes further on.
    Until(usize),
    /// Thinking that never ends.
    ToTheEnd,
    /// Only the end of thinking, this many bytes long: what came before it was thinking too.
    Was(usize),
    /// The beginning or the end of something that may be anything.
    Wrapper(Mark),
}

/// Examines a text that begins with what may be a mark.
pub(super) fn look(text: &str) -> Found {
    if let Some(comment) = text.strip_prefix("<!--") {
        let end = comment.find("-->");
        return end.map_or(Found::ToTheEnd, |end| Found::Until(4 + end + 3));
    }
    let first = text.chars().next().map_or(1, char::len_utf8);
    let Some(mark) = Mark::at_start(text) else { return Found::Nothing(first) };
    let (after, length) = (&text[mark.length..], mark.length);
    if mark.stem == "channel" {
        return if mark.closes { Found::Nothing(length) } else { channel(after, length) };
    }
    match (mark.kind, mark.closes) {
        (Kind::Reply, _) => Found::Nothing(length),
        (Kind::Other, _) => Found::Wrapper(mark),
        (Kind::Thinking, true) => Found::Was(length),
        (Kind::Thinking, false) => {
            end_of(after, &mark.stem).map_or(Found::ToTheEnd, |end| Found::Until(length + end))
        }
    }
}

/// A channel, whose name comes after the mark; all channels but the reply's are thinking.
fn channel(after: &str, length: usize) -> Found {
    let name = after.trim_start();
    let end = name.find(|c: char| !c.is_alphanumeric()).unwrap_or(name.len());
    if kind(&name[..end].to_lowercase()) == Kind::Reply {
        return Found::Nothing(length);
    }
    let ends = |at: &usize| CHANNEL_ENDS.iter().any(|end| after[*at..].starts_with(end));
    let end = after.match_indices('<').map(|(at, _)| at).find(ends);
    end.map_or(Found::ToTheEnd, |end| Found::Until(length + end))
}

/// Where the closing mark for this name ends.
fn end_of(text: &str, stem: &str) -> Option<usize> {
    let mut at = 0;
    while let Some(next) = text[at..].find(['<', '[', '◁']) {
        at += next;
        match Mark::at_start(&text[at..]) {
            Some(mark) if mark.closes && mark.stem == stem => return Some(at + mark.length),
            Some(mark) => at += mark.length,
            None => at += text[at..].chars().next().map_or(1, char::len_utf8),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(text: &str) -> Option<(String, bool, Kind)> {
        Mark::at_start(text).map(|mark| (mark.stem, mark.closes, mark.kind))
    }

    #[test]
    fn marks_are_known_by_their_shape() {
        for (text, stem, closes, kind) in [
            ("<think>", "think", false, Kind::Thinking),
            ("</Thought >", "thought", true, Kind::Thinking),
            ("<thinking mode=\"deep\">", "thinking", false, Kind::Thinking),
            ("[THINK]", "think", false, Kind::Thinking),
            ("[/THINK]", "think", true, Kind::Thinking),
            ("<|begin_of_thought|>", "thought", false, Kind::Thinking),
            ("<|end_of_thought|>", "thought", true, Kind::Thinking),
            ("<|START_THINKING|>", "thinking", false, Kind::Thinking),
            ("<seed:think>", "seed_think", false, Kind::Thinking),
            ("◁/think▷", "think", true, Kind::Thinking),
            ("<channel|>", "channel", true, Kind::Other),
            ("<musing>", "musing", false, Kind::Other),
            ("</answer>", "answer", true, Kind::Reply),
            ("<|end|>", "", true, Kind::Reply),
        ] {
            assert_eq!(mark(text), Some((stem.to_owned(), closes, kind)), "{text}");
        }
        assert_eq!(Mark::at_start("<unused95>").unwrap().number, Some(95));
    }

    #[test]
    fn prose_is_no_mark() {
        for text in
            ["< 6", "[1]", "[7, 8]", "[see below]", "<>", "<{\"a\":1}>", "<-", "[", "◁", "a"]
        {
            assert_eq!(mark(text), None, "{text}");
        }
        assert_eq!(mark(&format!("<{}>", "a".repeat(LONGEST))), None);
    }
}
