//! A string that a terminal sends: OSC, DCS, APC, PM or SOS. Its bytes are never keys, however many
//! there are; only the start is remembered, which is enough for the replies that the app waits for.

use super::{Colour, Sent};

/// How many bytes are remembered.
const REMEMBERED: usize = 64;

/// A string being read.
#[derive(Debug)]
pub(super) struct Text {
    kind: u8,
    start: Vec<u8>,
    /// The first byte of a character, with the number of its bytes still to come.
    character: Option<(u8, usize)>,
    /// An escape, which is half of an end mark, and whether a read began with it.
    pub(super) escape: Option<Escape>,
}

/// An escape inside a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Escape {
    /// It followed bytes of the string in the same read.
    Within,
    /// A read began with it, so it may be the key.
    Apart,
}

/// What a byte means for a string.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// It is part of the string.
    Inside,
    /// It ends the string.
    Ends,
    /// It is not part of the string, which was cut off before it.
    Beyond,
}

/// Whether this byte starts a string if it follows an escape.
pub(super) fn opens(byte: u8) -> bool {
    matches!(byte, b']' | b'P' | b'X' | b'^' | b'_')
}

/// Whether a string of this kind may continue with this byte. The user may have pressed Alt and
/// this letter and typed on; `is_typed` says that the byte came alone.
pub(super) fn may_begin(kind: u8, byte: u8, is_typed: bool) -> bool {
    match kind {
        // It ends at once.
        _ if matches!(byte, 0x07 | 0x1b) => true,
        b']' => byte.is_ascii_digit() || !is_typed && matches!(byte, b'l' | b'L' | b'I'),
        b'P' => matches!(byte, b' '..=b'?'),
        _ => !is_typed && matches!(byte, b' '..=b'~'),
    }
}

impl Text {
    pub(super) fn new(kind: u8) -> Self {
        Self { kind, start: Vec::new(), character: None, escape: None }
    }

    /// Takes a byte other than an escape.
    pub(super) fn take(&mut self, byte: u8) -> Step {
        if let Some((first, left)) = self.character.take()
            && matches!(byte, 0x80..=0xbf)
        {
            // In UTF-8, the 8-bit end is a character of two bytes.
            if (first, byte) == (0xc2, 0x9c) {
                return Step::Ends;
            }
            self.character = (left > 1).then_some((first, left - 1));
            return self.remember(byte);
        }
        match byte {
            0x07 | 0x9c | CAN | SUB => Step::Ends,
            0x00 => Step::Inside,
            // Replies contain no control codes: this is a key.
            0x01..=0x1f | 0x7f => Step::Beyond,
            _ => {
                self.character = super::chars::length(byte)
                    .filter(|length| *length > 1)
                    .map(|length| (byte, length - 1));
                self.remember(byte)
            }
        }
    }

    fn remember(&mut self, byte: u8) -> Step {
        if self.start.len() < REMEMBERED {
            self.start.push(byte);
        }
        Step::Inside
    }

    /// The meaning that the app waits for, if any: the colour of text or background.
    pub(super) fn said(&self) -> Option<Sent> {
        let colour = |bytes| xterm_color::Color::parse(bytes).ok().map(|c| c.perceived_lightness());
        let start = (self.kind == b']').then_some(self.start.as_slice())?;
        if let Some(bytes) = start.strip_prefix(b"11;") {
            return colour(bytes).map(Colour::Background).map(Sent::Colour);
        }
        start.strip_prefix(b"10;").and_then(colour).map(Colour::Text).map(Sent::Colour)
    }
}

/// These two bytes end any sequence.
pub(super) const CAN: u8 = 0x18;
pub(super) const SUB: u8 = 0x1a;

/// Whether these bytes continue a report whose escape came alone, some time ago. They may also be
/// text, so a mere start is not enough.
pub(super) fn goes_on(bytes: &[u8]) -> bool {
    match bytes {
        [b']', rest @ ..] => {
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            digits > 0 && rest.get(digits) == Some(&b';')
        }
        [b'[', rest @ ..] => {
            let end = rest.iter().position(|byte| !matches!(byte, b'0'..=b'?')).unwrap_or(0);
            let is_private = matches!(rest.first(), Some(b'<'..=b'?'));
            (is_private || rest[..end].contains(&b';'))
                && matches!(
                    rest[end..],
                    [b'c' | b'n' | b'R' | b't' | b'u' | b'S' | b'x' | b'M' | b'm', ..]
                        | [b'$', b'y', ..]
                )
        }
        _ => report(&[&[0x1b], bytes].concat()).is_some(),
    }
}

/// The length of the report at the start of these bytes, including `ESC`; `None` if they do not
/// begin with a complete report.
pub(super) fn report(bytes: &[u8]) -> Option<usize> {
    let (kind, rest) = match bytes {
        [0x1b, kind, rest @ ..] => (*kind, rest),
        _ => return None,
    };
    if kind == b'[' {
        let last = rest.iter().position(|byte| !matches!(byte, b' '..=b'?'))?;
        let is_report = matches!(rest[last], b'@'..=b'~')
            && super::csi::meaning(&rest[..last], rest[last]).is_report();
        return is_report.then_some(last + 3);
    }
    if !opens(kind) || !may_begin(kind, *rest.first()?, false) {
        return None;
    }
    let mut text = Text::new(kind);
    for (at, byte) in rest.iter().enumerate() {
        match (*byte, rest.get(at + 1)) {
            (0x1b, Some(b'\\')) => return Some(at + 4),
            (0x1b, _) => return None,
            _ => match text.take(*byte) {
                Step::Inside => {}
                Step::Ends => return Some(at + 3),
                Step::Beyond => return None,
            },
        }
    }
    None
}
