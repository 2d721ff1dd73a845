//! The five words for a score.

/// The word for a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Band {
    /// 0 to below 3.
    Poor,
    /// 3 to below 5.
    Weak,
    /// 5 to below 7.
    Fair,
    /// 7 to below 9.
    Good,
    /// 9 to 10.
    Excellent,
}

impl Band {
    /// The band of a score from 0 to 10. The wire contract defines the limits.
    pub fn of(score: f64) -> Self {
        // Rounding in binary may leave a mean slightly below the limit that it is shown as.
        match score + 1e-7 {
            s if s >= 9.0 => Self::Excellent,
            s if s >= 7.0 => Self::Good,
            s if s >= 5.0 => Self::Fair,
            s if s >= 3.0 => Self::Weak,
            _ => Self::Poor,
        }
    }

    /// The word on the wire and on every screen.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Poor => "poor",
            Self::Weak => "weak",
            Self::Fair => "fair",
            Self::Good => "good",
            Self::Excellent => "excellent",
        }
    }

    /// The next better band; none above excellent.
    pub const fn next(self) -> Option<Self> {
        match self {
            Self::Poor => Some(Self::Weak),
            Self::Weak => Some(Self::Fair),
            Self::Fair => Some(Self::Good),
            Self::Good => Some(Self::Excellent),
            Self::Excellent => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_at_a_limit_is_in_the_band_above() {
        for (score, word) in [
            (0.0, "poor"),
            (2.99, "poor"),
            (3.0, "weak"),
            (5.0, "fair"),
            (7.0, "good"),
            (9.0, "excellent"),
            (10.0, "excellent"),
            ((3.0 + 3.3 + 4.6 + 1.1) / 4.0, "weak"),
        ] {
            assert_eq!(Band::of(score).word(), word, "{score}");
        }
    }
}
