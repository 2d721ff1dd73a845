//! Feedback and suggestions, for a candidate to read. The feedback is Markdown; the candidate's own
//! words stand in it only as quotations.

use super::{Findings, SURE, next_step::next_step, reason::words};
use crate::domain::{band::Band, evaluation::KeyPointResult, score::Dimension};

/// Suggestions at the most: more would not be followed.
const MOST_SUGGESTIONS: usize = 3;

/// What the answer made clear, what is not right, and what it missed.
pub fn feedback(findings: &Findings) -> String {
    let mut parts = vec![opening(findings)];
    let made: Vec<String> = findings
        .made()
        .filter(|point| is_sure(point))
        .map(|point| format!("- {} You say: “{}”", point.point, one_line(&point.evidence)))
        .collect();
    section(&mut parts, "What you made clear", &made);
    let seems: Vec<String> = findings
        .made()
        .filter(|point| !is_sure(point))
        .map(|point| format!("- {} You say: “{}”", point.point, one_line(&point.evidence)))
        .collect();
    section(&mut parts, "What you seem to make; compare your words with the point", &seems);
    let in_part: Vec<String> = findings
        .in_part()
        .map(|point| {
            format!("- {} You come near with “{}”.", point.point, one_line(&point.evidence))
        })
        .collect();
    section(&mut parts, "What you touched on", &in_part);
    section(&mut parts, "What is not right", &wrong(findings));
    let missing: Vec<String> = findings
        .missing()
        .filter(|point| !is_contradicted(findings, &point.point))
        .map(|point| format!("- {}", point.point))
        .collect();
    section(&mut parts, "What would make it stronger", &missing);
    parts.join("\n\n")
}

/// The smallest next steps, most telling first: what is wrong, then what is missing, then how it
/// is said.
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
        // Correctness and completeness often want the same point said.
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
        return "This answer does not yet reach the heart of the question. Say in one plain \
                sentence what you know about it, then build on that."
            .to_owned();
    }
    let shown_of_all = match all {
        1 => "the one point".to_owned(),
        all if all == shown => format!("all {} points", words(all)),
        all => format!("{} of the {} points", words(shown), words(all)),
    };
    match Band::of(findings.scores.mean()) {
        Band::Excellent => {
            format!("An excellent answer: it brings {shown_of_all} a strong candidate makes.")
        }
        Band::Good => format!("A good answer: it brings {shown_of_all} a strong candidate makes."),
        Band::Fair => format!("A fair answer that brings {shown_of_all} a strong candidate makes."),
        Band::Weak => format!("A start: it brings {shown_of_all} a strong candidate makes."),
        Band::Poor => {
            format!("There is something to build on here: {shown_of_all} a strong candidate makes.")
        }
    }
}

/// Whether the grader is sure enough to say so without reserve.
fn is_sure(point: &KeyPointResult) -> bool {
    point.confidence.is_none_or(|confidence| confidence >= SURE)
}

fn wrong(findings: &Findings) -> Vec<String> {
    let mistakes = findings
        .mistakes
        .iter()
        .map(|found| format!("- You say “{}”. {}", one_line(&found.quote), found.why_wrong));
    let contradictions = findings.contradictions.iter().map(|found| {
        format!(
            "- You say “{}”. That contradicts this point: {}",
            one_line(&found.quote),
            found.point
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

/// A quotation inside a list item stays on one line and cannot open Markdown of its own.
fn one_line(quote: &str) -> String {
    let mut line = String::with_capacity(quote.len());
    for (at, word) in quote.split_whitespace().enumerate() {
        if at > 0 {
            line.push(' ');
        }
        for c in word.chars() {
            if "\\`*_[]<>#|~".contains(c) {
                line.push('\\');
            }
            line.push(c);
        }
    }
    line
}
