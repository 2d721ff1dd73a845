//! For terminals that know ASCII alone: every other character of the finished frame becomes one
//! that looks like it, or a question mark.

use ratatui::buffer::Buffer;

/// Makes a finished frame ASCII.
pub(crate) fn sweep(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        if !cell.symbol().is_ascii() {
            let c = cell.symbol().chars().next().unwrap_or(' ');
            cell.set_char(like(c));
        }
    }
}

/// The ASCII character that looks like it.
pub(crate) fn like(c: char) -> char {
    match c {
        // The spinner's frames are among them: it turns as it did before there was Braille.
        '─' | '—' | '–' | '·' | '‐' | '⠹' | '⠦' | '⠧' => '-',
        '│' | '⠋' | '⠼' => '|',
        '┌' | '┐' | '└' | '┘' | '✓' => '+',
        '█' => '#',
        '░' | '…' => '.',
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
