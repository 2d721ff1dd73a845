//! Whatever people and models write, at any terminal size: a frame is drawn, and it contains no
//! control characters.

use proptest::prelude::*;
use viva_proto::v1::{CreateInterviewResponse, Interview};

use crate::{
    msg::Reply,
    testing::{
        Script, data,
        hostile::{self, everywhere, in_trouble},
    },
};

/// A newly created interview, with a notice from the server and a question, both in this text.
fn remarked(text: &str) -> Script {
    let mut script = Script::at_dashboard(Vec::new());
    script.press("n").types("x").press("enter").wait(2_000);
    let questions = everywhere(text).questions.into_iter().filter_map(|slot| slot.question);
    let interview = Interview { id: 7, questions: questions.collect(), ..Interview::default() };
    let reply = CreateInterviewResponse { interview: Some(interview), notice: text.into() };
    script.reply(Reply::Created(Ok(reply)));
    script
}

/// Draws every screen with the text at one size.
fn draw_all(text: &str, columns: u16, rows: u16) {
    let mut unanswered = everywhere(text);
    unanswered.questions[1].answer = None;
    let mut scripts = vec![
        Script::at_dashboard(vec![data::listed(&unanswered)]),
        Script::in_interview(unanswered.clone()),
        Script::in_report(everywhere(text), 0),
        Script::in_report(everywhere(text), 2),
        Script::in_report(everywhere(text), 3),
        Script::in_report(in_trouble(text), 0),
        Script::in_report(in_trouble(text), 2),
        Script::in_report(in_trouble(text), 3),
        Script::in_interview(in_trouble(text)),
    ];
    scripts[3].press("G");
    scripts[7]
        .reply(Reply::Retried(Ok(Box::new(data::waiting(1, text)))))
        .press("alt-p")
        .press("alt-p");
    scripts[7].press("left");
    scripts[0].reply(Reply::Card(Ok(unanswered)));
    scripts[0].press("n").paste(text);
    scripts[1].paste(text).press("ctrl-d");
    scripts.push(remarked(text));
    let mut answer = Script::in_report(everywhere(text), 2);
    answer.press("tab").press("G");
    scripts.push(answer);
    for script in &mut scripts {
        for cell in &script.buffer(columns, rows).content {
            assert!(!cell.symbol().contains(char::is_control), "{:?}", cell.symbol());
            assert!(!cell.symbol().contains(['\u{202e}', '\u{2066}', '\u{200b}', '\u{e0041}']));
        }
        script.press("f1");
        script.buffer(columns, rows);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_draws_at_any_size(
        text in "\\PC{0,120}|[ -~\\n\\t\\x00-\\x1f\u{80}-\u{9f}\u{202a}-\u{202e}\u{2066}\u{200b}\u{e0041}漢é🦀]{0,200}",
        columns in 1u16..=200,
        rows in 1u16..=60,
    ) {
        draw_all(&text, columns, rows);
    }
}

#[test]
fn every_screen_draws_at_every_limit_of_size() {
    for (columns, rows) in [
        (1, 1),
        (2, 60),
        (200, 1),
        (59, 16),
        (60, 15),
        (60, 16),
        (61, 17),
        (99, 16),
        (100, 16),
        (200, 60),
    ] {
        draw_all(data::ANSWER, columns, rows);
        draw_all("", columns, rows);
    }
}

#[test]
fn control_characters_reach_no_cell() {
    for text in hostile::TEXTS {
        for (columns, rows) in [(80, 24), (60, 16), (40, 10), (120, 40)] {
            draw_all(text, columns, rows);
        }
    }
}
