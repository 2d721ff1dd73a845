//! Decodes bytes as text, whatever program wrote them: UTF-8, with or without a byte order mark,
//! and UTF-16 with one. An error names any other format.

use std::{fs, io, path::Path};

/// The byte order marks of UTF-16, little and big endian.
const LITTLE: [u8; 2] = [0xff, 0xfe];
const BIG: [u8; 2] = [0xfe, 0xff];

/// The byte order marks of UTF-32. The first one begins like that of UTF-16.
const WIDE: [[u8; 4]; 2] = [[0xff, 0xfe, 0, 0], [0, 0, 0xfe, 0xff]];

/// How text files begin that are not plain text, and what they are.
const TEXT_FORMATS: [(&[u8], &str); 5] = [
    (b"%PDF-", "a PDF"),
    (b"{\\rtf", "an RTF document"),
    (b"%!PS", "a PostScript document"),
    (b"MIME-Version:", "a saved page or mail"),
    (b"From: <Saved by", "a saved page or mail"),
];

/// How binary files begin. Plain text may begin with "GIF89a" or "BZh" too, so the rest of the file decides.
const BINARY_FORMATS: [(&[u8], &str); 9] = [
    (b"PK\x03\x04", "a Word document or another archive"),
    (b"\xd0\xcf\x11\xe0", "an old Word document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"BZh", "a compressed file"),
    (b"\xfd7zXZ\x00", "a compressed file"),
    (b"7z\xbc\xaf", "a compressed file"),
];

/// How far from the beginning of a file a PDF may start, by the practice of its readers.
const PDF_WITHIN: usize = 1024;

/// The format of bytes that are not plain text.
fn format(bytes: &[u8]) -> Option<&'static str> {
    let begins = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let begins = begins.trim_ascii_start();
    let known = |formats: &[(&[u8], &'static str)]| {
        let found = formats.iter().find(|(begin, _)| begins.starts_with(begin));
        found.map(|(_, what)| *what)
    };
    if let Some(what) = known(&TEXT_FORMATS) {
        return Some(what);
    }
    if is_plain_text(bytes) {
        return None;
    }
    if let Some(what) = known(&BINARY_FORMATS) {
        return Some(what);
    }
    // These formats are marked a few bytes after the beginning.
    if bytes.get(4..8) == Some(b"ftyp")
        || (bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"))
    {
        return Some("a picture");
    }
    let head = &bytes[..bytes.len().min(PDF_WITHIN)];
    head.windows(5).any(|five| five == b"%PDF-").then_some("a PDF")
}

/// Whether bytes are UTF-8 without control characters that are never typed.
fn is_plain_text(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok() && !bytes.iter().any(|byte| *byte <= 0x08)
}

/// The text without a byte order mark; or what is wrong with it, worded to follow the file's name.
pub fn text(bytes: &[u8]) -> Result<String, String> {
    if let Some(what) = format(bytes) {
        return Err(format!("is {what}; copy its text into a plain text file"));
    }
    typed(bytes)
}

/// The same for typed text, or a line of it, which may begin like any format.
pub fn typed(bytes: &[u8]) -> Result<String, String> {
    if WIDE.iter().any(|mark| bytes.starts_with(mark)) {
        return Err("is UTF-32 text; save it as UTF-8".to_owned());
    }
    if let Some(rest) = bytes.strip_prefix(&LITTLE) {
        return utf16(rest, u16::from_le_bytes);
    }
    if let Some(rest) = bytes.strip_prefix(&BIG) {
        return utf16(rest, u16::from_be_bytes);
    }
    let rest = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    if looks_like_utf16(rest) {
        return Err("is UTF-16 without a byte order mark; save it as UTF-8".to_owned());
    }
    match std::str::from_utf8(rest) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => Err(not_utf8(rest, error.valid_up_to())),
    }
}

/// The text of a file. The error says what is wrong with it, worded to follow the file's name.
pub fn file(path: &Path) -> io::Result<String> {
    let wrong = |fault| io::Error::new(io::ErrorKind::InvalidData, format!("it {fault}"));
    text(&fs::read(path)?).map_err(wrong)
}

/// The bytes of a file: as UTF-8 without a byte order mark if it is text, otherwise unchanged. For
/// PEM files, whose reader reports what is wrong.
pub fn file_as_utf8(path: &Path) -> io::Result<Vec<u8>> {
    let bytes = fs::read(path)?;
    Ok(match text(&bytes) {
        Ok(text) => text.into_bytes(),
        Err(_) => bytes,
    })
}

/// Whether the beginning shows that bytes can only be read as a whole: any format but UTF-8, whose
/// lines can be read one by one.
pub fn is_whole(beginning: &[u8]) -> bool {
    beginning.starts_with(&LITTLE)
        || beginning.starts_with(&BIG)
        || beginning.iter().take(4).any(|byte| *byte == 0)
        || format(beginning).is_some()
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, String> {
    let (units, rest) = bytes.as_chunks::<2>();
    let units: Vec<u16> = units.iter().copied().map(unit).collect();
    match String::from_utf16(&units) {
        Ok(text) if rest.is_empty() => Ok(text),
        _ => Err("begins like UTF-16 text but is not; save it as UTF-8".to_owned()),
    }
}

/// Plain text in UTF-16 has a zero in most second bytes.
fn looks_like_utf16(bytes: &[u8]) -> bool {
    bytes.contains(&0) && bytes.split(|byte| *byte == 0).count() * 3 > bytes.len()
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
    fn a_byte_order_mark_is_not_part_of_the_text_and_utf_16_is_read() {
        for text_ in ["", "a lock\n", "naïve 漢字 🦀"] {
            assert_eq!(text(text_.as_bytes()).as_deref(), Ok(text_));
            assert_eq!(text(format!("\u{feff}{text_}").as_bytes()).as_deref(), Ok(text_));
            assert_eq!(text(&in_utf16(text_, LITTLE, u16::to_le_bytes)).as_deref(), Ok(text_));
            assert_eq!(text(&in_utf16(text_, BIG, u16::to_be_bytes)).as_deref(), Ok(text_));
        }
    }

    #[test]
    fn a_document_that_is_not_plain_text_is_named() {
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
    fn text_that_begins_like_a_picture_is_still_text() {
        for begins in ["GIF89a", "BZh9", "The ftyp box", "RIFF or WEBP"] {
            assert!(
                text(format!("{begins} is how such a file begins.").as_bytes()).is_ok(),
                "{begins}"
            );
        }
        assert!(text(b"GIF89a\x01\0\x01\0").unwrap_err().contains("a picture"));
        assert!(text(b"BZh91AY&SY\xe5").unwrap_err().contains("a compressed file"));
        for line in ["MIME-Version: 1.0", "%PDF-1.7", r"{\rtf1", "%!PS", "From: <Saved by me>"] {
            assert!(text(line.as_bytes()).is_err(), "{line}");
            assert_eq!(typed(line.as_bytes()).as_deref(), Ok(line));
        }
    }

    #[test]
    fn undecodable_bytes_are_named_with_their_line() {
        let latin = text(b"one\ncaf\xe9").unwrap_err();
        assert_eq!(latin, "is not UTF-8 text (line 2 has the byte 0xe9); save it as UTF-8");
        let unmarked = in_utf16("a lock", [b'x', 0], u16::to_le_bytes);
        assert!(text(&unmarked).unwrap_err().contains("UTF-16 without a byte order mark"));
        assert!(text(&[0xff, 0xfe, 0x61]).unwrap_err().contains("save it as UTF-8"));
        let latin = in_utf16("caf\u{e9}", [b'x', 0], u16::to_le_bytes);
        assert!(text(&latin).unwrap_err().contains("UTF-16 without a byte order mark"));
        for mark in WIDE {
            let wide: Vec<u8> = mark.into_iter().chain([b'a', 0, 0, 0]).collect();
            assert!(text(&wide).unwrap_err().contains("UTF-32"));
        }
        assert_eq!(text(b"one zero\0 is left to the reader").unwrap().len(), 31);
    }

    #[test]
    fn a_file_is_read_in_the_same_way() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.toml");
        fs::write(&path, in_utf16("a = 1\n", LITTLE, u16::to_le_bytes)).unwrap();
        assert_eq!(file(&path).unwrap(), "a = 1\n");
        fs::write(&path, b"# caf\xe9\n").unwrap();
        let fault = file(&path).unwrap_err().to_string();
        assert_eq!(fault, "it is not UTF-8 text (line 1 has the byte 0xe9); save it as UTF-8");
        assert_eq!(
            file(folder.path().join("b").as_path()).unwrap_err().kind(),
            io::ErrorKind::NotFound
        );
    }
}
