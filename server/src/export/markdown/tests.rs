use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use viva_text::{neutral, neutral_line};

use super::*;
use crate::export::{document, sample};

fn page_of(report: &crate::domain::report::Report) -> String {
    page(&document::Document::of(report))
}

/// The blocks of a text in order: `h` before a heading, `>` before a quotation, and so on.
fn blocks(markdown: &str, options: Options) -> Vec<String> {
    let mut blocks: Vec<String> = Vec::new();
    let mut quoted = 0;
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => blocks.push(format!("{level} ")),
            Event::Start(Tag::Item) => blocks.push("- ".to_owned()),
            Event::Start(Tag::CodeBlock(_)) => blocks.push("code ".to_owned()),
            Event::Start(Tag::BlockQuote(_)) => quoted += 1,
            Event::End(TagEnd::BlockQuote(_)) => quoted -= 1,
            Event::Start(Tag::Paragraph) => blocks.push("> ".repeat(quoted) + "p "),
            Event::Start(Tag::Strong | Tag::Emphasis | Tag::List(_)) | Event::End(_) => {}
            Event::Text(text) => blocks.last_mut().unwrap().push_str(&text),
            Event::Code(code) => blocks.last_mut().unwrap().extend(["`", &*code, "`"]),
            Event::HardBreak => blocks.last_mut().unwrap().push('\n'),
            Event::SoftBreak => blocks.last_mut().unwrap().push(' '),
            other => blocks.push(format!("FORBIDDEN {other:?}")),
        }
    }
    blocks
}

/// All extensions except the one that changes quotation marks.
fn extended() -> Options {
    Options::all() - Options::ENABLE_SMART_PUNCTUATION
}

#[test]
fn a_report_is_as_in_the_expected_file() {
    is_as_in(&page_of(&sample::report()), include_str!("tests/report.md"));
    is_as_in(&page_of(&sample::unanswered()), include_str!("tests/unanswered.md"));
}

fn is_as_in(written: &str, expected: &str) {
    assert!(written == expected, "--- written\n{written}\n--- expected\n{expected}");
}

/// Hard cases that random texts would seldom contain.
const HOSTILE: [&str; 30] = [
    "# heading",
    "heading\n===",
    "heading\n---",
    "---",
    "> quote",
    "- item\n- item",
    "1. one\n2) two",
    "[link](http://x.example) ![image](http://x.example/i.png)",
    "[ref]\n\n[ref]: http://x.example 'title'",
    "<script>alert(1)</script>",
    "<!-- comment",
    "<http://x.example> https://x.example www.x.example a@x.example",
    "```\nfence\n```",
    "````` `` ` ```",
    "~~~\nfence",
    "    indented\n\ttab",
    "a | b\n--|--\n1 | 2",
    "| a |\n|---|",
    "&lt; &amp; &#35; &nbsp;",
    "*a* **b** _c_ __d__ ***e*** ~~f~~ ^g^ $h$ $$i$$",
    "back\\slash\\\nat the end\\",
    "[^1]\n\n[^1]: footnote",
    "[ ] task\n[x] task",
    "> [!NOTE]\n> x",
    "term\n: definition",
    "{#id .class} {{ x }}",
    "trailing  \nspaces   ",
    "\u{1b}]0;title\u{7}\u{202e}turned\u{200b}hidden\u{9b}2J",
    "a\r\nb\rc\u{2028}d\u{85}e\u{b}f\u{c}g",
    "\u{a0}\u{3000} wide\n\u{a0}\n\u{3000}end\u{a0}",
];

fn hostile() -> impl Strategy<Value = String> {
    let chosen = prop::sample::select(HOSTILE.as_slice()).prop_map(ToOwned::to_owned);
    let marks = "[-+*_`~#>|=:.()\\[\\]{}<>&!$^@\\\\ \n\t0-9a-z\u{200b}\u{202e}é]{0,40}";
    let mixed = prop::collection::vec(chosen.clone(), 1..4).prop_map(|parts| parts.join("\n\n"));
    prop_oneof![chosen, mixed, any::<String>(), marks.prop_map(String::from)]
}

/// The lines of a text without what Markdown does not keep.
fn visible_lines(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| line.trim().to_owned());
    lines.filter(|line| !line.is_empty()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_line_is_read_as_plain_text(text in hostile()) {
        let text = neutral_line(&text);
        prop_assume!(!text.is_empty());
        for options in [Options::empty(), extended()] {
            let heading = format!("# {}\n\n- {}\n\n{}\n", foreign::line(&text), foreign::line(&text), foreign::line(&text));
            let expected = [format!("h1 {text}"), format!("- {text}"), format!("p {text}")];
            prop_assert_eq!(blocks(&heading, options), expected, "{}", heading);
        }
    }

    #[test]
    fn a_text_of_several_lines_is_read_as_plain_text(text in hostile()) {
        let text = neutral(&text);
        for prefix in ["", "> "] {
            let written = foreign::block(&text, prefix);
            for options in [Options::empty(), extended()] {
                let read = blocks(&written, options);
                let lines: Vec<String> = match read.as_slice() {
                    [code] if code.starts_with("code ") => visible_lines(&code["code ".len()..]),
                    paragraphs => paragraphs
                        .iter()
                        .flat_map(|p| p.trim_start_matches("> ").strip_prefix("p ").unwrap_or("NOT A PARAGRAPH").lines())
                        .map(|line| line.trim().to_owned())
                        .collect(),
                };
                prop_assert_eq!(&lines, &visible_lines(&text), "{:?} is {:?}", written, read);
            }
        }
    }

    #[test]
    fn text_laid_out_by_hand_keeps_every_space(text in hostile()) {
        let text = format!("  {}", neutral(&text).trim_matches(['\n', ' ']));
        let written = foreign::block(&text, "> ");
        if !text.trim().is_empty() {
            let expected = [format!("code {}\n", text.trim_end())];
            prop_assert_eq!(blocks(&written, Options::empty()), expected, "{:?}", written);
        }
    }

    #[test]
    fn no_text_changes_the_structure_of_the_file(text in hostile()) {
        let markdown = page_of(&sample::everywhere(&text));
        prop_assert!(markdown.chars().all(viva_text::is_harmless));
        for options in [Options::empty(), extended()] {
            let read = blocks(&markdown, options);
            let wrong = read.iter().find(|block| block.starts_with("FORBIDDEN"));
            prop_assert_eq!(wrong, None, "{}", markdown);
            let headings = read.iter().filter(|b| ["h1 ", "h2 ", "h3 "].iter().any(|h| b.starts_with(h)));
            let expected = usize::from(!neutral(&text).trim().is_empty());
            // One heading is above the example, which is left out if it is empty.
            prop_assert_eq!(headings.count(), expected + EXPECTED_HEADINGS, "{}", markdown);
        }
    }

    #[test]
    fn feedback_keeps_its_words(text in hostile()) {
        let report = sample::everywhere(&text);
        let document = document::Document::of(&report);
        let found = document.questions[0].found.as_ref().unwrap();
        let mut page = Page::default();
        page.feedback(&found.feedback);
        let words = |text: &str| text.split_whitespace().map(ToOwned::to_owned).collect::<Vec<_>>();
        let told: String = found.feedback.iter().map(|block| match block {
            Block::Paragraph { spans } | Block::Item { spans, .. } => {
                spans.iter().map(|s| s.text.as_str()).collect::<String>() + "\n"
            }
            Block::Code { text } => format!("{text}\n"),
        }).collect();
        let read = blocks(&page.0, Options::empty()).into_iter().map(|block| {
            let text = block.split_once(' ').map_or("", |(_, text)| text).to_owned();
            text + "\n"
        }).collect::<String>();
        let plain = |text: &str| words(&text.replace('`', ""));
        prop_assert_eq!(plain(&read), plain(&told), "{:?}", page.0);
    }
}

/// The headings of a report with four questions, one of them evaluated, without the example.
const EXPECTED_HEADINGS: usize = 15;
