//! Word vectors: 64 bytes and a scale for every entry of the vocabulary.

use super::wordpiece::PieceId;

/// The length of a word vector.
pub(crate) const DIMENSIONS: usize = 64;

/// A direction in the space of meanings.
pub(crate) type Vector = [f32; DIMENSIONS];

/// One row of signed bytes and one little-endian scale for every vocabulary entry.
#[derive(Debug)]
pub(crate) struct TokenVectors {
    rows: &'static [[u8; DIMENSIONS]],
    scales: &'static [[u8; 4]],
}

impl TokenVectors {
    pub(crate) fn new(rows: &'static [u8], scales: &'static [u8]) -> Self {
        Self { rows: rows.as_chunks().0, scales: scales.as_chunks().0 }
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.rows.len().min(self.scales.len())
    }

    /// The mean of the pieces' vectors, scaled to unit length.
    pub(crate) fn mean(&self, pieces: &[PieceId]) -> Vector {
        let mut sum = [0.0; DIMENSIONS];
        for piece in pieces.iter().map(|piece| *piece as usize) {
            let scale = f32::from_le_bytes(self.scales[piece]);
            for (total, byte) in sum.iter_mut().zip(self.rows[piece]) {
                *total += f32::from(byte.cast_signed()) * scale;
            }
        }
        normalise(sum)
    }
}

/// The vector scaled to unit length; a zero vector stays as it is.
pub(crate) fn normalise(vector: Vector) -> Vector {
    let length = dot(&vector, &vector).sqrt();
    if length > 0.0 { vector.map(|value| value / length) } else { vector }
}

/// The inner product, summed in sixteen lanes so that the compiler can use vector instructions.
pub(crate) fn dot(a: &Vector, b: &Vector) -> f32 {
    let mut lanes = [0.0_f32; 16];
    for (a, b) in a.as_chunks::<16>().0.iter().zip(b.as_chunks::<16>().0) {
        for lane in 0..16 {
            lanes[lane] += a[lane] * b[lane];
        }
    }
    lanes.iter().sum()
}
