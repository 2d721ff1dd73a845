//! The figures of a data set. Each is `None` if the data does not define it.

use serde::Serialize;

use super::{
    bands::Band,
    marks::Marked,
    statistics::{self, Pair},
};

/// Two answers to one question are a pair if people's marks differ by at least this much.
const APART: f64 = 0.15;

/// How far the grader agrees with people.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Figures {
    pub(super) n: usize,
    pub(super) r: Option<f64>,
    pub(super) rmse: Option<f64>,
    pub(super) qwk: Option<f64>,
    /// The share of pairs that the grader puts in people's order.
    pub(super) pairs: Option<f64>,
    /// r among the answers that people put between .15 and .85.
    pub(super) middle_r: Option<f64>,
    /// F1 of the key points found.
    pub(super) points_f1: Option<f64>,
    /// The grader's marks of fluent falsehoods: mean and maximum.
    pub(super) fluent_falsehoods: Option<[f64; 2]>,
    /// The grader's marks of answers that people give .85 or more: mean and minimum.
    pub(super) excellent: Option<[f64; 2]>,
    /// Answers that the grader declined to judge, and how many of them people give .35 or more.
    pub(super) refused: [usize; 2],
    /// The share of ranges that contain people's mark, and half their mean width (0 to 10).
    pub(super) ranges: Option<[f64; 2]>,
    /// The figures by band of people's marks.
    pub(super) bands: Vec<Band>,
}

impl Figures {
    pub(super) fn of(marked: &[Marked]) -> Self {
        let pair = |m: &Marked| Pair { people: m.people, grader: m.grader };
        let pairs: Vec<Pair> = marked.iter().map(pair).collect();
        let between = |p: &&Pair| (0.15..=0.85).contains(&p.people);
        let middle: Vec<Pair> = pairs.iter().filter(between).copied().collect();
        let marks = |of: &dyn Fn(&Marked) -> bool| -> Vec<f64> {
            marked.iter().filter(|m| of(m)).map(|m| m.grader).collect()
        };
        let fluent = marks(&|m| m.is_fluent_falsehood == Some(true));
        let excellent = marks(&|m| m.people >= 0.85);
        let refused: Vec<&Marked> = marked.iter().filter(|m| m.is_refused).collect();
        Self {
            n: marked.len(),
            r: statistics::pearson(&pairs),
            rmse: statistics::rmse(&pairs),
            qwk: statistics::quadratic_weighted_kappa(&pairs),
            pairs: in_order(marked),
            middle_r: statistics::pearson(&middle),
            points_f1: f1(marked),
            fluent_falsehoods: mean(&fluent)
                .map(|m| [m, fluent.iter().copied().fold(0.0, f64::max)]),
            excellent: mean(&excellent).map(|m| [m, excellent.iter().copied().fold(1.0, f64::min)]),
            refused: [refused.len(), refused.iter().filter(|m| m.people >= 0.35).count()],
            ranges: ranges(marked),
            bands: Band::all_of(marked),
        }
    }
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

fn in_order(marked: &[Marked]) -> Option<f64> {
    let (mut all, mut right) = (0_u32, 0_u32);
    for (at, one) in marked.iter().enumerate() {
        for other in marked[at + 1..].iter().filter(|other| other.question == one.question) {
            let apart = one.people - other.people;
            if apart.abs() >= APART {
                all += 1;
                right += u32::from((one.grader - other.grader) * apart > 0.0);
            }
        }
    }
    (all > 0).then(|| f64::from(right) / f64::from(all))
}

fn f1(marked: &[Marked]) -> Option<f64> {
    let (mut both, mut all) = (0_u32, 0_u32);
    for (found, made) in marked.iter().flat_map(|m| &m.points) {
        both += u32::from(*found && *made);
        all += u32::from(*found) + u32::from(*made);
    }
    (all > 0).then(|| 2.0 * f64::from(both) / f64::from(all))
}

fn ranges(marked: &[Marked]) -> Option<[f64; 2]> {
    let with: Vec<_> = marked.iter().filter_map(|m| Some((m.people, m.range?))).collect();
    let holds: Vec<f64> = with
        .iter()
        .map(|(people, (low, high))| f64::from(u8::from((*low..=*high).contains(people))))
        .collect();
    let widths: Vec<f64> = with.iter().map(|(_, (low, high))| 5.0 * (high - low)).collect();
    Some([mean(&holds)?, mean(&widths)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(people: f64, grader: f64) -> Marked {
        Marked {
            question: "Why?".into(),
            people,
            grader,
            is_refused: false,
            points: vec![(grader > 0.5, people > 0.5)],
            range: Some((grader - 0.1, grader + 0.1)),
            is_fluent_falsehood: Some(people < 0.1),
        }
    }

    #[test]
    fn every_figure_is_computed_as_its_name_says() {
        let all = [marked(0.0, 0.3), marked(0.4, 0.2), marked(0.6, 0.7), marked(1.0, 0.9)];
        let figures = Figures::of(&all);
        assert_eq!(figures.n, 4);
        // Of six pairs far enough apart, one is in the wrong order.
        assert!((figures.pairs.unwrap() - 5.0 / 6.0).abs() < 1e-9);
        assert_eq!(figures.points_f1, Some(1.0));
        assert_eq!(figures.fluent_falsehoods, Some([0.3, 0.3]));
        assert_eq!(figures.excellent, Some([0.9, 0.9]));
        assert_eq!(figures.refused, [0, 0]);
        let [holds, half] = figures.ranges.unwrap();
        assert!((holds - 0.5).abs() < 1e-9 && (half - 1.0).abs() < 1e-9, "{holds} {half}");
    }

    #[test]
    fn without_answers_there_are_no_figures() {
        let figures = Figures::of(&[]);
        assert_eq!((figures.pairs, figures.points_f1, figures.ranges), (None, None, None));
        assert_eq!((figures.fluent_falsehoods, figures.excellent), (None, None));
    }
}
