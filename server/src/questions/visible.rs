//! The visible part of a text that may be the source of a page: without markup, comments and
//! addresses.

/// Elements whose content is not read.
const HIDDEN: [&str; 4] = ["script", "style", "template", "noscript"];

/// Entities that matter for words.
const ENTITIES: [(&str, &str); 8] = [
    ("&#43;", "+"),
    ("&plus;", "+"),
    ("&#35;", "#"),
    ("&num;", "#"),
    ("&nbsp;", " "),
    ("&lt;", " "),
    ("&gt;", " "),
    ("&amp;", "&"),
];

/// The text without markup and addresses.
pub(super) fn visible(text: &str) -> String {
    let text = without_markup(text);
    let text = ENTITIES.iter().fold(text, |text, (entity, meant)| text.replace(entity, meant));
    without_targets(&text)
        .split_inclusive(char::is_whitespace)
        .filter(|word| !is_address(word))
        .collect()
}

fn is_address(word: &str) -> bool {
    word.contains("://") || word.contains("www.") || word.contains('@') || word.contains("data:")
}

/// The text without the targets of Markdown links and the tags of forums.
fn without_targets(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("](").or_else(|| rest.find("[url=")) {
        kept.push_str(&rest[..at]);
        kept.push(' ');
        let end = if rest[at..].starts_with("](") { ')' } else { ']' };
        rest = match rest[at + 1..].find(end) {
            Some(length) => &rest[at + 1 + length + 1..],
            None => &rest[at + 2..],
        };
    }
    kept.push_str(rest);
    kept
}

/// The text without comments, tags, and the content of hidden elements.
fn without_markup(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        kept.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(length) = markup(rest) {
            kept.push(' ');
            rest = &rest[length..];
        } else {
            // "Less than" is not markup.
            kept.push('<');
            rest = &rest[1..];
        }
    }
    kept.push_str(rest);
    kept
}

/// How many bytes at the start of a text that begins with "<" are not shown; `None` if it is not
/// markup.
fn markup(text: &str) -> Option<usize> {
    if text.starts_with("<!--") {
        return Some(text.find("-->").map_or(text.len(), |end| end + 3));
    }
    let second = text[1..].chars().next()?;
    if !second.is_ascii_alphabetic() && !"/!?".contains(second) {
        return None;
    }
    let end = text.find('>')? + 1;
    let name: String = text[1..].chars().take_while(char::is_ascii_alphanumeric).collect();
    if !HIDDEN.contains(&name.to_ascii_lowercase().as_str()) || text[..end].ends_with("/>") {
        return Some(end);
    }
    // Lower-casing only ASCII keeps every byte in its place.
    let close = text.to_ascii_lowercase().find(&format!("</{}", name.to_ascii_lowercase()));
    Some(close.map_or(text.len(), |at| text[at..].find('>').map_or(text.len(), |end| at + end + 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_shown_is_left() {
        for (text, expected) in [
            ("<p class=\"go rust\">Bread</p>", "Bread"),
            ("<SCRIPT>let java = 1 < 2;</SCRIPT>Bread<style>.rust {}</style>", "Bread"),
            ("<!-- kubernetes <b> --> Bread", "Bread"),
            ("<script type=\"application/ld+json\">{\"skills\": \"python\"}", ""),
            ("C&#43;&#43; and C&#35;", "C++ and C#"),
            ("[apply](https://x.example/java/android) now", "[apply now"),
            ("[apply](/java/android) now", "[apply now"),
            ("Look at https://x.example/?utm_source=python-weekly now", "Look at now"),
            ("latency < 10 ms, Rust > 1.90", "latency < 10 ms, Rust > 1.90"),
            ("a <b", "a <b"),
        ] {
            let words = visible(text).split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(words, expected, "{text}");
        }
    }
}
