//! Scores: four numbers from 0 to 10.

use super::band::Band;

/// A number from 0 (worst) to 10 (best). Holding one proves the range.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Score(f64);

impl Score {
    /// Creates a score; `None` if the value is outside 0 to 10 or not a number.
    pub fn new(value: f64) -> Option<Self> {
        (0.0..=10.0).contains(&value).then_some(Self(value))
    }

    /// The number.
    pub const fn get(self) -> f64 {
        self.0
    }

    /// The band that it is in.
    pub fn band(self) -> Band {
        Band::of(self.0)
    }
}

/// What a score is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dimension {
    /// Whether what is said is right.
    Correctness,
    /// Whether everything that matters is said.
    Completeness,
    /// Depth: reasons, trade-offs, specifics.
    Quality,
    /// Structure and clarity of the text.
    Communication,
}

impl Dimension {
    /// All four, in the order of the wire contract.
    pub const ALL: [Self; 4] =
        [Self::Correctness, Self::Completeness, Self::Quality, Self::Communication];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Correctness => "correctness",
            Self::Completeness => "completeness",
            Self::Quality => "quality",
            Self::Communication => "communication",
        }
    }
}

/// The four scores of an evaluation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scores {
    /// Whether what is said is right.
    pub correctness: Score,
    /// Whether everything that matters is said.
    pub completeness: Score,
    /// Depth.
    pub quality: Score,
    /// Structure and clarity.
    pub communication: Score,
}

impl Scores {
    /// The score of one dimension.
    pub const fn of(&self, dimension: Dimension) -> Score {
        match dimension {
            Dimension::Correctness => self.correctness,
            Dimension::Completeness => self.completeness,
            Dimension::Quality => self.quality,
            Dimension::Communication => self.communication,
        }
    }

    /// The mean of the four.
    pub fn mean(&self) -> f64 {
        rounded(Dimension::ALL.iter().map(|d| self.of(*d).get()).sum::<f64>() / 4.0)
    }

    /// The mean of each score over several evaluations; `None` without any.
    pub fn average(all: &[Self]) -> Option<Self> {
        let mean = |dimension| {
            let sum: f64 = all.iter().map(|scores| scores.of(dimension).get()).sum();
            // Rounding must not take a mean of tens above ten.
            Score::new(rounded(sum / all.len() as f64).clamp(0.0, 10.0))
        };
        Some(Self {
            correctness: mean(Dimension::Correctness)?,
            completeness: mean(Dimension::Completeness)?,
            quality: mean(Dimension::Quality)?,
            communication: mean(Dimension::Communication)?,
        })
    }
}

/// Rounds a mean to six digits, so that 0.45 does not print as 0.44999999999999996.
pub fn rounded(mean: f64) -> f64 {
    (mean * 1e6).round() / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_is_a_number_from_0_to_10() {
        for bad in [-0.001, 10.001, 42.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(Score::new(bad), None, "{bad}");
        }
        assert!(Score::new(0.0).is_some() && Score::new(10.0).is_some());
    }

    #[test]
    fn without_evaluations_there_is_no_average() {
        assert_eq!(Scores::average(&[]), None);
    }
}
