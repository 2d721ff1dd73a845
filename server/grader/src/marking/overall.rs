//! The verdict: from the findings to probabilities of the points and the mark as a whole.

use super::points::{PointFinding, PointFindings};
use crate::model::{Model, RubricCoefficients};
use crate::prepared::Prepared;
use crate::scale::{probability, rise};
use crate::signals::{AnswerSignals, PointFeatures};

/// The overall mark and the probability of every point.
pub(crate) struct Verdict {
    pub(crate) overall: f64,
    pub(crate) points: Vec<(f64, PointFeatures)>,
}

impl Verdict {
    /// Judges the findings and fills in what is left of the signals.
    pub(crate) fn new(
        prepared: &Prepared,
        findings: &PointFindings,
        signals: &mut AnswerSignals,
    ) -> Self {
        let coefficients = &Model::builtin().coefficients.rubric;
        let is_empty = signals.own_words < 1.0;
        let judge = |finding: &PointFinding| {
            let features = PointFeatures {
                union: finding.union,
                assigned: finding.assigned,
                mass: signals.mass,
                margin: signals.margin,
                false_words: signals.false_words,
            };
            let p = probability(coefficients.point.value(&features, 4.0));
            let p = if is_empty { 0.0 } else { p * doubt(coefficients, finding) };
            (p, features)
        };
        let points: Vec<_> = findings.all.iter().map(judge).collect();
        weigh(prepared, findings, &points, signals);
        guard(coefficients, prepared, signals);
        let held_down = signals.relevance * signals.prose * (1.0 - 0.7 * signals.contradicted);
        let mark = probability(coefficients.overall.value(signals, 4.0)) * held_down;
        Self { overall: if is_empty { 0.0 } else { mark }, points }
    }
}

/// The factor on a point's probability. A reversed point counts next to nothing, one whose best
/// clause says a mistake counts less, and no point is made by length alone, without evidence of its
/// own.
fn doubt(coefficients: &RubricCoefficients, finding: &PointFinding) -> f64 {
    let (limit, factor) = coefficients.local;
    let doubt = if finding.contradicted.is_some() {
        coefficients.reversed
    } else if finding.local > limit {
        factor
    } else {
        1.0
    };
    doubt * rise(finding.union.max(finding.assigned), coefficients.evidence)
}

/// Sums the points up, by their weights.
fn weigh(
    prepared: &Prepared,
    findings: &PointFindings,
    points: &[(f64, PointFeatures)],
    signals: &mut AnswerSignals,
) {
    let coefficients = &Model::builtin().coefficients.rubric;
    let weights = || prepared.points.iter().map(|point| point.weight);
    let total: f64 = weights().sum();
    let weighted = weights().zip(points).map(|(weight, (p, _))| weight * p);
    let reversed = weights().zip(&findings.all).filter(|(_, found)| found.contradicted.is_some());
    signals.coverage = weighted.sum::<f64>() / total;
    signals.best = points.iter().map(|(p, _)| *p).fold(0.0, f64::max);
    signals.contradicted = reversed.map(|(weight, _)| weight).sum::<f64>() / total;
    if !prepared.claims.is_empty() {
        signals.mistake_p = probability(coefficients.mistake.value(signals, 4.0));
    }
}

/// Works out the guards.
fn guard(coefficients: &RubricCoefficients, prepared: &Prepared, signals: &mut AnswerSignals) {
    signals.topic = probability(coefficients.topic.value(signals, 4.0));
    let gate = (coefficients.topic_gate * signals.topic).min(1.0);
    // A good story shares few words with points about the candidate: there the gate stands open.
    let gate = gate.powf(1.0 - prepared.about_candidate);
    signals.relevance = gate * rise(signals.best, coefficients.relevance);
    signals.prose = 1.0 - 0.7 * rise(signals.list, (0.4, 0.8));
}
