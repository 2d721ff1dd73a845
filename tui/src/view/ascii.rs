//! For terminals limited to ASCII: every other character of the finished frame becomes one that
//! looks like it, or a question mark.

use ratatui::buffer::Buffer;

/// Replaces all non-ASCII characters of a finished frame.
pub(crate) fn sweep(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        if !cell.symbol().is_ascii() {
            let c = cell.symbol().chars().next().unwrap_or(' ');
            cell.set_char(like(c));
        }
    }
}

/// Returns a text in ASCII.
pub(crate) fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii() { c } else { like(c) }).collect()
}

/// Returns the ASCII character that looks most like it.
pub(crate) fn like(c: char) -> char {
    match c {
        // These include the spinner's frames, so that it turns without Braille characters.
        '▃' | '▄' | '─' | '—' | '–' | '·' | '‐' | '⠹' | '⠦' | '⠧' => '-',
        '│' | '⠋' | '⠼' => '|',
        '┌' | '┐' | '└' | '┘' | '✓' => '+',
        '━' | '▅' | '▆' => '=',
        '╍' => '~',
        '┃' | '▇' | '█' => '#',
        '▁' | '▂' => '_',
        '…' => '.',
        '✗' => 'x',
        '▸' | '→' | '›' => '>',
        '←' | '‹' => '<',
        '↑' => '^',
        '↓' => 'v',
        '“' | '”' | '„' => '"',
        '‘' | '’' => '\'',
        '•' | '★' => '*',
        '\u{a0}' => ' ',
        '⠙' | '⠴' => '/',
        '⠸' | '⠇' | '⠏' => '\\',
        _ => '?',
    }
}
