//! The meaning of a control sequence: `ESC [`, parameters, intermediates, a final byte. Only
//! sequences known to be keys are keys. Everything else is a report, in reply to some query.

use crossterm::event::{
    KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};

/// What a control sequence means to the app.
#[derive(Debug, PartialEq)]
pub(super) enum Meaning {
    Key(KeyEvent),
    Mouse(MouseEvent),
    PasteBegins,
    FocusLost,
    FocusGained,
    /// The terminal identifies itself, which every terminal does.
    Attributes,
    /// A report, or an unknown sequence.
    Nothing,
}

impl Meaning {
    /// Whether it is neither a key nor the start of a pasted text.
    pub(super) fn is_report(&self) -> bool {
        !matches!(self, Self::Key(_) | Self::PasteBegins)
    }
}

/// The meaning of a sequence, by the bytes between `ESC [` and its last byte.
pub(super) fn meaning(between: &[u8], last: u8) -> Meaning {
    match between {
        [b'?', ..] if last == b'c' => return Meaning::Attributes,
        [b'<', rest @ ..] => return mouse(rest, last).map_or(Meaning::Nothing, Meaning::Mouse),
        b"200" if last == b'~' => return Meaning::PasteBegins,
        b"" if last == b'O' => return Meaning::FocusLost,
        b"" if last == b'I' => return Meaning::FocusGained,
        _ => {}
    }
    let key = Parameters::parse(between).and_then(|given| match last {
        b'~' => special(&given, KeyModifiers::NONE),
        // rxvt ends the same keys with these for Shift, Ctrl and both.
        b'$' if given.0.len() == 1 => special(&given, KeyModifiers::SHIFT),
        b'^' => special(&given, KeyModifiers::CONTROL),
        b'@' => special(&given, KeyModifiers::CONTROL | KeyModifiers::SHIFT),
        b'u' => coded(&given),
        _ => lettered(&given, last),
    });
    key.map_or(Meaning::Nothing, Meaning::Key)
}

/// A report of the mouse: `ESC [ < button ; column ; row M`, counted from 1, and `m` when it is released.
fn mouse(between: &[u8], last: u8) -> Option<MouseEvent> {
    const HELD: u32 = 4 | 8 | 16;
    let given = Parameters::parse(between)?;
    let kind = match (given.get(0, 0)? & !HELD, last) {
        (0, b'M') => MouseEventKind::Down(MouseButton::Left),
        (0, b'm') => MouseEventKind::Up(MouseButton::Left),
        (32, b'M') => MouseEventKind::Drag(MouseButton::Left),
        (64, b'M') => MouseEventKind::ScrollUp,
        (65, b'M') => MouseEventKind::ScrollDown,
        _ => return None,
    };
    let cell = |at| u16::try_from(given.get(at, 0)?.checked_sub(1)?).ok();
    Some(MouseEvent { kind, column: cell(1)?, row: cell(2)?, modifiers: KeyModifiers::NONE })
}

/// Numbers separated by `;`, each of parts separated by `:`; empty ones are 0.
struct Parameters(Vec<Vec<u32>>);

impl Parameters {
    /// `None` if there is anything else: keys contain no private marks or intermediates.
    fn parse(between: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(between).ok()?;
        let number = |part: &str| if part.is_empty() { Some(0) } else { part.parse().ok() };
        let field = |field: &str| field.split(':').map(number).collect();
        text.split(';').map(field).collect::<Option<_>>().map(Self)
    }

    fn get(&self, field: usize, part: usize) -> Option<u32> {
        self.0.get(field)?.get(part).copied()
    }

    /// The modifiers, and whether the key is pressed, repeated or released.
    fn held(&self, field: usize) -> Option<(KeyModifiers, KeyEventKind)> {
        // Modifiers are counted from one; all of them and the two locks give 256.
        let mask = match self.get(field, 0).unwrap_or(0) {
            0 => 0,
            mask @ 1..=256 => mask - 1,
            _ => return None,
        };
        let bits = [
            (1, KeyModifiers::SHIFT),
            (2, KeyModifiers::ALT),
            (4, KeyModifiers::CONTROL),
            (8, KeyModifiers::SUPER),
            (16, KeyModifiers::HYPER),
            (32, KeyModifiers::META),
        ];
        let modifiers = bits.iter().filter(|(bit, _)| mask & bit != 0).map(|(_, held)| *held);
        let kind = match self.get(field, 1) {
            Some(2) => KeyEventKind::Repeat,
            Some(3) => KeyEventKind::Release,
            _ => KeyEventKind::Press,
        };
        Some((modifiers.collect(), kind))
    }

    fn key(&self, code: KeyCode, field: usize) -> Option<KeyEvent> {
        let (modifiers, kind) = self.held(field)?;
        Some(KeyEvent::new_with_kind(code, modifiers, kind))
    }
}

/// The keys that end with a letter: `ESC [ A`, with modifiers `ESC [ 1 ; 5 A`.
fn lettered(given: &Parameters, last: u8) -> Option<KeyEvent> {
    if let (b'a'..=b'd', [only]) = (last, given.0.as_slice()) {
        // rxvt's arrows with Shift.
        let code = arrow(last.to_ascii_uppercase())?;
        return (only == &[0]).then(|| KeyEvent::new(code, KeyModifiers::SHIFT));
    }
    let code = match last {
        b'E' => KeyCode::KeypadBegin,
        b'F' => KeyCode::End,
        b'H' => KeyCode::Home,
        b'P' => KeyCode::F(1),
        b'Q' => KeyCode::F(2),
        // With numbers it may be the position of the cursor. F3 with Shift does nothing here, and
        // `ESC O R` and `ESC [ 13 ~` are F3 too.
        b'R' if given.0 == [[0]] => KeyCode::F(3),
        b'S' => KeyCode::F(4),
        b'Z' => {
            let mut key = given.key(KeyCode::BackTab, 1)?;
            key.modifiers |= KeyModifiers::SHIFT;
            return Some(key);
        }
        _ => arrow(last)?,
    };
    match given.0.as_slice() {
        // Old terminals send only the modifiers.
        [_] => given.key(code, 0).filter(|_| given.get(0, 0) <= Some(16)),
        [first, ..] if first[0] <= 1 && given.0.len() <= 3 => given.key(code, 1),
        _ => None,
    }
}

fn arrow(letter: u8) -> Option<KeyCode> {
    Some(match letter {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        _ => return None,
    })
}

/// The keys with numbers: `ESC [ 3 ~`.
fn special(given: &Parameters, more: KeyModifiers) -> Option<KeyEvent> {
    let number = u8::try_from(given.get(0, 0)?).ok()?;
    let code = match number {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        11..=15 => KeyCode::F(number - 10),
        17..=21 => KeyCode::F(number - 11),
        23..=26 => KeyCode::F(number - 12),
        28..=29 => KeyCode::F(number - 15),
        31..=34 => KeyCode::F(number - 17),
        // xterm's other form of a coded key: `ESC [ 27 ; 5 ; 13 ~`.
        27 => return given.key(code_of(given.get(2, 0)?)?, 1).map(shifted),
        _ => return None,
    };
    let mut key = given.key(code, 1)?;
    key.modifiers |= more;
    Some(key)
}

/// A key as its character's number, `ESC [ 97 ; 5 u`, as kitty and others send it when asked to.
fn coded(given: &Parameters) -> Option<KeyEvent> {
    let code = code_of(given.get(0, 0)?)?;
    let mut key = given.key(code, 1)?;
    if key.modifiers.contains(KeyModifiers::SHIFT)
        && let Some(other) = given.get(0, 1).and_then(code_of)
    {
        // The terminal says which character the key gives with Shift.
        key.code = other;
    }
    Some(shifted(key))
}

fn shifted(mut key: KeyEvent) -> KeyEvent {
    if key.code == KeyCode::Tab && key.modifiers.contains(KeyModifiers::SHIFT) {
        key.code = KeyCode::BackTab;
    }
    key
}

fn code_of(number: u32) -> Option<KeyCode> {
    Some(match number {
        0x1b => KeyCode::Esc,
        0x0d | KEYPAD_ENTER => KeyCode::Enter,
        0x09 => KeyCode::Tab,
        0x08 | 0x7f => KeyCode::Backspace,
        KEYPAD_FIRST..KEYPAD_ENTER => {
            let at = usize::try_from(number - KEYPAD_FIRST).ok()?;
            KeyCode::Char(char::from(*b"0123456789./*-+".get(at)?))
        }
        57_415 => KeyCode::Char('='),
        57_416 => KeyCode::Char(','),
        57_417 => KeyCode::Left,
        57_418 => KeyCode::Right,
        57_419 => KeyCode::Up,
        57_420 => KeyCode::Down,
        57_421 => KeyCode::PageUp,
        57_422 => KeyCode::PageDown,
        57_423 => KeyCode::Home,
        57_424 => KeyCode::End,
        57_425 => KeyCode::Insert,
        57_426 => KeyCode::Delete,
        // The rest of this range is keys without a function here: locks, media, modifiers alone.
        57_344..=63_743 => return None,
        _ => KeyCode::Char(char::from_u32(number).filter(|c| !c.is_control())?),
    })
}

const KEYPAD_FIRST: u32 = 57_399;
const KEYPAD_ENTER: u32 = 57_414;

/// The key of `ESC O` and a letter; `held` is the digit that some terminals put between them.
pub(super) fn single_shift(held: Option<u8>, letter: u8) -> Option<KeyEvent> {
    let given = Parameters(vec![vec![held.map_or(0, |digit| u32::from(digit - b'0'))]]);
    let plain = |code: KeyCode| held.is_none().then_some(KeyEvent::from(code));
    match letter {
        b'A'..=b'F' | b'H' | b'P' | b'Q' | b'S' => lettered(&given, letter),
        b'R' => given.key(KeyCode::F(3), 0),
        // rxvt's arrows with Ctrl.
        b'a'..=b'd' if held.is_none() => arrow(letter.to_ascii_uppercase())
            .map(|code| KeyEvent::new(code, KeyModifiers::CONTROL)),
        // The keypad, if an earlier program left it in this mode.
        b'M' => plain(KeyCode::Enter),
        b'X' => plain(KeyCode::Char('=')),
        b'j'..=b'y' => plain(KeyCode::Char(char::from(letter - b'j' + b'*'))),
        _ => None,
    }
}
