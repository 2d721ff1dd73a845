//! What to measure, as given on the command line.

use std::{fmt, str::FromStr};

use crate::operation::Mix;

/// One row of the table, or several.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Run {
    /// Calls: one at a time on each connection, or this many a second.
    Calls { name: String, mix: Mix, rate: Option<f64> },
    /// This many answers, until all are evaluated.
    Evaluations(usize),
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Calls { name, .. } => f.write_str(name),
            Self::Evaluations(count) => write!(f, "evaluations={count}"),
        }
    }
}

impl FromStr for Run {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(count) = text.strip_prefix("evaluations=") {
            let count = count.parse().map_err(|_| format!("{count} is not a number of answers"))?;
            return Ok(Self::Evaluations(count));
        }
        let (mix, rate) = match text.split_once('@') {
            None => (text, None),
            Some((mix, rate)) => {
                let parsed = rate.parse().ok().filter(|rate: &f64| *rate > 0.0 && rate.is_finite());
                (mix, Some(parsed.ok_or_else(|| format!("{rate} is not a rate"))?))
            }
        };
        Ok(Self::Calls { name: text.to_owned(), mix: mix.parse()?, rate })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_written_as_it_is_read() {
        for text in ["list", "mix@300", "list=2,submit=1", "evaluations=1500"] {
            assert_eq!(text.parse::<Run>().unwrap().to_string(), text);
        }
        for text in ["list@0", "list@fast", "list@inf", "evaluations=all"] {
            assert!(text.parse::<Run>().is_err(), "{text}");
        }
    }
}
