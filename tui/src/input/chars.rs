//! The bytes that are keys in themselves: control codes and characters.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// The key of a byte below 0x80.
pub(super) fn control(byte: u8) -> KeyEvent {
    match byte {
        b'\r' => KeyCode::Enter.into(),
        b'\t' => KeyCode::Tab.into(),
        0x7f => KeyCode::Backspace.into(),
        0x1b => KeyCode::Esc.into(),
        0x00 => ctrl(' '),
        0x01..=0x1a => ctrl(char::from(byte - 1 + b'a')),
        // Ctrl with a digit, as on terminals since the VT220.
        0x1c..=0x1f => ctrl(char::from(byte - 0x1c + b'4')),
        _ => character(char::from(byte)),
    }
}

/// The key of a character.
pub(super) fn character(c: char) -> KeyEvent {
    let shift = if c.is_uppercase() { KeyModifiers::SHIFT } else { KeyModifiers::NONE };
    KeyEvent::new(KeyCode::Char(c), shift)
}

/// The same key with Alt.
pub(super) fn with_alt(mut key: KeyEvent) -> KeyEvent {
    key.modifiers |= KeyModifiers::ALT;
    key
}

/// The length in bytes of a character with this first byte; `None` if no character starts with it.
pub(super) fn length(first: u8) -> Option<usize> {
    match first {
        0x00..=0x7f => Some(1),
        0xc2..=0xdf => Some(2),
        0xe0..=0xef => Some(3),
        0xf0..=0xf4 => Some(4),
        _ => None,
    }
}

fn ctrl(c: char) -> KeyEvent {
    KeyEvent::new(KeyCode::Char(c), KeyModifiers::CONTROL)
}
