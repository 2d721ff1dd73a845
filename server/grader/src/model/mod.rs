//! The fitted model: word vectors and the coefficients of the linear heads, all compiled in.

mod coefficients;
pub(crate) mod features;
mod head;
mod vectors;
mod wordpiece;

pub(crate) use coefficients::{Coefficients, RubricCoefficients};
pub(crate) use vectors::{DIMENSIONS, Vector, dot, normalise};

use serde::de::Error;
use std::sync::OnceLock;
use vectors::TokenVectors;
use wordpiece::{PieceId, Pieces};

/// Everything that was learnt from data.
#[derive(Debug)]
pub(crate) struct Model {
    pieces: Pieces,
    vectors: TokenVectors,
    pub(crate) coefficients: Coefficients,
}

impl Model {
    /// The model that is compiled into this crate, read once.
    pub(crate) fn builtin() -> &'static Self {
        static MODEL: OnceLock<Model> = OnceLock::new();
        MODEL.get_or_init(|| {
            Self::read().unwrap_or_else(|error| {
                unreachable!("the model is compiled in and a test reads it: {error}")
            })
        })
    }

    fn read() -> Result<Self, serde_json::Error> {
        let coefficients: Coefficients =
            serde_json::from_str(include_str!("../../model/model.json"))?;
        if coefficients.format != 2 || coefficients.dim != DIMENSIONS {
            return Err(serde_json::Error::custom("the model file is of another make"));
        }
        Ok(Self {
            pieces: Pieces::new(include_str!("../../model/vocab.txt")),
            vectors: TokenVectors::new(
                include_bytes!("../../model/tokens.i8"),
                include_bytes!("../../model/scales.f32"),
            ),
            coefficients,
        })
    }

    /// The unit vector of a word and how much the word counts.
    pub(crate) fn look_up(&self, word: &str, is_stop: bool) -> (Vector, f64) {
        let pieces = self.pieces.split(word);
        (self.vectors.mean(&pieces), weight(&pieces, is_stop))
    }
}

/// How much a word counts: rare words count most, function words next to nothing.
fn weight(pieces: &[PieceId], is_stop: bool) -> f64 {
    let rarest = pieces.iter().map(|piece| rarity(*piece)).reduce(f64::max).unwrap_or(0.5);
    // A word that the vocabulary does not have whole is rare, whatever its pieces are.
    let weight = if pieces.len() > 1 { rarest.max(0.9) } else { rarest };
    if is_stop { weight * 0.08 } else { weight }
}

/// Near 0 for the commonest words, near 1 for rare ones, by `a / (a + p)` with `p` from Zipf's law.
/// Behind the first two thousand entries the vocabulary is ordered by frequency.
fn rarity(piece: PieceId) -> f64 {
    const A: f64 = 3e-4;
    let rank = f64::from(piece.saturating_sub(1990).max(1));
    A / (A + 1.0 / (rank * 10.5))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compiled_in_model_can_be_read_and_is_whole() {
        let model = Model::read().unwrap();
        assert_eq!(model.vectors.len(), 30_522);
    }

    #[test]
    fn common_words_count_less_than_rare_ones() {
        let weight = |word| Model::builtin().look_up(word, false).1;
        assert!(weight("system") < weight("semaphore"));
        assert!(Model::builtin().look_up("the", true).1 < 0.01);
    }

    #[test]
    fn word_vectors_have_unit_length() {
        for word in ["mutex", "deadlock", "don't", "++"] {
            let vector = Model::builtin().look_up(word, false).0;
            assert!((dot(&vector, &vector) - 1.0).abs() < 1e-5, "{word}");
        }
    }
}
