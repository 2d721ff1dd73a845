//! A pasted text between its marks.

use super::{Sent, string};

const END: &[u8] = b"\x1b[201~";

/// How much is pasted at a time, so that a text without end fills no memory.
const MOST: usize = 1 << 20;

/// A pasted text that has begun.
#[derive(Debug, Default)]
pub(super) struct Paste {
    bytes: Vec<u8>,
}

impl Paste {
    /// Takes a byte. Gives what may be passed on, and whether the text is over.
    pub(super) fn take(&mut self, byte: u8) -> (Option<Sent>, bool) {
        self.bytes.push(byte);
        if byte == b'~' && self.bytes.ends_with(END) {
            self.bytes.truncate(self.bytes.len() - END.len());
            let text = std::mem::take(&mut self.bytes);
            // An empty one is passed on too: somebody pasted nothing.
            return (Some(Sent::Paste(text_of(&text))), true);
        }
        if self.bytes.len() < MOST || byte != b'\n' && self.bytes.len() < 2 * MOST {
            return (None, false);
        }
        // The last bytes may be half a mark, or half a character.
        let mut at = self.bytes.len() - END.len();
        while at > 0 && matches!(self.bytes[at], 0x80..=0xbf) {
            at -= 1;
        }
        let rest = self.bytes.split_off(at);
        let text = std::mem::replace(&mut self.bytes, rest);
        (Some(Sent::Paste(text_of(&text))), false)
    }

    /// What there is, where the end does not come.
    pub(super) fn rest(self) -> Option<Sent> {
        (!self.bytes.is_empty()).then(|| Sent::Paste(text_of(&self.bytes)))
    }
}

/// The text without what a terminal said meanwhile.
fn text_of(bytes: &[u8]) -> String {
    let mut kept = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        // A report that is cut off is text: it must not take the rest of the text with it.
        let report = if *byte == 0x1b { string::report(&bytes[at..]) } else { None };
        if report.is_none() {
            kept.push(*byte);
        }
        at += report.unwrap_or(1);
    }
    String::from_utf8_lossy(&kept).into_owned()
}
