//! Stage 5: the overall mark, the four scores, and how certain they are.
//!
//! People gave each answer one overall mark, so the overall mark is what is fitted. Each of the
//! four scores is that mark, shifted by what the score is about; their mean is the mark again.

use super::{
    Coefficients,
    coefficients::{Fit, Overall, RangeAt},
    probability::probability,
    style,
};
use crate::{
    answer::Answer,
    assessment::{Dimensions, MistakeGrade, PointGrade, Style},
    judge::Judgement,
    prepare::{Prepared, PreparedPoint},
};
use std::ops::Range;

/// The marks for an answer.
pub(super) struct Marks {
    pub(super) dimensions: Dimensions,
    /// On the scale of 0 to 1.
    pub(super) range: Range<f64>,
    pub(super) needs_review: bool,
}

/// What the marks are calculated from; each is from 0 to 1, except the number of mistakes.
struct Features {
    /// The weighted mean of the points' probabilities.
    expected: f64,
    /// The weighted share of the points that are made; a point made in part counts half.
    covered: f64,
    /// The probability of the likeliest point.
    best: f64,
    /// The weighted share of the points that are contradicted.
    contradicted: f64,
    /// The share of the words that are in false sentences.
    falsehood: f64,
    /// How many listed mistakes it makes.
    mistakes: usize,
    /// What the judge thinks of it as a whole.
    whole: f64,
    /// How uncertain the points are in total.
    spread: f64,
}

/// Added to the spread: a mark is not certain just because all its points are.
const LEAST_SPREAD: f64 = 0.05;

/// How much a listed mistake adds to what is wrong.
const MISTAKE: f64 = 0.3;

/// The weighted share of the points that are made, 0 to 1; a point made in part counts half.
pub(super) fn covered(prepared: &Prepared, points: &[PointGrade]) -> f64 {
    share(prepared, points, &|grade| grade.state.coverage())
}

/// The mean of a figure over all points, by their weights.
fn share(prepared: &Prepared, points: &[PointGrade], of: &dyn Fn(&PointGrade) -> f64) -> f64 {
    let parts = prepared.points.iter().zip(points);
    parts.map(|(point, grade)| point.weight * of(grade)).sum::<f64>() / total(prepared).max(1e-9)
}

fn total(prepared: &Prepared) -> f64 {
    prepared.points.iter().map(|point| point.weight).sum()
}

/// Marks an answer whose points have been graded.
pub(super) fn score(
    prepared: &Prepared,
    answer: &Answer,
    points: &[PointGrade],
    mistakes: &[MistakeGrade],
    judgement: &Judgement,
    style: &Style,
) -> Marks {
    let features = Features::new(prepared, answer, points, mistakes, judgement);
    let fit = Coefficients::fit(prepared.is_known);
    let overall = features.overall(&fit.overall);
    let dimensions = features.dimensions(overall, style, fit);
    let mark = dimensions.mean() / 10.0;
    let range = range(mark, features.spread, &fit.ranges);
    let half = (range.end - range.start) / 2.0;
    Marks { dimensions, needs_review: half > Coefficients::builtin().review_from, range }
}

impl Features {
    fn new(
        prepared: &Prepared,
        answer: &Answer,
        points: &[PointGrade],
        mistakes: &[MistakeGrade],
        judgement: &Judgement,
    ) -> Self {
        let share = |of: &dyn Fn(&PointGrade) -> f64| share(prepared, points, of);
        let words: usize = answer.sentences.iter().map(|sentence| sentence.words).sum();
        let false_words = answer.sentences.iter().zip(&judgement.falsehood);
        let false_words = false_words
            .map(|(sentence, logit)| sentence.words as f64 * probability(f64::from(*logit)));
        Self {
            expected: share(&|grade| grade.p),
            covered: covered(prepared, points),
            best: points.iter().map(|grade| grade.p).fold(0.0, f64::max),
            contradicted: share(&|grade| f64::from(u8::from(grade.contradicted.is_some()))),
            falsehood: false_words.sum::<f64>() / words.max(1) as f64,
            mistakes: mistakes.iter().filter(|made| made.evidence.is_some()).count(),
            whole: probability(f64::from(judgement.whole)),
            spread: LEAST_SPREAD + spread(prepared, points),
        }
    }

    fn overall(&self, of: &Overall) -> f64 {
        let sum = of.bias
            + of.expected * self.expected
            + of.covered * self.covered
            + of.whole * self.whole;
        sum.clamp(0.0, 1.0)
    }

    /// Completeness is the share of the points that are made. The other three split the rest of the
    /// mark, so that the mean of all four is the mark. Each is shifted by what it is about, and
    /// what moves one up moves the others down.
    fn dimensions(&self, overall: f64, style: &Style, fit: &Fit) -> Dimensions {
        if self.covered == 0.0 && self.best < fit.partial_from {
            return nothing_made(overall);
        }
        let completeness = 10.0 * self.covered;
        let rest = ((40.0 * overall - completeness) / 3.0).clamp(0.0, 10.0);
        let room = rest.min(10.0 - rest).min(1.0);
        let listed = MISTAKE * self.mistakes as f64;
        let wrong = (self.contradicted + self.falsehood + listed).min(1.0);
        let right = 1.2 * (0.35 - wrong);
        let depth = 1.2 * (0.5 * style.reasoning + 0.5 * style.specifics - 0.4);
        let clarity = 1.2 * (style::clarity(style) - 0.85);
        let mean = (right + depth + clarity) / 3.0;
        let score = |shift: f64| (rest + room * (shift - mean)).clamp(0.0, 10.0);
        Dimensions {
            correctness: score(right),
            completeness,
            quality: score(depth),
            communication: score(clarity),
        }
    }
}

/// When no point is made, completeness is zero and the rest follows the mark.
fn nothing_made(overall: f64) -> Dimensions {
    let rest = (40.0 * overall / 3.0).clamp(0.0, 10.0);
    Dimensions { correctness: rest, completeness: 0.0, quality: rest, communication: rest }
}

/// The standard deviation of the weighted sum of the points, each of which is either made or not.
fn spread(prepared: &Prepared, points: &[PointGrade]) -> f64 {
    let total = total(prepared);
    let parts = prepared.points.iter().zip(points);
    let of = |(point, grade): (&PreparedPoint, &PointGrade)| {
        let weight = point.weight / total.max(1e-9);
        weight * weight * grade.p * (1.0 - grade.p)
    };
    parts.map(of).sum::<f64>().sqrt()
}

/// Where readers' marks lie in nine of ten cases, as measured for marks like this one.
fn range(mark: f64, spread: f64, ranges: &[RangeAt]) -> Range<f64> {
    let at = ranges.iter().find(|at| mark <= at.until).or(ranges.last());
    let (below, above) = at.map_or((1.0, 1.0), |at| (at.below, at.above));
    (mark - below * spread).max(0.0)..(mark + above * spread).min(1.0)
}
