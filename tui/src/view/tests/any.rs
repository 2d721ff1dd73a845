//! Whatever people and models write, and however large the terminal is: a frame is drawn, and no
//! control byte is in it.

use proptest::prelude::*;
use viva_proto::v1::Report;

use crate::{
    msg::Reply,
    testing::{Script, data},
};

/// Puts one text everywhere that a text can come from.
fn with_text(text: &str) -> Report {
    let mut report = data::complete();
    report.role = text.into();
    report.strengths.push(text.into());
    report.improvements.push(text.into());
    for slot in &mut report.questions {
        if let Some(question) = &mut slot.question {
            question.text = text.into();
            question.topic = text.into();
        }
        if let Some(answer) = &mut slot.answer {
            answer.answer_text = text.into();
            if let Some(evaluation) = &mut answer.evaluation {
                evaluation.feedback = text.into();
                evaluation.reference_answer = text.into();
                evaluation.suggestions = vec![text.into()];
                evaluation.key_points[0].point = text.into();
                evaluation.key_points[0].evidence = text.into();
                evaluation.explanations[0].reason = text.into();
                evaluation.explanations[0].next_step = text.into();
            }
        }
    }
    report
}

/// Draws every screen with the text at one size.
fn draw_all(text: &str, columns: u16, rows: u16) {
    let mut unanswered = with_text(text);
    unanswered.questions[1].answer = None;
    let mut scripts = vec![
        Script::at_dashboard(vec![data::listed(&unanswered)]),
        Script::in_interview(unanswered.clone()),
        Script::in_report(with_text(text), 0),
        Script::in_report(with_text(text), 2),
    ];
    scripts[0].reply(Reply::Card(Ok(unanswered)));
    scripts[0].press("n").paste(text);
    scripts[1].paste(text).press("ctrl-d");
    let mut answer = Script::in_report(with_text(text), 2);
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
fn every_edge_of_size_draws() {
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
