//! The smallest change that would raise a score to the next band.

use super::{Findings, open};
use crate::domain::{
    band::Band,
    evaluation::KeyPointResult,
    score::{Dimension, Score},
};

pub(super) fn next_step(findings: &Findings, dimension: Dimension, next: Band) -> String {
    match dimension {
        Dimension::Correctness => correctness(findings),
        Dimension::Completeness => {
            completeness(&findings.key_points, findings.scores.completeness, next)
        }
        Dimension::Quality => quality(findings),
        Dimension::Communication => communication(findings),
    }
}

fn correctness(findings: &Findings) -> String {
    if let Some(mistake) = findings.mistakes.first() {
        return format!("Take back “{}”. {}", mistake.evidence, mistake.why_wrong);
    }
    if let Some(found) = findings.contradictions.first() {
        return format!("Correct “{}”: {}", found.quote, found.point);
    }
    first_to_say(&findings.key_points)
}

/// The step to a higher correctness if nothing in the answer is wrong.
pub(in crate::evaluation) fn first_to_say(points: &[KeyPointResult]) -> String {
    match open(points).first() {
        Some(point) => format!("Say this plainly: {}", point.point),
        None => "Put the points in plain statements, each true by itself.".to_owned(),
    }
}

/// The lightest point that is enough alone; if none is, the heaviest ones together.
pub(super) fn completeness(points: &[KeyPointResult], score: Score, next: Band) -> String {
    let open = open(points);
    let gain = |point: &KeyPointResult| point.weight * (1.0 - point.coverage) * 10.0;
    let needed = lower_limit(next) - score.get();
    if let Some(point) = open.iter().rev().find(|point| gain(point) >= needed) {
        return add(point);
    }
    let mut steps = Vec::new();
    let mut gained = 0.0;
    for point in open {
        if gained >= needed || steps.len() == 3 {
            break;
        }
        gained += gain(point);
        steps.push(add(point));
    }
    if steps.is_empty() {
        return "Say the same points a little more fully.".to_owned();
    }
    steps.join(" ")
}

/// The step that adds a point, or says more of it.
pub(in crate::evaluation) fn add(point: &KeyPointResult) -> String {
    if point.coverage > 0.0 {
        format!("Spell this out: {}", point.point)
    } else {
        format!("Add this point: {}", point.point)
    }
}

fn lower_limit(band: Band) -> f64 {
    match band {
        Band::Poor => 0.0,
        Band::Weak => 3.0,
        Band::Fair => 5.0,
        Band::Good => 7.0,
        Band::Excellent => 9.0,
    }
}

fn quality(findings: &Findings) -> String {
    if findings.made().count() == 0 {
        return "Make one of the points first, then say why it is so.".to_owned();
    }
    let style = &findings.style;
    match (style.reasoning >= 0.5, style.specifics >= 0.4) {
        (false, _) => "Give the reason behind one of your points, in a sentence with “because”.",
        (true, false) => "Give one concrete case: a number, a name, or something you have seen.",
        (true, true) => "Name one trade-off: what it costs, and when you would decide otherwise.",
    }
    .to_owned()
}

fn communication(findings: &Findings) -> String {
    let style = &findings.style;
    let step = if style.prose < 0.6 {
        "Write whole sentences instead of a list of terms."
    } else if !findings.on_topic {
        "Begin with one sentence that answers the question directly."
    } else if style.length < 0.5 {
        "Take two or three more sentences: what it is, why, and when it matters."
    } else if style.sentence_words > 28.0 {
        "Break the longest sentence into two, one thought in each."
    } else if style.filler > 0.4 {
        "Leave out words such as “basically” and “just”."
    } else if style.reasoning < 0.5 {
        "Link the sentences: say what follows from what, with “because” or “so”."
    } else {
        "Begin with the conclusion, then give what supports it."
    };
    step.to_owned()
}
