//! Feedback and suggestions for the candidate. The feedback is Markdown, in which the words of the answer
//! and the rubric are escaped.

mod escaped;

use super::{Findings, next_step::next_step, reason::words};
use crate::domain::{
    band::Band,
    evaluation::{KeyPointResult, SURE},
    score::Dimension,
};
pub(in crate::evaluation) use escaped::one_line;

/// The most suggestions; nobody would follow more.
const MOST_SUGGESTIONS: usize = 3;

/// What the answer made clear, what is not right, and what it missed.
pub fn feedback(findings: &Findings) -> String {
    let mut parts = vec![opening(findings)];
    let made: Vec<String> = findings
        .made()
        .filter(|point| is_sure(point))
        .map(|point| {
            format!("- {} You say: “{}”", one_line(&point.point), one_line(&point.evidence))
        })
        .collect();
    section(&mut parts, "What you made clear", &made);
    let seems: Vec<String> = findings
        .made()
        .filter(|point| !is_sure(point))
        .map(|point| {
            format!("- {} You say: “{}”", one_line(&point.point), one_line(&point.evidence))
        })
        .collect();
    section(&mut parts, "What you seem to make: compare your words with the point", &seems);
    let in_part: Vec<String> = findings
        .in_part()
        .map(|point| {
            let (point, quote) = (one_line(&point.point), one_line(&point.evidence));
            format!("- {point} “{quote}” comes close.")
        })
        .collect();
    section(&mut parts, "What you touched on", &in_part);
    section(&mut parts, "What is not right", &wrong(findings));
    let missing: Vec<String> = findings
        .missing()
        .filter(|point| !is_contradicted(findings, &point.point))
        .map(|point| format!("- {}", one_line(&point.point)))
        .collect();
    section(&mut parts, "What would make it stronger", &missing);
    parts.join("\n\n")
}

/// The smallest next steps, the most important first: what is wrong, then what is missing, then how it is
/// said.
pub fn suggestions(findings: &Findings) -> Vec<String> {
    let order = [
        Dimension::Correctness,
        Dimension::Completeness,
        Dimension::Quality,
        Dimension::Communication,
    ];
    let mut steps: Vec<String> = Vec::new();
    for dimension in order {
        let Some(next) = findings.scores.of(dimension).band().next() else {
            continue;
        };
        let step = next_step(findings, dimension, next);
        // Correctness and completeness often ask for the same point.
        let point = step.split_once(": ").map_or(step.as_str(), |(_, point)| point);
        if steps.len() < MOST_SUGGESTIONS && !steps.iter().any(|kept| kept.ends_with(point)) {
            steps.push(step);
        }
    }
    steps
}

fn opening(findings: &Findings) -> String {
    let all = findings.key_points.len();
    let shown = findings.made().count() + findings.in_part().count();
    if !findings.on_topic || shown == 0 {
        return beginning(findings);
    }
    let shown_of_all = match all {
        1 => "the one point".to_owned(),
        all if all == shown => format!("all {} points", words(all)),
        all => format!("{} of the {} points", words(shown), words(all)),
    };
    match Band::of(findings.scores.mean()) {
        Band::Excellent => {
            format!("An excellent answer: it covers {shown_of_all} a strong candidate makes.")
        }
        Band::Good => format!("A good answer: it covers {shown_of_all} a strong candidate makes."),
        Band::Fair => format!("A fair answer that covers {shown_of_all} a strong candidate makes."),
        Band::Weak => format!("A start: it covers {shown_of_all} a strong candidate makes."),
        Band::Poor => {
            format!("There is something to build on here: {shown_of_all} a strong candidate makes.")
        }
    }
}

/// How to begin, for a candidate who said nothing about the question: they may not have known the answer.
fn beginning(findings: &Findings) -> String {
    let opening = "This answer does not reach the question yet, and that is fine: practice is for what you \
                   don't know yet.";
    let open = findings.open();
    let first = open.iter().find(|point| !is_contradicted(findings, &point.point));
    match first.or(open.first()) {
        Some(point) => format!(
            "{opening} Here is how you could begin: “{}” Say it in your own words, then say why it is so.",
            point.point
        ),
        None => format!(
            "{opening} Say in one plain sentence what you know about it, then build on that."
        ),
    }
}

/// Whether the grader is sure enough to say so without reservation.
fn is_sure(point: &KeyPointResult) -> bool {
    point.confidence.is_none_or(|confidence| confidence >= SURE)
}

fn wrong(findings: &Findings) -> Vec<String> {
    let mistakes = findings.mistakes.iter().map(|found| {
        format!("- You say “{}”. {}", one_line(&found.evidence), one_line(&found.why_wrong))
    });
    let contradictions = findings.contradictions.iter().map(|found| {
        format!(
            "- You say “{}”. That contradicts this point: {}",
            one_line(&found.quote),
            one_line(&found.point)
        )
    });
    mistakes.chain(contradictions).collect()
}

fn is_contradicted(findings: &Findings, point: &str) -> bool {
    findings.contradictions.iter().any(|found| found.point == point)
}

fn section(parts: &mut Vec<String>, title: &str, lines: &[String]) {
    if !lines.is_empty() {
        parts.push(format!("**{title}**\n\n{}", lines.join("\n")));
    }
}
