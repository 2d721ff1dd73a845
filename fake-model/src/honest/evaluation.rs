//! An evaluation by the built-in grader, worded as a language model would.

use std::ops::Range;

use serde_json::{Value, json};
use viva_grader::{Assessment, Grader, Mistake, Rubric};

use crate::message::{KeyPoint, Message};

/// How many suggestions to give at most.
const MOST_SUGGESTIONS: usize = 3;

/// What the answer says about a key point.
struct Seen<'a> {
    point: &'a KeyPoint,
    /// 0, 0.5 or 1.
    coverage: f64,
    /// Verbatim words of the answer; empty unless the point is covered or reversed.
    evidence: String,
    /// Whether the answer says the opposite.
    reversed: bool,
}

/// The content of the reply.
pub(crate) fn evaluation(message: &Message) -> String {
    let points = message.key_points();
    let rubric = rubric(message, &points);
    let grader = Grader::builtin();
    let found = grader.assess(&grader.prepare(&rubric), &message.answer);
    let seen = seen(&points, &found, &message.answer);
    let mistakes = mistakes(&rubric, &seen, &found, &message.answer);
    let label = message.label();
    let key_point = |seen: &Seen<'_>| {
        let evidence = if seen.coverage > 0.0 { seen.evidence.as_str() } else { "" };
        json!({"point": seen.point.number, "coverage": seen.coverage, "evidence": evidence})
    };
    json!({
        "scores": scores(&found),
        "key_points": seen.iter().map(key_point).collect::<Vec<_>>(),
        "mistakes": mistakes,
        "feedback": format!("{label}{}", feedback(&seen)),
        "suggestions": suggestions(&seen),
    })
    .to_string()
}

fn rubric(message: &Message, points: &[KeyPoint]) -> Rubric {
    let key_point = |known: &KeyPoint| viva_grader::KeyPoint {
        point: known.text.clone(),
        weight: known.weight,
        phrasings: Vec::new(),
    };
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mistake = |known: &Value| Mistake {
        claim: text(&known["claim"]),
        why_wrong: text(&known["why_wrong"]),
    };
    Rubric {
        question: message.text("question").to_owned(),
        reference: message.text("reference").to_owned(),
        key_points: points.iter().map(key_point).collect(),
        mistakes: message.list("mistakes").iter().map(mistake).collect(),
    }
}

fn seen<'a>(points: &'a [KeyPoint], found: &Assessment, answer: &str) -> Vec<Seen<'a>> {
    let graded = points.iter().zip(&found.points);
    let seen = graded.map(|(point, grade)| {
        let words = grade.evidence.as_ref().or(grade.contradicted.as_ref());
        Seen {
            point,
            coverage: grade.state.coverage(),
            evidence: quote(answer, words),
            reversed: grade.contradicted.is_some(),
        }
    });
    seen.collect()
}

fn quote(answer: &str, range: Option<&Range<usize>>) -> String {
    range.and_then(|range| answer.get(range.clone())).unwrap_or_default().to_owned()
}

/// The scores with one decimal each, as a model would give them.
fn scores(found: &Assessment) -> Value {
    let score = |value: f64| (value.clamp(0.0, 10.0) * 10.0).round() / 10.0;
    let marks = &found.dimensions;
    json!({
        "correctness": score(marks.correctness),
        "completeness": score(marks.completeness),
        "quality": score(marks.quality),
        "communication": score(marks.communication),
    })
}

/// The listed mistakes that the answer makes, and the points that it reverses.
fn mistakes(rubric: &Rubric, seen: &[Seen<'_>], found: &Assessment, answer: &str) -> Vec<Value> {
    let listed = found.mistakes.iter().zip(&rubric.mistakes);
    let listed = listed.filter_map(|(grade, mistake)| {
        let quote = quote(answer, grade.evidence.as_ref());
        (!quote.is_empty()).then(|| json!({"quote": quote, "why_wrong": mistake.why_wrong}))
    });
    let reversed = seen.iter().filter(|seen| seen.reversed).map(|seen| {
        let why_wrong = format!("It is the other way round: {}", seen.point.text);
        json!({"quote": seen.evidence, "why_wrong": why_wrong})
    });
    listed.chain(reversed).collect()
}

fn feedback(seen: &[Seen<'_>]) -> String {
    let lines = |wanted: f64| {
        let of_that = seen.iter().filter(|seen| (seen.coverage - wanted).abs() < f64::EPSILON);
        of_that.map(|seen| format!("- {}", seen.point.text)).collect::<Vec<_>>().join("\n")
    };
    let (whole, part) = (lines(1.0), lines(0.5));
    let mut parts = Vec::new();
    if !whole.is_empty() {
        parts.push(format!("Well done. Your answer makes this clear:\n\n{whole}"));
    }
    if !part.is_empty() {
        parts.push(format!("You are on the way to this:\n\n{part}"));
    }
    if parts.is_empty() {
        return "Thank you for your answer. It does not reach the point of the question yet; say \
                in one plain sentence what you know about it, and build on that."
            .to_owned();
    }
    parts.join("\n\n")
}

/// One to three steps: first what is missing, heaviest point first, then what is touched on.
fn suggestions(seen: &[Seen<'_>]) -> Vec<String> {
    let mut open: Vec<_> = seen.iter().filter(|seen| seen.coverage < 1.0).collect();
    open.sort_by(|a, b| {
        a.coverage.total_cmp(&b.coverage).then(b.point.weight.total_cmp(&a.point.weight))
    });
    let steps = open.into_iter().take(MOST_SUGGESTIONS).map(|seen| {
        let how = if seen.coverage > 0.0 { "Say more plainly" } else { "Add" };
        format!("{how}: {}", seen.point.text)
    });
    let steps: Vec<_> = steps.collect();
    if steps.is_empty() {
        return vec!["Bring an example from your own work in which this mattered.".to_owned()];
    }
    steps
}
