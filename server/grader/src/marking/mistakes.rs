//! Mistakes: which false claims of the rubric the answer makes.

use super::reading::{Reading, Unit};
use crate::alignment::weighted_recall;
use crate::grade::MistakeGrade;
use crate::model::{Model, dot};
use crate::passage::Passage;
use crate::prepared::Prepared;
use crate::scale::probability;
use crate::signals::AnswerSignals;

/// How near the answer comes to the false claims.
pub(crate) struct Claims {
    /// For every claim the largest margin and the unit that has it.
    best: Vec<(f64, Option<usize>)>,
    /// For every unit the largest margin over all claims; -1 without claims or where it says too
    /// little.
    pub(crate) of_unit: Vec<f64>,
    /// The margins of the units that say enough, in rising order; none without claims.
    margins: Vec<f64>,
}

impl Claims {
    pub(crate) fn new(prepared: &Prepared, reading: &Reading<'_>) -> Self {
        let mut claims = Self {
            best: vec![(-1.0, None); prepared.claims.len()],
            of_unit: vec![-1.0; reading.units.len()],
            margins: Vec::new(),
        };
        for (place, unit) in reading.comparable() {
            // The points, the reference and the corrections stand before the claims.
            let true_statements = &unit.agreement[..prepared.claims.start];
            let truth = true_statements.iter().copied().fold(0.0, f64::max);
            let statements = prepared.claims.clone();
            for (statement, best) in statements.zip(&mut claims.best) {
                let margin = margin(
                    &prepared.statements[statement],
                    unit,
                    unit.agreement[statement] - truth,
                );
                claims.of_unit[place] = claims.of_unit[place].max(margin);
                if margin > best.0 {
                    *best = (margin, Some(place));
                }
            }
            if !prepared.claims.is_empty() {
                claims.margins.push(claims.of_unit[place]);
            }
        }
        claims.margins.sort_by(f64::total_cmp);
        claims
    }

    /// Whether there is anything to say about mistakes at all.
    pub(crate) fn is_known(&self) -> bool {
        !self.margins.is_empty()
    }

    /// Fills in the signals about mistakes.
    pub(crate) fn measure(
        &self,
        prepared: &Prepared,
        reading: &Reading<'_>,
        signals: &mut AnswerSignals,
    ) {
        let Some(worst) = self.margins.last() else {
            let defaults = &Model::builtin().coefficients.rubric.no_mistakes;
            signals.margin = defaults.margin;
            signals.margin_share = defaults.margin_share;
            signals.false_words = defaults.false_words;
            signals.false_cos = defaults.false_cos;
            signals.worst = defaults.worst;
            return;
        };
        let largest = &self.margins[self.margins.len().saturating_sub(3)..];
        let positive = self.margins.iter().filter(|margin| **margin > 0.0).count();
        signals.margin = largest.iter().sum::<f64>() / largest.len() as f64;
        signals.margin_share = positive as f64 / self.margins.len() as f64;
        signals.false_words = false_words(prepared, reading);
        let direction = reading.whole.pool(&reading.answer.lexicon);
        signals.false_cos = f64::from(dot(&prepared.falsehood.pool, &direction))
            - f64::from(dot(&prepared.truth.pool, &direction));
        signals.worst = *worst;
    }

    pub(crate) fn grade(
        &self,
        reading: &Reading<'_>,
        signals: &AnswerSignals,
    ) -> Vec<MistakeGrade> {
        let coefficients = &Model::builtin().coefficients.rubric;
        let grade = |(margin, unit): &(f64, Option<usize>)| {
            let alone = AnswerSignals { worst: *margin, ..*signals };
            let p = probability(coefficients.mistake.value(&alone, 4.0));
            MistakeGrade {
                p,
                margin: *margin,
                made: p >= coefficients.made && *margin > 0.0,
                evidence: unit.filter(|_| *margin > 0.0).map(|unit| reading.place(unit)),
            }
        };
        self.best.iter().map(grade).collect()
    }
}

/// How much nearer the unit lies to the claim than to the truth. Whoever denies the claim says its
/// words as well, so a reversed claim counts half.
fn margin(claim: &Passage, unit: &Unit, nearer: f64) -> f64 {
    let is_reversed = claim.denies != unit.passage.denies
        || claim.antonyms.reversed_in(unit.passage.antonyms) > 0;
    if nearer > 0.0 && is_reversed { nearer * 0.5 } else { nearer }
}

/// How many of the claims' words the answer uses; those that are also true to say count little.
fn false_words(prepared: &Prepared, reading: &Reading<'_>) -> f64 {
    let falsehood = &prepared.falsehood.passage;
    let true_stems = &prepared.truth.passage.stems;
    let weights = falsehood
        .terms
        .iter()
        .map(|term| if true_stems.contains(term.stem) { term.weight * 0.2 } else { term.weight });
    weighted_recall(falsehood, weights, &reading.reach)
}
