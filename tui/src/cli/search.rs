//! `viva search`: your own questions and answers with every word.

use clap::Args;
use jiff::{Timestamp, tz::TimeZone};
use ratatui::text::{Line, Span};
use viva_proto::v1::{SearchAnswersRequest, SearchAnswersResponse, SearchHit, TextRange};

use super::{Context, Failure, Paper, json, note};
use crate::{
    api::Api,
    problem::Problem,
    text::neutral_line,
    view::{theme::Theme, wrap},
    words,
};

/// The most hits that one call returns.
const LARGEST_PAGE: i32 = 100;

/// Columns of indent before the text of a hit.
const INDENT: usize = 4;

const EXAMPLES: &str = "\
Finds each question that contains every word, in its text or in your latest answer, in any case.

Examples:
  viva search deadlock mutex
  viva search \"garbage collect\" --limit 5
  viva search rust --json | jq '.hits[].question_id'";

/// The words to search for.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// 1 to 8 words; part of a word is enough
    #[arg(value_name = "WORDS", required = true)]
    words: Vec<String>,

    /// Show at most N questions, newest first
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..))]
    limit: u16,
}

pub(super) async fn run(arguments: Arguments, context: &Context) -> Result<(), Failure> {
    let api = context.api().await?;
    let found = find(api, &arguments.words.join(" "), usize::from(arguments.limit)).await?;
    if context.json {
        return json::print_reply(&found);
    }
    if found.hits.is_empty() {
        note("Nothing contains all of these words.");
        return Ok(());
    }
    let rows = found.hits.iter().flat_map(|hit| row(hit, &context.paper));
    context.paper.print(&rows.collect::<Vec<_>>())?;
    if !found.next_page_token.is_empty() {
        note(&format!("There may be more than these {}: use --limit.", found.hits.len()));
    }
    Ok(())
}

/// Asks for pages until there are enough hits or no more.
async fn find(api: &Api, query: &str, limit: usize) -> Result<SearchAnswersResponse, Problem> {
    let mut found = SearchAnswersResponse::default();
    loop {
        let missing = limit.saturating_sub(found.hits.len());
        let page_size = i32::try_from(missing).unwrap_or(LARGEST_PAGE).min(LARGEST_PAGE);
        let page_token = found.next_page_token;
        let request = SearchAnswersRequest { query: query.to_owned(), page_size, page_token };
        let page = api.search_answers(request).await?;
        found.hits.extend(page.hits);
        found.next_page_token = page.next_page_token;
        if found.next_page_token.is_empty() || found.hits.len() >= limit {
            return Ok(found);
        }
    }
}

/// A hit: where it is, what was asked, what was answered.
fn row(hit: &SearchHit, paper: &Paper) -> Vec<Line<'static>> {
    let at = hit.submitted_at.as_ref().or(hit.created_at.as_ref());
    let day = words::day(words::moment(at), Timestamp::now(), &TimeZone::system());
    let score = match (hit.score, hit.answer_id) {
        (Some(score), _) => format!("{} {}", words::score(score), words::band(score)),
        (None, 0) => "not answered".to_owned(),
        (None, _) => "no score yet".to_owned(),
    };
    let head = format!(
        "interview {}, question {}: {}, {day}, {score}",
        hit.interview_id,
        hit.order,
        neutral_line(&hit.role)
    );
    let mut lines = vec![Line::styled(head, Theme::faint())];
    for (text, places) in
        [(&hit.question_text, &hit.question_matches), (&hit.snippet, &hit.snippet_matches)]
    {
        if !text.is_empty() {
            let room = paper.columns.saturating_sub(INDENT);
            let wrapped = wrap::spans(&marked(text, places), room);
            lines.extend(wrap::hang(&Span::raw(" ".repeat(INDENT)), wrapped));
        }
    }
    lines
}

/// A text on one line, with the words that were found in it highlighted.
fn marked(text: &str, places: &[TextRange]) -> Vec<Span<'static>> {
    let chars: Vec<char> = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    let cut = |from: usize, to: usize| chars.get(from..to).unwrap_or_default().iter().collect();
    let place = |at: i32| usize::try_from(at).unwrap_or(0).min(chars.len());
    let mut spans = Vec::new();
    let mut done = 0;
    for TextRange { start, end } in places {
        let (start, end) = (place(*start).max(done), place(*end));
        let between: String = cut(done, start);
        spans.extend([
            Span::raw(between),
            Span::styled::<String, _>(cut(start, end), Theme::strong()),
        ]);
        done = end.max(start);
    }
    spans.push(Span::raw::<String>(cut(done, chars.len())));
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn found_words_are_highlighted_by_character_and_on_one_line() {
        let places = [TextRange { start: 2, end: 6 }, TextRange { start: 9, end: 99 }];
        let spans = marked("é lock\nA \u{1f512}!", &places);
        let parts: Vec<_> =
            spans.iter().map(|span| (&*span.content, span.style == Theme::strong())).collect();
        assert_eq!(
            parts,
            [("é ", false), ("lock", true), (" A ", false), ("\u{1f512}!", true), ("", false)]
        );
        let wrong = [TextRange { start: 5, end: 2 }, TextRange { start: -1, end: 1 }];
        let whole: String = marked("abcdef", &wrong).iter().map(|span| &*span.content).collect();
        assert_eq!(whole, "abcdef", "even with ranges that make no sense");
    }

    #[test]
    fn a_hit_shows_its_interview_question_and_score() {
        let hit = SearchHit {
            interview_id: 7,
            order: 2,
            role: "Backend\u{1b}[2J engineer".into(),
            question_text: "What is a lock?".into(),
            question_matches: vec![TextRange { start: 10, end: 14 }],
            answer_id: 3,
            snippet: "It lets one in.".into(),
            score: Some(7.25),
            ..SearchHit::default()
        };
        let lines = row(&hit, &Paper::for_tests(80));
        let lines: Vec<_> = lines.iter().map(ToString::to_string).collect();
        assert!(lines[0].starts_with("interview 7, question 2: Backend"), "{lines:?}");
        assert!(lines[0].ends_with("7.2 good") && !lines[0].contains('\u{1b}'), "{lines:?}");
        assert_eq!(lines[1..], ["    What is a lock?", "    It lets one in."]);
    }
}
