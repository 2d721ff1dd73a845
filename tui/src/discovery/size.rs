//! A model's size, according to its name, and how well models of that size do Viva's work.

use std::fmt;

/// The rule for judging sizes, for the user.
pub(crate) const RULE: &str = "a rule of thumb of ours, not a measurement: models below 3B (billion \
                               parameters) are rarely usable, from 7B usable, from 14B good; a \
                               trial evaluation says more";

/// A number of parameters, in millions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Size(u64);

/// How well models of a size can be expected to work, best first. An estimate, which says nothing
/// about a single model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Worth {
    /// It follows instructions and judges soundly.
    Good,
    /// It does the work.
    Usable,
    /// Its name does not give a size.
    Unknown,
    /// It may do the work.
    SometimesUsable,
    /// Its evaluations are mostly unusable.
    RarelyUsable,
}

impl Size {
    /// The size of a model with this many parameters.
    pub(crate) fn of_parameters(count: u64) -> Self {
        Self(count / 1_000_000)
    }

    /// The size in a name: `8b` in `llama3.1:8b`, `8x7B`, `1.5b`, `135m`. Of several sizes it is
    /// the largest: the others are context lengths or active parts.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        let parts = name.split(|c: char| !c.is_ascii_alphanumeric() && c != '.');
        parts.filter_map(millions).max().map(Self)
    }

    /// The size in millions of parameters.
    pub(crate) fn millions(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0, self.0 / 100 % 10) {
            (millions @ ..1000, _) => write!(f, "{millions}M"),
            (millions, 0) => write!(f, "{}B", millions / 1000),
            (millions, tenths) => write!(f, "{}.{tenths}B", millions / 1000),
        }
    }
}

impl Worth {
    /// What to expect of a size.
    pub(crate) fn of(size: Option<Size>) -> Self {
        match size.map(Size::millions) {
            None => Self::Unknown,
            Some(..3_000) => Self::RarelyUsable,
            // Models called 7B have between 6 and 8 billion.
            Some(..6_000) => Self::SometimesUsable,
            // Models called 14B may have 13.
            Some(..13_000) => Self::Usable,
            Some(_) => Self::Good,
        }
    }

    /// The rating in a word or two.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Usable => "usable",
            Self::Unknown => "size not known",
            Self::SometimesUsable => "sometimes usable",
            Self::RarelyUsable => "rarely usable",
        }
    }
}

/// The millions of parameters that a part of a name gives, if it is a size.
fn millions(part: &str) -> Option<u64> {
    // Gemma's `e4b` has four billion effective parameters.
    let part = part.strip_prefix('e').unwrap_or(part);
    let (number, unit) = match (part.strip_suffix('b'), part.strip_suffix('m')) {
        (Some(number), _) => (number, 1000.0),
        (None, Some(number)) => (number, 1.0),
        (None, None) => return None,
    };
    let (experts, number) = number.split_once('x').unwrap_or(("1", number));
    let experts: u32 = experts.parse().ok()?;
    let begins_and_ends = |is: fn(char) -> bool| number.starts_with(is) && number.ends_with(is);
    if !begins_and_ends(|c| c.is_ascii_digit()) {
        return None;
    }
    let number: f64 = number.parse().ok()?;
    let millions = f64::from(experts) * number * unit;
    // No model comes near this; a larger number is not a size.
    (millions < 1e7).then(|| whole(millions))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is bounded, and the digits of a name have no sign"
)]
fn whole(millions: f64) -> u64 {
    millions.round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_from_names() {
        for (name, size) in [
            ("llama3.1:8b", "8B"),
            ("qwen2.5:14b-instruct-q4_K_M", "14B"),
            ("Meta-Llama-3.1-8B-Instruct-Q4_K_M.gguf", "8B"),
            ("models/7B/ggml-model-f16.gguf", "7B"),
            ("deepseek-r1:1.5b", "1.5B"),
            ("mixtral:8x7b", "56B"),
            ("qwen3:30b-a3b", "30B"),
            ("gemma3n:e4b", "4B"),
            ("smollm2:135m", "135M"),
            ("qwen2.5-7b-instruct-1m", "7B"),
            ("openai/gpt-oss-120b", "120B"),
        ] {
            assert_eq!(Size::of_name(name).unwrap().to_string(), size, "{name}");
        }
        for name in ["mistral:latest", "phi-4", "q4_k_m", "4bit", "b", "xb", ".b", "1.b", "", "é漢"]
        {
            assert_eq!(Size::of_name(name), None, "{name}");
        }
        let absurd = format!("{}b", "9".repeat(150));
        assert_eq!(Size::of_name(&absurd), None);
    }

    #[test]
    fn sizes_are_rated_by_the_rule() {
        let worth = |name| Worth::of(Size::of_name(name)).words();
        assert_eq!(worth("a:1.5b"), "rarely usable");
        assert_eq!(worth("a:3b"), "sometimes usable");
        assert_eq!([worth("a:7b"), worth("a:8b"), worth("a:12b")], ["usable"; 3]);
        assert_eq!([worth("a:14b"), worth("a:70b")], ["good"; 2]);
        assert_eq!(worth("a"), "size not known");
    }
}
