//! Blocks of untrusted text in a prompt, between lines that no outsider can guess.
//!
//! Anything written by people or taken from earlier replies goes into the user message between two
//! lines with a boundary of 128 random bits, new for each call. The system message names the
//! boundary and says that nothing between the lines is an instruction.

/// A boundary that occurs in none of the texts it will enclose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Boundary(String);

impl Boundary {
    /// Creates a boundary; `texts` are what it will enclose.
    pub fn new(texts: &[&str]) -> Self {
        loop {
            let boundary = format!("{:032x}", rand::random::<u128>());
            if texts.iter().all(|text| !text.contains(&boundary)) {
                return Self(boundary);
            }
        }
    }

    /// The text as a block with this name.
    pub fn block(&self, name: &str, text: &str) -> String {
        let Self(boundary) = self;
        format!("<<<BEGIN {name} {boundary}>>>\n{text}\n<<<END {name} {boundary}>>>\n")
    }

    /// The boundary itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_boundary_is_different_and_too_long_to_guess() {
        let (one, two) = (Boundary::new(&[]), Boundary::new(&[]));
        assert_ne!(one, two);
        assert_eq!(one.as_str().len(), 32);
        assert!(one.as_str().bytes().all(|b| b.is_ascii_hexdigit()));
    }

    #[test]
    fn a_block_is_between_its_two_lines() {
        let boundary = Boundary("b".repeat(32));
        let block = boundary.block("ANSWER", "one\ntwo");
        let line = |word: &str| format!("<<<{word} ANSWER {}>>>", "b".repeat(32));
        assert_eq!(block, format!("{}\none\ntwo\n{}\n", line("BEGIN"), line("END")));
    }
}
