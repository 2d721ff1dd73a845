//! The grader's marks within each band of people's marks: overall agreement hides these.

use serde::Serialize;

use super::{
    marks::Marked,
    statistics::{self, Pair},
};

/// The limits of people's bands; the last band includes its upper limit.
const CUTS: [f64; 6] = [0.0, 0.15, 0.35, 0.6, 0.85, 1.0];

/// The grader's marks of the answers that people put into one band.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Band {
    /// People's marks, 0 to 1.
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) n: usize,
    pub(super) people: f64,
    pub(super) grader: f64,
    pub(super) least: f64,
    pub(super) most: f64,
    pub(super) r: Option<f64>,
}

impl Band {
    /// The bands that contain answers.
    pub(super) fn all_of(marked: &[Marked]) -> Vec<Self> {
        let last = CUTS.len() - 2;
        let bands = (0..=last).map(|at| {
            let (from, to) = (CUTS[at], CUTS[at + 1]);
            let inside = |m: &&Marked| m.people >= from && (m.people < to || at == last);
            Self::of(from, to, &marked.iter().filter(inside).collect::<Vec<_>>())
        });
        bands.flatten().collect()
    }

    fn of(from: f64, to: f64, inside: &[&Marked]) -> Option<Self> {
        let pairs: Vec<Pair> =
            inside.iter().map(|m| Pair { people: m.people, grader: m.grader }).collect();
        let mean = |of: fn(&Pair) -> f64| pairs.iter().map(of).sum::<f64>() / pairs.len() as f64;
        let marks = || pairs.iter().map(|pair| pair.grader);
        (!pairs.is_empty()).then(|| Self {
            from,
            to,
            n: pairs.len(),
            people: mean(|pair| pair.people),
            grader: mean(|pair| pair.grader),
            least: marks().fold(1.0, f64::min),
            most: marks().fold(0.0, f64::max),
            r: statistics::pearson(&pairs),
        })
    }
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
            points: vec![],
            range: None,
            is_fluent_falsehood: None,
        }
    }

    #[test]
    fn each_answer_is_in_one_band_and_empty_bands_are_omitted() {
        let all = [marked(0.0, 0.1), marked(0.15, 0.2), marked(0.3, 0.4), marked(1.0, 0.9)];
        let bands = Band::all_of(&all);
        let spans: Vec<_> = bands.iter().map(|band| (band.from, band.to, band.n)).collect();
        assert_eq!(spans, [(0.0, 0.15, 1), (0.15, 0.35, 2), (0.85, 1.0, 1)]);
        let second = &bands[1];
        assert!((second.people - 0.225).abs() < 1e-9 && (second.grader - 0.3).abs() < 1e-9);
        assert!((second.least - 0.2).abs() < 1e-9 && (second.most - 0.4).abs() < 1e-9);
        assert!((second.r.unwrap() - 1.0).abs() < 1e-9);
        assert_eq!(bands[0].r, None);
    }
}
