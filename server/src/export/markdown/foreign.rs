//! Text from people and models inside Markdown. Every character that could begin markup anywhere is
//! escaped; those that could at the beginning of a line are escaped there; and a fence is longer
//! than any run of backticks in the text. A parser then finds only the text, in CommonMark and with
//! the usual extensions (tables, mathematics, bare addresses).

/// Escapes a line or a part of one. The caller must trim white space around it.
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

/// Escapes a text of several lines, each of which begins with `prefix`. Text laid out by hand, such
/// as code, is fenced and kept exactly; in other text, white space around lines is removed, and
/// only one empty line is kept between paragraphs. Empty if the text is blank.
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
            // A hard break; without it, the next line would be joined to this one.
            out.push_str(if next_is_text { "\\\n" } else { "\n" });
        } else if next_is_text {
            out.push_str(prefix.trim_end());
            out.push('\n');
        }
    }
    out
}

/// Puts a text into a fence, so that every space is kept.
pub(super) fn fenced(text: &str) -> String {
    let fence = "`".repeat(longest_run(text).max(2) + 1);
    format!("{fence}text\n{}\n{fence}\n", text.trim_end_matches('\n'))
}

/// Makes inline code of a text.
pub(super) fn code(text: &str) -> String {
    let mark = "`".repeat(longest_run(text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{mark}{pad}{text}{pad}{mark}")
}

/// Whether a text is laid out by hand, with indented lines or fences.
fn is_laid_out(text: &str) -> bool {
    text.lines().any(|line| line.starts_with(' ') || line.starts_with("```"))
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// Whether a character may begin or end markup anywhere.
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

/// Whether the character would make the line a list, a heading or a definition.
fn begins_a_block(text: &str, at: usize, c: char) -> bool {
    let before = &text[..at];
    match c {
        '-' | '+' | '=' | ':' => before.is_empty(),
        '.' | ')' => !before.is_empty() && before.bytes().all(|b| b.is_ascii_digit()),
        _ => false,
    }
}

/// Whether the character would make programs find a bare address here.
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
