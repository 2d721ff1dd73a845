//! The report as CommonMark. The structure comes only from this module; text from people and models
//! goes through `foreign`, after which a parser finds only text in it.

mod foreign;
mod inline;

use self::inline::inline;
use super::document::{Block, Document, Found, Point, QuestionPart, ScoreTable, Scored, Span};

/// How many columns a list item in feedback is indented for each list around it.
const INDENT: usize = 4;

/// Writes the file.
pub(super) fn page(document: &Document) -> String {
    let mut page = Page::default();
    page.heading(1, &document.title);
    page.paragraph(&foreign::line(&document.facts.join(" · ")));
    page.list(document.notices.iter().map(|notice| foreign::line(notice)));
    if let Some(scores) = &document.scores {
        page.heading(2, "Scores");
        page.scores(scores);
    }
    page.titled_list("What went well", &document.strengths);
    page.titled_list("To work on", &document.improvements);
    for question in &document.questions {
        page.question(question);
    }
    page.0
}

/// A file being written.
#[derive(Default)]
struct Page(String);

impl Page {
    /// Begins a block after an empty line.
    fn begin(&mut self) {
        if !self.0.is_empty() {
            self.0.push('\n');
        }
    }

    fn line(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }

    fn heading(&mut self, level: usize, text: &str) {
        self.begin();
        self.line(&format!("{} {}", "#".repeat(level), foreign::line(text)));
    }

    /// Writes a paragraph of Markdown.
    fn paragraph(&mut self, markdown: &str) {
        if !markdown.is_empty() {
            self.begin();
            self.line(markdown);
        }
    }

    /// Writes a list whose items are Markdown.
    fn list(&mut self, items: impl IntoIterator<Item = String>) {
        self.begin();
        for item in items {
            self.line(&format!("- {item}"));
        }
    }

    fn titled_list(&mut self, title: &str, texts: &[String]) {
        if !texts.is_empty() {
            self.heading(2, title);
            self.list(texts.iter().map(|text| foreign::line(text)));
        }
    }

    /// Writes lines from people or models, each after `prefix`.
    fn text(&mut self, text: &str, prefix: &str) {
        let block = foreign::block(text, prefix);
        if !block.is_empty() {
            self.begin();
            self.0.push_str(&block);
        }
    }

    fn scores(&mut self, scores: &ScoreTable) {
        let estimate = if scores.is_estimate { ", offline estimate" } else { "" };
        let overall = &scores.overall;
        let first = format!("{}: **{}, {}**{estimate}", overall.name, overall.number, overall.band);
        self.list([first].into_iter().chain(scores.each.iter().map(score)));
    }

    fn question(&mut self, question: &QuestionPart) {
        self.heading(2, &question.heading);
        self.text(&question.text, "");
        self.paragraph(&emphasised(question.source));
        self.paragraph(&emphasised(&question.hints));
        if let Some(answer) = &question.answer {
            self.heading(3, &answer.heading);
            self.text(&answer.text, "> ");
            self.paragraph(&emphasised(&answer.time));
        }
        self.paragraph(&foreign::line(&question.standing));
        if let Some(found) = &question.found {
            self.found(found);
        }
    }

    fn found(&mut self, found: &Found) {
        self.heading(3, "Scores");
        self.scores(&found.scores);
        self.heading(3, "Points of a good answer");
        self.list(found.points.iter().map(point));
        if !found.next_step.is_empty() {
            self.paragraph(&format!(
                "**{}:** {}",
                found.next_band,
                foreign::line(&found.next_step)
            ));
        }
        self.heading(3, "Feedback");
        self.feedback(&found.feedback);
        if !found.suggestions.is_empty() {
            self.heading(3, "Suggestions");
            self.list(found.suggestions.iter().map(|text| foreign::line(text)));
        }
        if !found.example.trim().is_empty() {
            self.heading(3, "An example of a strong answer, one of many");
            self.text(&found.example, "> ");
        }
        let provenance: Vec<_> = found.provenance.iter().map(|text| foreign::line(text)).collect();
        self.paragraph(&provenance.join(" "));
    }

    fn feedback(&mut self, blocks: &[Block]) {
        // How deep the next item of a list may be nested; `None` outside a list.
        let mut deepest = None;
        for block in blocks {
            match block {
                Block::Item { depth, number, spans } => {
                    if deepest.is_none() {
                        self.begin();
                    }
                    let depth = deepest.map_or(0, |deepest| *depth.min(&deepest));
                    deepest = Some(depth + 1);
                    self.item(depth, *number, spans);
                }
                Block::Paragraph { spans } => {
                    deepest = None;
                    self.paragraph(&inline(spans, ""));
                }
                Block::Code { text } => {
                    deepest = None;
                    self.begin();
                    self.0.push_str(&foreign::fenced(text));
                }
            }
        }
    }

    fn item(&mut self, depth: usize, number: Option<u64>, spans: &[Span]) {
        let mark = match number {
            // A longer number would need a deeper indent below it.
            Some(number @ 0..100) => format!("{number}."),
            _ => "-".to_owned(),
        };
        let indent = " ".repeat(depth * INDENT);
        let below = format!("{indent}{}", " ".repeat(mark.len() + 1));
        self.line(&format!("{indent}{mark} {}", inline(spans, &below)));
    }
}

/// Formats a score with its reason and quotes.
fn score(scored: &Scored) -> String {
    let mut line = format!("{}: **{}, {}**", scored.name, scored.number, scored.band);
    if !scored.reason.is_empty() {
        line.push_str(". ");
        line.push_str(&foreign::line(&scored.reason));
    }
    for quote in &scored.quotes {
        line.push_str(&quoted(quote));
    }
    line
}

fn point(point: &Point) -> String {
    let mut line = format!("**{}:** {}", point.state, foreign::line(&point.text));
    if !point.quote.is_empty() {
        line.push_str(&quoted(&point.quote));
    }
    for remark in &point.remarks {
        line.push(' ');
        line.push_str(&foreign::line(remark));
    }
    line
}

fn quoted(quote: &str) -> String {
    format!(" “{}”", foreign::line(quote))
}

fn emphasised(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("*{text}*") }
}

#[cfg(test)]
mod tests;
