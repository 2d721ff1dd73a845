//! The stages by which an answer is assessed, one module each, in this order: read, find points, find
//! mistakes, guard, score.

mod coefficients;
mod find_mistakes;
mod find_points;
mod guard;
mod probability;
mod quotes;
mod read;
mod score;
mod style;
mod word_for_word;

pub(crate) use coefficients::Coefficients;
pub(crate) use guard::is_foreign;

use crate::{answer::Answer, assessment::Assessment, judge::Judge, prepare::Prepared};

/// Takes an answer through all stages.
pub(crate) fn assess(prepared: &Prepared, answer: &Answer) -> Assessment {
    let judgement = read::read(prepared, answer);
    let points =
        find_points::find_points(prepared, answer, &judgement.points[..prepared.points.len()]);
    let mistakes = find_mistakes::find_mistakes(prepared, answer, &judgement, &points);
    let refusal = guard::guard(prepared, answer, &points, &judgement);
    let style = style::of(answer);
    let marks = score::score(prepared, answer, &points, &mistakes, &judgement, &style);
    Assessment {
        is_about_the_question: judgement.about > 0.0,
        refusal,
        overall: marks.dimensions.mean() / 10.0,
        range: marks.range,
        needs_review: marks.needs_review,
        mistakes,
        points,
        dimensions: marks.dimensions,
        style,
    }
}

/// The probability that a passage, read on its own, makes a point.
pub(crate) fn shows(prepared: &Prepared, point: usize, passage: &Answer) -> f64 {
    let Some(point) = prepared.points.get(point) else { return 0.0 };
    let sentences: Vec<_> = passage.sentences.iter().map(|s| s.pieces.clone()).collect();
    let seen =
        Judge::builtin().read(&prepared.question, std::slice::from_ref(&point.pieces), &sentences);
    let fit = Coefficients::fit(prepared.is_known);
    seen.points.first().map_or(0.0, |seen| find_points::find_alone(fit, point, passage, seen))
}
