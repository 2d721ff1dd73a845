//! Key points: what the answer says about each of them.

use super::contradiction::{contradiction, is_near_copy};
use super::mistakes::Claims;
use super::overall::Verdict;
use super::reading::{Reading, Unit};
use crate::alignment::weighted_recall;
use crate::grade::{Contradiction, PointGrade, PointState};
use crate::model::Model;
use crate::passage::Passage;
use crate::prepared::{Prepared, PreparedPoint};
use crate::scale::rise;
use crate::signals::{AnswerSignals, PointFeatures};

/// What the answer says about each point.
pub(crate) struct PointFindings {
    pub(crate) all: Vec<PointFinding>,
    /// How many points some sentence supports, with fractions.
    support: f64,
}

/// What the answer says about one point.
pub(crate) struct PointFinding {
    /// How much of the point and its phrasings the whole answer says.
    pub(crate) union: f64,
    /// How well the sentence says it that serves this point and no other.
    pub(crate) assigned: f64,
    /// The margin by which the unit that says it best lies nearer to a mistake; -1 where none is
    /// known.
    pub(crate) local: f64,
    pub(crate) contradicted: Option<Contradiction>,
    /// The unit that says it best.
    evidence: Option<usize>,
}

impl PointFindings {
    pub(crate) fn new(prepared: &Prepared, reading: &Reading<'_>, claims: &Claims) -> Self {
        let fit = Fit::new(prepared, reading);
        let assigned = fit.assign();
        let points = prepared.points.iter().zip(assigned);
        let all = points.map(|(point, assigned)| {
            let evidence = best_unit(point, reading);
            let local = evidence.filter(|_| claims.is_known()).map(|unit| claims.of_unit[unit]);
            PointFinding {
                union: weighted_recall(
                    &point.union,
                    point.union_damped.iter().copied(),
                    &reading.reach,
                ),
                assigned,
                local: local.unwrap_or(-1.0),
                contradicted: contradicted(prepared, point, reading),
                evidence,
            }
        });
        Self { all: all.collect(), support: fit.support() }
    }

    pub(crate) fn measure(&self, signals: &mut AnswerSignals) {
        signals.support = ((1.0 + self.support) / (1.0 + self.all.len() as f64)).ln();
    }

    pub(crate) fn grade(&self, reading: &Reading<'_>, verdict: &Verdict) -> Vec<PointGrade> {
        let grade = |(finding, (p, features)): (&PointFinding, &(f64, PointFeatures))| {
            let state = point_state(*p);
            let shown = state != PointState::Missed || finding.contradicted.is_some();
            PointGrade {
                p: *p,
                state,
                evidence: finding.evidence.filter(|_| shown).map(|unit| reading.place(unit)),
                contradicted: finding.contradicted,
                features: *features,
            }
        };
        self.all.iter().zip(&verdict.points).map(grade).collect()
    }
}

/// What a point's probability amounts to.
pub(crate) fn point_state(p: f64) -> PointState {
    let coefficients = &Model::builtin().coefficients.rubric;
    if p >= coefficients.covered {
        PointState::Covered
    } else if p >= coefficients.partial {
        PointState::Partial
    } else {
        PointState::Missed
    }
}

/// How well each sentence says each point.
struct Fit {
    /// A row for every point, a column for every sentence.
    rows: Vec<Vec<f64>>,
}

impl Fit {
    fn new(prepared: &Prepared, reading: &Reading<'_>) -> Self {
        let fit = |point: &PreparedPoint, sentence: &Unit| {
            let variants = point.variants.clone().zip(&point.damped);
            let fits = variants.map(|(variant, weights)| {
                let statement = &prepared.statements[variant];
                let weights = weights.iter().copied();
                let recall = weighted_recall(statement, weights, &sentence.reach);
                0.7 * recall + 0.3 * sentence.precision[variant]
            });
            fits.fold(0.0, f64::max)
        };
        let row = |point| reading.sentences().iter().map(|sentence| fit(point, sentence)).collect();
        Self { rows: prepared.points.iter().map(row).collect() }
    }

    /// Gives every point a sentence of its own, best fit first; what is left over gets none.
    fn assign(&self) -> Vec<f64> {
        let mut pairs: Vec<_> = self
            .rows
            .iter()
            .enumerate()
            .flat_map(|(point, row)| row.iter().enumerate().map(move |(n, fit)| (*fit, point, n)))
            .filter(|(fit, ..)| *fit > 0.0)
            .collect();
        // The sort is stable: of equal fits the first point and then the first sentence goes first.
        pairs.sort_by(|(a, ..), (b, ..)| b.total_cmp(a));
        let mut assigned = vec![0.0; self.rows.len()];
        let mut is_taken = vec![false; self.rows.first().map_or(0, Vec::len)];
        for (fit, point, sentence) in pairs {
            if assigned[point] == 0.0 && !is_taken[sentence] {
                assigned[point] = fit;
                is_taken[sentence] = true;
            }
        }
        assigned
    }

    /// How many sentences say some point, from nothing at a fit of 0.2 to one at 0.5.
    fn support(&self) -> f64 {
        let sentences = 0..self.rows.first().map_or(0, Vec::len);
        let best = sentences.map(|n| self.rows.iter().map(|row| row[n]).fold(0.0, f64::max));
        best.map(|fit| rise(fit, (0.2, 0.5))).sum()
    }
}

/// The unit that agrees best with the point; the first where several do.
fn best_unit(point: &PreparedPoint, reading: &Reading<'_>) -> Option<usize> {
    let mut best = (-1.0, None);
    for (place, unit) in reading.comparable() {
        let agreements = unit.agreement[point.variants.clone()].iter().copied();
        let agreement = agreements.fold(0.0, f64::max);
        if agreement > best.0 + 1e-9 {
            best = (agreement, Some(place));
        }
    }
    best.1
}

/// How the answer reverses the point, unless another clause says it plainly.
fn contradicted(
    prepared: &Prepared,
    point: &PreparedPoint,
    reading: &Reading<'_>,
) -> Option<Contradiction> {
    let variants = &prepared.statements[point.variants.clone()];
    let found = reading.comparable().find_map(|(_, unit)| {
        variants.iter().find_map(|variant| contradiction(variant, &unit.passage))
    })?;
    let says = |variant: &Passage, unit: &Unit| {
        is_near_copy(&variant.stems, &unit.passage.stems)
            && contradiction(variant, &unit.passage).is_none()
    };
    let mut plain = reading.units.iter().filter(|unit| !unit.is_window);
    let is_also_said = plain.any(|unit| variants.iter().any(|variant| says(variant, unit)));
    (!is_also_said).then_some(found)
}
