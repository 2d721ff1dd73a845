//! The grader agrees with the people who marked the sample answers.
//!
//! The limits lie a little below what was measured, so that a change which costs agreement is
//! noticed.

use crate::corpora::{assess, interviews, prepare};
use viva_grader::{Assessment, PointState};

/// Every sample answer: its kind, the person's mark, which points it makes, and its assessment.
fn assessed() -> impl Iterator<Item = (&'static str, f64, &'static [bool], Assessment)> {
    interviews().iter().flat_map(|interview| {
        let prepared = prepare(&interview.rubric);
        interview.answers.iter().map(move |answer| {
            let assessment = assess(&prepared, &answer.text);
            (answer.kind.as_str(), answer.score01, answer.covered.as_slice(), assessment)
        })
    })
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

#[test]
fn the_overall_mark_follows_the_marks_of_people() {
    let marks: Vec<_> = assessed().map(|(_, mark, _, found)| (mark, found.overall)).collect();
    assert_eq!(marks.len(), 192);
    let r = correlation(&marks);
    assert!(r >= 0.81, "r {r:.4}");
}

#[test]
fn the_mean_of_the_four_scores_follows_the_marks_of_people_as_well() {
    let marks: Vec<_> =
        assessed().map(|(_, mark, _, found)| (mark, found.dimensions.mean())).collect();
    let r = correlation(&marks);
    assert!(r >= 0.805, "r {r:.4}");
}

#[test]
fn better_kinds_of_answers_get_better_scores() {
    let mean_of = |wanted: &str| {
        let scores: Vec<_> = assessed()
            .filter(|(kind, ..)| *kind == wanted)
            .map(|(.., found)| found.dimensions.mean())
            .collect();
        scores.iter().sum::<f64>() / scores.len() as f64
    };
    let kinds = ["excellent", "solid", "partial", "weak", "evasive", "keywords"];
    let means = kinds.map(mean_of);
    assert!(means.is_sorted_by(|better, worse| better > worse), "{means:?}");
    assert!(means[0] > 7.0 && mean_of("offtopic") < 1.0, "{means:?}");
}

#[test]
fn points_are_found_where_people_find_them() {
    let (mut right, mut found_only, mut people_only) = (0.0, 0.0, 0.0);
    for (_, _, covered, assessment) in assessed() {
        for (point, covered) in assessment.points.iter().zip(covered) {
            match (point.state == PointState::Covered, covered) {
                (true, true) => right += 1.0,
                (true, false) => found_only += 1.0,
                (false, true) => people_only += 1.0,
                (false, false) => {}
            }
        }
    }
    let f1 = 2.0 * right / (2.0 * right + found_only + people_only);
    assert!(f1 >= 0.78, "F1 {f1:.3}");
}

#[test]
fn mistakes_are_flagged_in_wrong_answers_and_seldom_in_others() {
    let share_of = |is_wrong: bool| {
        let answers = assessed().filter(|(kind, ..)| (*kind == "wrong") == is_wrong);
        let flagged: Vec<_> =
            answers.map(|(.., found)| found.grade.mistakes.iter().any(|m| m.made)).collect();
        flagged.iter().filter(|made| **made).count() as f64 / flagged.len() as f64
    };
    assert!(share_of(true) >= 0.4, "{}", share_of(true));
    assert!(share_of(false) <= 0.08, "{}", share_of(false));
}
