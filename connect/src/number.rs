//! Numbers as JSON has them.

/// A number, as it was read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Number {
    /// One that may be below zero.
    Signed(i64),
    /// One that may be too large for a signed one.
    Unsigned(u64),
    /// One with a fraction or an exponent, or a very large one.
    Float(f64),
}

impl Number {
    /// Reads a number from a text, which JSON uses for numbers of 64 bits.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if !is_number(text) {
            return None;
        }
        let signed = || text.parse().ok().map(Self::Signed);
        let unsigned = || text.parse().ok().map(Self::Unsigned);
        let float = || text.parse().ok().filter(|float: &f64| float.is_finite()).map(Self::Float);
        signed().or_else(unsigned).or_else(float)
    }

    /// Returns it if it is whole; 2.0 and 1e3 are.
    pub(crate) fn whole(self) -> Option<i128> {
        match self {
            Self::Signed(number) => Some(number.into()),
            Self::Unsigned(number) => Some(number.into()),
            Self::Float(number) => whole(number),
        }
    }

    /// Returns it as a floating-point number.
    pub(crate) fn float(self) -> f64 {
        match self {
            Self::Signed(number) => number as f64,
            Self::Unsigned(number) => number as f64,
            Self::Float(number) => number,
        }
    }
}

/// Whether a text is a number by the grammar of JSON (RFC 8259, 6): Rust reads others, too.
fn is_number(text: &str) -> bool {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (decimal, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((decimal, exponent)) => (decimal, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match decimal.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (decimal, None),
    };
    let exponent = exponent.map(|digits| digits.strip_prefix(['+', '-']).unwrap_or(digits));
    let has_leading_zero = whole.len() > 1 && whole.starts_with('0');
    is_digits(whole)
        && !has_leading_zero
        && fraction.is_none_or(is_digits)
        && exponent.is_none_or(is_digits)
}

fn whole(number: f64) -> Option<i128> {
    /// Above it, no field of the contract can have the number.
    const MOST: f64 = 1.9e19;
    #[expect(clippy::cast_possible_truncation, reason = "a whole number below the limit is exact")]
    (number.fract() == 0.0 && number.abs() < MOST).then_some(number as i128)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_a_number_only_if_json_would_write_it_like_this() {
        assert_eq!(Number::parse("-7"), Some(Number::Signed(-7)));
        assert_eq!(Number::parse("18446744073709551615"), Some(Number::Unsigned(u64::MAX)));
        assert_eq!(Number::parse("0"), Some(Number::Signed(0)));
        assert_eq!(Number::parse("-0.5E+1"), Some(Number::Float(-5.0)));
        assert_eq!(Number::parse("1e3"), Some(Number::Float(1000.0)));
        for other in [
            "", "-", "+1", " 1", "inf", "NaN", "1e999", "0x10", "1_000", "007", "-01", "00", "1.",
            ".5", "1.e3", "1e", "1e+", "1e1.5", "1.2.3", "--1",
        ] {
            assert_eq!(Number::parse(other), None, "{other}");
        }
    }

    #[test]
    fn a_float_without_a_fraction_is_whole() {
        assert_eq!(Number::Float(1e3).whole(), Some(1000));
        assert_eq!(Number::Float(0.5).whole(), None);
        assert_eq!(Number::Float(1e300).whole(), None);
    }
}
