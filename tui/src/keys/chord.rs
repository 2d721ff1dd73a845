//! A key with its modifiers, in one form for both the table and the terminal's events.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A key with the modifiers held down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Chord {
    code: KeyCode,
    modifiers: KeyModifiers,
}

impl Chord {
    /// A key alone.
    pub(crate) const fn key(code: KeyCode) -> Self {
        Self { code, modifiers: KeyModifiers::NONE }
    }

    /// A character alone.
    pub(crate) const fn char(c: char) -> Self {
        Self::key(KeyCode::Char(c))
    }

    /// A character with Ctrl.
    pub(crate) const fn ctrl(c: char) -> Self {
        Self { code: KeyCode::Char(c), modifiers: KeyModifiers::CONTROL }
    }

    /// A key with Alt.
    pub(crate) const fn alt(code: KeyCode) -> Self {
        Self { code, modifiers: KeyModifiers::ALT }
    }

    /// The chord as shown on the screen.
    pub(crate) fn label(self) -> String {
        let held = |modifier, name| {
            if self.modifiers.contains(modifier) { name } else { "" }
        };
        let ctrl = held(KeyModifiers::CONTROL, "Ctrl+");
        let alt = held(KeyModifiers::ALT, "Alt+");
        let key = match self.code {
            KeyCode::Char(' ') => "Space".to_owned(),
            KeyCode::Char(c) if self.modifiers.is_empty() => c.to_string(),
            KeyCode::Char(c) => c.to_uppercase().to_string(),
            KeyCode::F(n) => format!("F{n}"),
            code => name(code).to_owned(),
        };
        format!("{ctrl}{alt}{key}")
    }

    /// The digit that the key types; `None` for other keys and with modifiers.
    pub(crate) fn digit(self) -> Option<usize> {
        match self.code {
            KeyCode::Char(c) if self.modifiers.is_empty() => Some(c.to_digit(10)? as usize),
            _ => None,
        }
    }

    /// The event that a terminal sends for it.
    pub(crate) fn event(self) -> KeyEvent {
        KeyEvent::new(self.code, self.modifiers)
    }

    /// Whether it types a character.
    #[cfg(test)]
    pub(crate) fn types_text(self) -> bool {
        matches!(self.code, KeyCode::Char(_)) && self.modifiers.is_empty()
    }
}

impl From<KeyEvent> for Chord {
    fn from(event: KeyEvent) -> Self {
        let known = KeyModifiers::CONTROL | KeyModifiers::ALT;
        let modifiers = event.modifiers & known;
        match event.code {
            // With Ctrl, terminals disagree about the case.
            KeyCode::Char(c) if !modifiers.is_empty() => {
                Self { code: KeyCode::Char(c.to_ascii_lowercase()), modifiers }
            }
            code => Self { code, modifiers },
        }
    }
}

fn name(code: KeyCode) -> &'static str {
    match code {
        KeyCode::Up => "↑",
        KeyCode::Down => "↓",
        KeyCode::Left => "←",
        KeyCode::Right => "→",
        KeyCode::Enter => "Enter",
        KeyCode::Esc => "Esc",
        KeyCode::Tab => "Tab",
        KeyCode::BackTab => "Shift+Tab",
        KeyCode::Home => "Home",
        KeyCode::End => "End",
        KeyCode::PageUp => "PgUp",
        KeyCode::PageDown => "PgDn",
        _ => "?",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chords_are_labelled_as_people_write_them() {
        assert_eq!(Chord::ctrl('d').label(), "Ctrl+D");
        assert_eq!(Chord::alt(KeyCode::Enter).label(), "Alt+Enter");
        assert_eq!(Chord::char('R').label(), "R");
        assert_eq!(Chord::key(KeyCode::Left).label(), "←");
        assert_eq!(Chord::key(KeyCode::F(4)).label(), "F4");
    }

    #[test]
    fn shift_is_part_of_the_character_only() {
        let event = KeyEvent::new(KeyCode::Char('R'), KeyModifiers::SHIFT);
        assert_eq!(Chord::from(event), Chord::char('R'));
        let event = KeyEvent::new(KeyCode::Char('D'), KeyModifiers::CONTROL | KeyModifiers::SHIFT);
        assert_eq!(Chord::from(event), Chord::ctrl('d'));
    }
}
