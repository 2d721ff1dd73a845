//! The five words for a score.

/// What a score amounts to, in a word.
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
    /// The band that a score from 0 to 10 lies in; the limits are the wire contract's.
    pub fn of(score: f64) -> Self {
        match score {
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
    fn every_limit_belongs_to_the_band_above() {
        for (score, word) in [
            (0.0, "poor"),
            (2.99, "poor"),
            (3.0, "weak"),
            (5.0, "fair"),
            (7.0, "good"),
            (9.0, "excellent"),
            (10.0, "excellent"),
        ] {
            assert_eq!(Band::of(score).word(), word, "{score}");
        }
    }
}
