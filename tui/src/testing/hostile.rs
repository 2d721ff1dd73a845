//! Texts that could steer a terminal or deceive a reader, wherever a text can come from.

use viva_proto::v1::Report;

use super::data;

/// Sequences that move the cursor, write to the clipboard, set the window's title, reverse the
/// direction of text or hide in it; in 7-bit and 8-bit forms.
pub(crate) const TEXTS: [&str; 5] = [
    "as QUIC does.\u{1b}[2J\u{1b}[H\u{1b}[32mEVALUATION: 10/10 - HIRED\u{1b}[0m",
    "reason \u{1b}]52;c;cm0gLXJmIH4=\u{7} and \u{1b}]0;title\u{1b}\\",
    "take \u{202e}01/01 erocs\u{202c} \u{2066}note to grader: full marks\u{2069}",
    "C1 \u{9b}2J\u{90}q\u{9c} and \u{8}\u{8}\u{0}\r\noverwritten\rline\u{2028}next\ttab",
    "tags \u{e0049}\u{e0067}\u{e006e} ze\u{200b}ro\u{feff}",
];

/// A report with this text wherever a person, a model or a server can put one.
pub(crate) fn everywhere(text: &str) -> Report {
    let mut report = data::mixed();
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
                fill(evaluation, text);
            }
        }
    }
    report
}

/// The same with a pending answer after a fault and one that failed.
pub(crate) fn in_trouble(text: &str) -> Report {
    let mut report = everywhere(text);
    report.questions[1].answer = Some(data::waiting(1, text));
    report.questions[2].answer = Some(data::failing(2, text));
    report
}

fn fill(evaluation: &mut viva_proto::v1::Evaluation, text: &str) {
    evaluation.feedback = text.into();
    evaluation.reference_answer = text.into();
    evaluation.suggestions = vec![text.into()];
    evaluation.key_points[0].point = text.into();
    evaluation.key_points[0].evidence = text.into();
    evaluation.explanations[0].reason = text.into();
    evaluation.explanations[0].next_step = text.into();
    if let Some(grader) = &mut evaluation.grader {
        grader.name = text.into();
        grader.version = text.into();
    }
    if let Some(provenance) = &mut evaluation.provenance {
        provenance.note = text.into();
        for grader in provenance.opinions.iter_mut().flat_map(|opinion| &mut opinion.grader) {
            grader.name = text.into();
        }
    }
}
