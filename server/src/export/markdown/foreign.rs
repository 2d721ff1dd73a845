//! Text of people and models inside Markdown. The rule: every character that could begin a markup
//! anywhere is escaped; those that could at the beginning of a line are escaped there; and a fence
//! is longer than any run of its mark within. What a parser then finds is the text and nothing else,
//! in CommonMark and with the usual extensions (tables, mathematics, bare addresses).

/// A line, or a part of one. White space around it is for the caller.
pub(super) fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for (at, c) in text.char_indices() {
        if is_special(c) || begins_a_block(text, at, c) || is_address(text, at, c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A text of several lines that are kept: each begins with `prefix`. One that somebody laid out by
/// hand, such as code, is fenced and kept exactly; of others, white space around lines goes and so
/// does all but one of the empty lines between two paragraphs. Empty when there is nothing to see.
pub(super) fn block(text: &str, prefix: &str) -> String {
    let text = text.trim_matches('\n').trim_end();
    if text.trim().is_empty() {
        return String::new();
    }
    if is_laid_out(text) {
        return fenced(text);
    }
    let mut out = String::new();
    let mut lines = text.lines().map(str::trim).peekable();
    while let Some(text) = lines.next() {
        let next_is_text = lines.peek().is_some_and(|next| !next.is_empty());
        if !text.is_empty() {
            out.push_str(prefix);
            out.push_str(&line(text));
            // A hard break: without it the next line would be joined to this one.
            out.push_str(if next_is_text { "\\\n" } else { "\n" });
        } else if next_is_text {
            out.push_str(prefix.trim_end());
            out.push('\n');
        }
    }
    out
}

/// A text whose every space counts.
pub(super) fn fenced(text: &str) -> String {
    let fence = "`".repeat(longest_run(text).max(2) + 1);
    format!("{fence}text\n{}\n{fence}\n", text.trim_end_matches('\n'))
}

/// Code, in a line.
pub(super) fn code(text: &str) -> String {
    let mark = "`".repeat(longest_run(text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{mark}{pad}{text}{pad}{mark}")
}

/// Whether the spaces at the beginning of lines, or fences of its own, give it a shape.
fn is_laid_out(text: &str) -> bool {
    text.lines().any(|line| line.starts_with(' ') || line.starts_with("```"))
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// Characters that may begin or end a markup wherever they stand.
fn is_special(c: char) -> bool {
    matches!(
        c,
        '\\' | '`'
            | '*'
            | '_'
            | '['
            | ']'
            | '<'
            | '>'
            | '&'
            | '#'
            | '|'
            | '~'
            | '$'
            | '{'
            | '}'
            | '^'
            | '@'
    )
}

/// Whether it would make a list, a heading or a definition of the line.
fn begins_a_block(text: &str, at: usize, c: char) -> bool {
    let before = &text[..at];
    match c {
        '-' | '+' | '=' | ':' => before.is_empty(),
        '.' | ')' => !before.is_empty() && before.bytes().all(|b| b.is_ascii_digit()),
        _ => false,
    }
}

/// Whether it stands where programs look for an address that nothing marks as one.
fn is_address(text: &str, at: usize, c: char) -> bool {
    match c {
        ':' => text[at..].starts_with("://"),
        '.' => {
            let before = &text.as_bytes()[..at];
            before.len() >= 3 && before[before.len() - 3..].eq_ignore_ascii_case(b"www")
        }
        _ => false,
    }
}
