use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use super::*;
use crate::export::sample;

fn file_of(report: &crate::domain::report::Report) -> Vec<u8> {
    pages(&Document::of(report)).unwrap()
}

/// The text of a file as another program reads it, without white space, since line breaks depend on
/// the page.
fn text(file: &[u8]) -> String {
    let mut reader = Command::new("pdftotext")
        .args(["-layout", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("pdftotext, of Debian's poppler-utils, which scripts/test installs");
    reader.stdin.take().unwrap().write_all(file).unwrap();
    let done = reader.wait_with_output().unwrap();
    assert!(done.status.success());
    squeezed(&String::from_utf8(done.stdout).unwrap())
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn the_content_of_a_report_is_on_its_pages() {
    let text = text(&file_of(&sample::report()));
    for part in [
        "Rust backend engineer",
        "Report 7 · senior · 23 November 2026",
        "Overall 6.9 fair offline estimate",
        "Question 1: concurrency What does a mutex do, and what does it cost?",
        "Answer, attempt 2 A mutex lets one thread in at a time. The others wait.",
        "Made Only one thread holds the lock. “lets one thread in at a time”",
        "Missing Waiting costs time.",
        "To reach good in completeness: Say more.",
        "An example of a strong answer, one of many It admits one thread.",
        "fn main() { wait(); }",
        "This answer could not be evaluated. The model gave no verdict.",
        "Not answered.",
        "Rust backend engineer · Report 7",
    ] {
        assert!(text.contains(&squeezed(part)), "{part} in {text}");
    }
    let nothing = self::text(&file_of(&sample::unanswered()));
    assert!(nothing.contains(&squeezed("Nothing is evaluated yet, so there is no score.")));
}

/// What typst would run in its own sources, and what could become a link or script.
const HOSTILE: [&str; 8] = [
    "#set text(fill: red); #panic(1)",
    "*bold* _em_ `raw` $x^2$ <label> @label = heading",
    "#read(\"/etc/passwd\") #json(\"/report.json\")",
    "#import \"@preview/example:1.0.0\": *",
    "#link(\"http://x.example\")[here] http://x.example mailto:a@x.example",
    "] ) } \" \\ \\u{41} // gone /* gone */ #[",
    "(/S /JavaScript /JS (app.alert(1)))",
    "\u{1b}[2J\u{202e}txt\u{200b}",
];

#[test]
fn no_text_becomes_markup_or_code() {
    for hostile in HOSTILE {
        let file = file_of(&sample::everywhere(hostile));
        let shown = squeezed(&viva_text::neutral(hostile));
        let count = text(&file).matches(&shown).count();
        assert!(count > 10, "{hostile} is there {count} times in {}", text(&file));
        assert_passive(&file);
    }
}

/// Checks that nothing in the file runs, links or loads anything. (The names are searched without
/// spaces, as typst writes them; text in the title has a space there.)
fn assert_passive(file: &[u8]) {
    let has = |name: &str| file.windows(name.len()).any(|bytes| bytes == name.as_bytes());
    assert!(!has("/ObjStm"), "all its objects are readable here");
    for name in [
        "/S/JavaScript",
        "/OpenAction",
        "/Launch",
        "/URI",
        "/GoToR",
        "/SubmitForm",
        "/EmbeddedFile",
        "/Annots",
        "/AcroForm",
    ] {
        assert!(!has(name), "{name}");
    }
    assert!(has("/StructTreeRoot"), "it is tagged for screen readers");
}

#[test]
fn the_same_report_gives_the_same_file() {
    assert_eq!(file_of(&sample::report()), file_of(&sample::report()));
}

#[test]
fn a_character_without_a_glyph_is_a_box_and_the_first_page_says_so() {
    let text = text(&file_of(&sample::everywhere("Привет Ελλάδα naïve 漢字 🦀 ✓ →")));
    assert!(text.contains(&squeezed("Привет Ελλάδα naïve □□ □ ✓ →")), "{text}");
    assert!(text.contains(&squeezed("□ replaces a character that the fonts of this file do not")));
    let known = self::text(&file_of(&sample::report()));
    assert!(!known.contains('□'), "{known}");
}

#[test]
fn a_very_long_word_stays_on_the_page() {
    let word = "x".repeat(300);
    assert!(text(&file_of(&sample::everywhere(&word))).contains(&word));
}
