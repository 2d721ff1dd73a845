//! Bytes as text, from whatever program wrote them: UTF-8, with a byte order mark or without, and UTF-16
//! with one. Anything else is named.

/// The byte order marks of UTF-16, little and big endian.
const LITTLE: [u8; 2] = [0xff, 0xfe];
const BIG: [u8; 2] = [0xfe, 0xff];

/// How files begin that hold no plain text, and what they are.
const FORMATS: [(&[u8], &str); 14] = [
    (b"%PDF-", "a PDF"),
    (b"{\\rtf", "an RTF document"),
    (b"PK\x03\x04", "a Word document or another archive"),
    (b"\xd0\xcf\x11\xe0", "an old Word document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"BZh", "a compressed file"),
    (b"\xfd7zXZ\x00", "a compressed file"),
    (b"7z\xbc\xaf", "a compressed file"),
    (b"%!PS", "a PostScript document"),
    (b"MIME-Version:", "a saved page or mail"),
    (b"From: <Saved by", "a saved page or mail"),
];

/// How far from the beginning a PDF may begin, as its readers have it.
const PDF_WITHIN: usize = 1024;

/// What kind of file bytes are that are no plain text.
fn format(bytes: &[u8]) -> Option<&'static str> {
    let begins = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let begins = begins.trim_ascii_start();
    if let Some((_, what)) = FORMATS.iter().find(|(begin, _)| begins.starts_with(begin)) {
        return Some(what);
    }
    // These say what they are a few bytes in.
    if bytes.get(4..8) == Some(b"ftyp")
        || (bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"))
    {
        return Some("a picture");
    }
    let head = &bytes[..bytes.len().min(PDF_WITHIN)];
    let has_pdf =
        head.windows(5).any(|five| five == b"%PDF-") && std::str::from_utf8(bytes).is_err();
    has_pdf.then_some("a PDF")
}

/// The text, without a byte order mark; or what is wrong with it, to be said after its name.
pub(crate) fn text(bytes: &[u8]) -> Result<String, String> {
    if let Some(what) = format(bytes) {
        return Err(format!("is {what}; copy its text into a plain text file"));
    }
    if let Some(rest) = bytes.strip_prefix(&LITTLE) {
        return utf16(rest, u16::from_le_bytes);
    }
    if let Some(rest) = bytes.strip_prefix(&BIG) {
        return utf16(rest, u16::from_be_bytes);
    }
    let rest = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    match std::str::from_utf8(rest) {
        Ok(text) if text.contains('\0') && looks_like_utf16(rest) => {
            Err("is UTF-16 without a byte order mark; save it as UTF-8".to_owned())
        }
        Ok(text) => Ok(text.to_owned()),
        Err(error) => Err(not_utf8(rest, error.valid_up_to())),
    }
}

/// Whether bytes begin as UTF-16 text does.
pub(crate) fn is_utf16(bytes: &[u8]) -> bool {
    bytes.starts_with(&LITTLE) || bytes.starts_with(&BIG)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, String> {
    let (units, rest) = bytes.as_chunks::<2>();
    let units: Vec<u16> = units.iter().copied().map(unit).collect();
    match String::from_utf16(&units) {
        Ok(text) if rest.is_empty() => Ok(text),
        _ => Err("begins as UTF-16 text and is not; save it as UTF-8".to_owned()),
    }
}

/// Plain text in UTF-16 has a zero in every second byte.
fn looks_like_utf16(bytes: &[u8]) -> bool {
    bytes.split(|byte| *byte == 0).count() * 3 > bytes.len()
}

fn not_utf8(bytes: &[u8], at: usize) -> String {
    let line = bytes[..at].split(|byte| *byte == b'\n').count();
    let byte = bytes.get(at).copied().unwrap_or_default();
    format!("is not UTF-8 text (line {line} has the byte 0x{byte:02x}); save it as UTF-8")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_utf16(text: &str, mark: [u8; 2], bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        mark.into_iter().chain(text.encode_utf16().flat_map(bytes)).collect()
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_text_and_utf_16_is_read() {
        for text_ in ["", "a lock\n", "naïve 漢字 🦀"] {
            assert_eq!(text(text_.as_bytes()).as_deref(), Ok(text_));
            assert_eq!(text(format!("\u{feff}{text_}").as_bytes()).as_deref(), Ok(text_));
            assert_eq!(text(&in_utf16(text_, LITTLE, u16::to_le_bytes)).as_deref(), Ok(text_));
            assert_eq!(text(&in_utf16(text_, BIG, u16::to_be_bytes)).as_deref(), Ok(text_));
        }
    }

    #[test]
    fn a_document_that_is_no_plain_text_is_named() {
        assert_eq!(
            text(b"%PDF-1.7 ..."),
            Err("is a PDF; copy its text into a plain text file".to_owned())
        );
        assert!(text(br"{\rtf1 Engineer}").unwrap_err().contains("an RTF document"));
        assert!(text(b"PK\x03\x04word/document.xml").unwrap_err().contains("a Word document"));
        let junk = [&[b'x'; 200][..], b"%PDF-1.4\n\xe2\xe3\xcf\xd3"].concat();
        for (bytes, what) in [
            (&b"\xef\xbb\xbf{\\rtf1 Engineer}"[..], "an RTF document"),
            (b"\n%PDF-1.7", "a PDF"),
            (&junk, "a PDF"),
            (b"\x00\x00\x00\x18ftypheic", "a picture"),
            (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "a picture"),
            (b"%!PS-Adobe-3.0", "a PostScript document"),
            (b"MIME-Version: 1.0\nContent-Type: multipart/related", "a saved page or mail"),
        ] {
            assert!(text(bytes).unwrap_err().starts_with(&format!("is {what};")), "{what}");
        }
        assert!(text(b"How does %PDF- mark a file?").is_ok());
    }

    #[test]
    fn what_cannot_be_read_is_named_with_its_place() {
        let latin = text(b"one\ncaf\xe9").unwrap_err();
        assert_eq!(latin, "is not UTF-8 text (line 2 has the byte 0xe9); save it as UTF-8");
        let unmarked = in_utf16("a lock", [b'x', 0], u16::to_le_bytes);
        assert!(text(&unmarked).unwrap_err().contains("UTF-16 without a byte order mark"));
        assert!(text(&[0xff, 0xfe, 0x61]).unwrap_err().contains("save it as UTF-8"));
    }
}
