use super::*;
use crate::export::sample;

#[test]
fn a_report_says_how_much_is_evaluated_and_by_which_grader() {
    let document = Document::of(&sample::report());
    assert_eq!(document.title, "Rust backend engineer");
    assert_eq!(document.facts, ["Report 7", "senior", "23 November 2026"]);
    assert_eq!(document.notices[0], "3 of 4 questions answered, 1 of 3 answers evaluated.");
    assert!(document.notices[1].contains("offline estimate by viva-offline 1"));
    let scores = document.scores.unwrap();
    assert_eq!((scores.overall.number.as_str(), scores.overall.band), ("6.9", "fair"));
    assert!(scores.is_estimate);
}

#[test]
fn a_question_without_an_evaluation_has_no_score_and_says_why() {
    let document = Document::of(&sample::report());
    let standing: Vec<_> = document.questions.iter().map(|q| q.standing.as_str()).collect();
    assert_eq!(
        standing,
        [
            "",
            "Not evaluated yet: Viva will try again after a problem. The model is busy.",
            "This answer could not be evaluated. The model gave no verdict.",
            "Not answered.",
        ]
    );
    assert!(document.questions[1..].iter().all(|question| question.found.is_none()));
    let nothing = Document::of(&sample::unanswered());
    assert_eq!(nothing.scores, None);
    assert_eq!(nothing.notices[1], "Nothing is evaluated yet, so there is no score.");
}

#[test]
fn an_evaluated_answer_has_its_evidence_and_the_step_to_the_next_band() {
    let document = Document::of(&sample::report());
    let found = document.questions[0].found.as_ref().unwrap();
    let points: Vec<_> = found.points.iter().map(|p| (p.state, p.quote.as_str())).collect();
    assert_eq!(points, [("Made", "lets one thread in at a time"), ("Missing", "")]);
    assert_eq!(found.points[0].remarks, ["You say that you made it: partly."]);
    let challenged = "You challenged this with “The others wait.”. First reading: missing (by \
                      viva-offline 1). Second: missing (by viva-offline 2). The evaluation stays as \
                      it was.";
    assert_eq!(found.points[1].remarks, [challenged]);
    assert_eq!(
        (found.next_band.as_str(), found.next_step.as_str()),
        ("To reach good in completeness", "Say more.")
    );
    assert_eq!(found.provenance[0], "Offline estimate by viva-offline 1.");
    assert_eq!(found.provenance[1], "The grader is not sure; read it yourself.");
    assert_eq!(found.provenance[3], "Opinions: viva-offline 9.0 · viva-offline 6.9 (stands).");
    assert_eq!(found.scores.each[0].quotes, ["The others wait."]);
}

#[test]
fn averages_of_one_grader_among_several_name_the_grader() {
    let document = Document::of(&sample::two_graders());
    let sentence = "The averages use only 1 of 2 evaluations, those by qwen (prompt 3).";
    assert_eq!(document.notices[1], sentence);
    assert_eq!(document.notices[2], "The scores are by qwen (prompt 3), a language model.");
    assert!(!document.scores.unwrap().is_estimate);
}

#[test]
fn feedback_keeps_its_lists_and_loses_its_links() {
    let text =
        "# Well\nA **bold** [link](http://x.example) <b>y</b>\n\n1. one\n   - two\n\n```\n  c\n```";
    let blocks = feedback::blocks(text);
    let told: Vec<String> = blocks
        .iter()
        .map(|block| match block {
            Block::Paragraph { spans } => format!("p {}", flat(spans)),
            Block::Item { depth, number, spans } => format!("{depth} {number:?} {}", flat(spans)),
            Block::Code { text } => format!("code {text}"),
        })
        .collect();
    assert_eq!(
        told,
        ["p *Well*", "p A *bold* link <b>y</b>", "0 Some(1) one", "1 None two", "code   c\n"]
    );
}

fn flat(spans: &[Span]) -> String {
    let one = |s: &Span| if s.strong { format!("*{}*", s.text) } else { s.text.clone() };
    spans.iter().map(one).collect()
}
