//! The grader agrees with readers. docs/grader.md says how the figures were measured and what they
//! were; the limits here are slightly lower.

use crate::corpora::{MarkedAnswer, assess, interviews, lines, prepare};
use serde::Deserialize;
use std::{collections::HashMap, sync::OnceLock};
use viva_grader::{Assessment, Rubric};

/// An answer to a question of the bank, marked by two readers.
#[derive(Deserialize)]
struct BankAnswer {
    question_id: String,
    answer: String,
    overall: [f64; 2],
    points: Vec<Vec<f64>>,
    #[serde(rename = "false")]
    falsehoods: Vec<serde_json::Value>,
}

impl BankAnswer {
    fn mark(&self) -> f64 {
        self.overall.iter().sum::<f64>() / 2.0
    }

    /// Whether it is long, fluent and wrong.
    fn is_fluent_falsehood(&self) -> bool {
        let words = self.answer.split_whitespace().count();
        !self.falsehoods.is_empty() && self.mark() <= 0.2 && words >= 60
    }
}

/// All answers to the bank, assessed. Nothing was fitted to them.
fn bank() -> &'static [(BankAnswer, Assessment)] {
    static BANK: OnceLock<Vec<(BankAnswer, Assessment)>> = OnceLock::new();
    BANK.get_or_init(assessed)
}

fn assessed() -> Vec<(BankAnswer, Assessment)> {
    let rubrics: HashMap<String, Rubric> =
        serde_json::from_str(include_str!("../corpora/bank-answers-rubrics.json")).unwrap();
    let rows: Vec<BankAnswer> = lines(include_str!("../corpora/bank-answers.jsonl"));
    rows.into_iter()
        .map(|row| {
            let found = assess(&prepare(&rubrics[&row.question_id]), &row.answer);
            (row, found)
        })
        .collect()
}

fn machine(found: &Assessment) -> f64 {
    if found.refusal.is_some() { 0.0 } else { found.dimensions.mean() / 10.0 }
}

/// Pearson's correlation coefficient.
fn correlation(pairs: &[(f64, f64)]) -> f64 {
    let n = pairs.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / n;
    let (mean_x, mean_y) = (mean(|pair| pair.0), mean(|pair| pair.1));
    let centred = || pairs.iter().map(move |(x, y)| (x - mean_x, y - mean_y));
    let covariance: f64 = centred().map(|(x, y)| x * y).sum();
    let spread_x: f64 = centred().map(|(x, _)| x * x).sum();
    let spread_y: f64 = centred().map(|(_, y)| y * y).sum();
    covariance / (spread_x * spread_y).sqrt()
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let values: Vec<f64> = values.collect();
    values.iter().sum::<f64>() / values.len() as f64
}

/// F1 of the points found, where a point counts from half made.
fn f1(pairs: impl Iterator<Item = (bool, bool)>) -> f64 {
    let (mut right, mut all) = (0.0, 0.0);
    for (found, made) in pairs {
        right += f64::from(u8::from(found && made));
        all += f64::from(u8::from(found)) + f64::from(u8::from(made));
    }
    2.0 * right / all
}

#[test]
fn scores_of_answers_to_the_bank_follow_those_of_readers() {
    let bank = bank();
    assert_eq!(bank.len(), 147);
    let marks: Vec<_> = bank.iter().map(|(row, found)| (row.mark(), machine(found))).collect();
    let r = correlation(&marks);
    assert!(r >= 0.89, "r {r:.3}");
    let rmse = mean(marks.iter().map(|(a, b)| (a - b) * (a - b))).sqrt();
    assert!(rmse <= 0.17, "RMSE {rmse:.3}");
    let points = bank.iter().flat_map(|(row, found)| {
        let made = row.points.iter().map(|marks| marks.iter().sum::<f64>() >= 1.0);
        found.points.iter().map(viva_grader::PointGrade::is_counted).zip(made)
    });
    let f1 = f1(points);
    assert!(f1 >= 0.85, "F1 {f1:.3}");
}

#[test]
fn fluent_falsehoods_score_low_and_excellent_answers_high() {
    let bank = bank();
    let fluent =
        || bank.iter().filter(|(row, _)| row.is_fluent_falsehood()).map(|(_, f)| machine(f));
    let most = fluent().fold(0.0, f64::max);
    assert!(mean(fluent()) <= 0.17 && most <= 0.72, "{:.3} {most:.3}", mean(fluent()));
    let best = || bank.iter().filter(|(row, _)| row.mark() >= 0.85).map(|(_, f)| machine(f));
    let least = best().fold(1.0, f64::min);
    assert!(mean(best()) >= 0.82 && least >= 0.15, "{:.3} {least:.3}", mean(best()));
}

#[test]
fn rubrics_that_it_was_not_trained_on_are_graded_as_well() {
    let mut marks = Vec::new();
    let mut points = Vec::new();
    for interview in interviews() {
        let prepared = prepare(&interview.rubric);
        for MarkedAnswer { text, score01, covered, .. } in &interview.answers {
            let found = assess(&prepared, text);
            marks.push((*score01, machine(&found)));
            let counted = found.points.iter().map(viva_grader::PointGrade::is_counted);
            points.extend(counted.zip(covered.iter().copied()));
        }
    }
    assert_eq!(marks.len(), 192);
    let r = correlation(&marks);
    assert!(r >= 0.8, "r {r:.3}");
    let f1 = f1(points.into_iter());
    assert!(f1 >= 0.8, "F1 {f1:.3}");
}

#[test]
fn every_range_holds_its_own_mark() {
    for (_, found) in bank() {
        let mark = found.dimensions.mean() / 10.0;
        assert!(found.range.start <= mark && mark <= found.range.end, "{found:?}");
    }
}
