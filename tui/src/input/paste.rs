//! A pasted text between its marks.

use super::{Sent, string};

const END: &[u8] = b"\x1b[201~";

/// The most that is passed on at a time, so that an endless text does not fill the memory.
const MOST: usize = 1 << 20;

/// A pasted text being read.
#[derive(Debug, Default)]
pub(super) struct Paste {
    bytes: Vec<u8>,
}

impl Paste {
    /// Takes a byte. Returns what can be passed on, and whether the text has ended.
    pub(super) fn take(&mut self, byte: u8) -> (Option<Sent>, bool) {
        self.bytes.push(byte);
        if byte == b'~' && self.bytes.ends_with(END) {
            self.bytes.truncate(self.bytes.len() - END.len());
            let text = std::mem::take(&mut self.bytes);
            // An empty text is passed on too: the user pasted nothing.
            return (Some(Sent::Paste(text_of(&text))), true);
        }
        if self.bytes.len() < MOST || byte != b'\n' && self.bytes.len() < 2 * MOST {
            return (None, false);
        }
        // The last bytes may be part of the end mark, or of a character.
        let mut at = self.bytes.len() - END.len();
        while at > 0 && matches!(self.bytes[at], 0x80..=0xbf) {
            at -= 1;
        }
        let rest = self.bytes.split_off(at);
        let text = std::mem::replace(&mut self.bytes, rest);
        (Some(Sent::Paste(text_of(&text))), false)
    }

    /// What there is if the end does not come.
    pub(super) fn rest(self) -> Option<Sent> {
        (!self.bytes.is_empty()).then(|| Sent::Paste(text_of(&self.bytes)))
    }
}

/// The text without reports that the terminal sent during it.
fn text_of(bytes: &[u8]) -> String {
    let mut kept = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        // A report that is cut off counts as text, so that it does not swallow the rest.
        let report = if *byte == 0x1b { string::report(&bytes[at..]) } else { None };
        if report.is_none() {
            kept.push(*byte);
        }
        at += report.unwrap_or(1);
    }
    String::from_utf8_lossy(&kept).into_owned()
}
