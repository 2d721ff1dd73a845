//! The encoder's weights: one file, compiled in, with 8 bits per weight and a scale for each row.
//!
//! `training/export.py` writes it in the safetensors format. A matrix `NAME` is stored as `NAME.q`, rows
//! of signed bytes, and `NAME.scale`; everything else as 32-bit floats.

use super::{layers::Layer, matrix::Panels};
use safetensors::SafeTensors;
use std::collections::HashSet;

static FILE: &[u8] = include_bytes!("../../model/judge.safetensors");

/// The width of a piece's vector.
pub(super) const WIDTH: usize = 384;
/// The number of attention heads, and the width of each.
pub(super) const HEADS: usize = 12;
pub(super) const HEAD_WIDTH: usize = WIDTH / HEADS;
const LAYERS: usize = 6;
/// The width in which a point and a sentence are compared.
pub(super) const PAIR_WIDTH: usize = 192;

/// Why the file cannot be used.
#[derive(Debug)]
pub(super) struct Unreadable(String);

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A matrix and its bias, which is added to the product.
#[derive(Debug)]
pub(super) struct Linear {
    pub(super) panels: Panels,
    pub(super) bias: Vec<f32>,
}

/// A small matrix by its rows.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) rows: Vec<Vec<f32>>,
    pub(super) bias: Vec<f32>,
}

/// Scale and shift of a normalised row.
#[derive(Debug)]
pub(super) struct Norm {
    pub(super) weight: Vec<f32>,
    pub(super) bias: Vec<f32>,
}

/// Everything that was learnt in training.
#[derive(Debug)]
pub(super) struct Weights {
    /// The checksums of the points in the training data.
    pub(super) known: HashSet<u64>,
    words: Rows,
    positions: Vec<f32>,
    roles: Vec<f32>,
    pub(super) norm: Norm,
    pub(super) layers: Vec<Layer>,
    pub(super) point_head: Head,
    pub(super) pair_point: Linear,
    pub(super) pair_sentence: Linear,
    pub(super) pair_head: Head,
    pub(super) sentence_head: Head,
    pub(super) whole_head: Head,
}

/// Rows that stay in 8 bits, since only a few of them are ever looked up.
#[derive(Debug)]
struct Rows {
    bytes: &'static [u8],
    scales: Vec<f32>,
}

impl Weights {
    pub(super) fn read() -> Result<Self, Unreadable> {
        let file = File(SafeTensors::deserialize(FILE).map_err(|e| Unreadable(e.to_string()))?);
        let layer = |i: usize| -> Result<Layer, Unreadable> {
            let of = |part: &str| format!("layers.{i}.{part}");
            Ok(Layer {
                qkv: file.linear(&of("qkv"))?,
                out: file.linear(&of("out"))?,
                norm1: file.norm(&of("norm1"))?,
                up: file.linear(&of("up"))?,
                down: file.linear(&of("down"))?,
                norm2: file.norm(&of("norm2"))?,
            })
        };
        Ok(Self {
            known: known()?,
            words: Rows { bytes: file.bytes("words.q")?, scales: file.floats("words.scale")? },
            positions: file.floats("positions")?,
            roles: file.floats("roles")?,
            norm: file.norm("norm")?,
            layers: (0..LAYERS).map(layer).collect::<Result<_, _>>()?,
            point_head: file.head("point_head")?,
            pair_point: file.linear("pair_point")?,
            pair_sentence: file.linear("pair_sentence")?,
            pair_head: file.head("pair_head")?,
            sentence_head: file.head("sentence_head")?,
            whole_head: file.head("whole_head")?,
        })
    }

    /// Adds up the embeddings of a piece, its position and its role.
    #[inline(always)]
    pub(super) fn embed(&self, piece: super::layout::Piece, row: &mut [f32]) {
        let word = &self.words.bytes[piece.id as usize * WIDTH..][..WIDTH];
        let scale = self.words.scales[piece.id as usize];
        let position = &self.positions[piece.position * WIDTH..][..WIDTH];
        let role = &self.roles[piece.role * WIDTH..][..WIDTH];
        for (i, x) in row.iter_mut().enumerate() {
            *x = f32::from(word[i].cast_signed()) * scale + position[i] + role[i];
        }
    }
}

/// The points' checksums are in the file's metadata, in hexadecimal.
fn known() -> Result<HashSet<u64>, Unreadable> {
    let (_, header) = SafeTensors::read_metadata(FILE).map_err(|e| Unreadable(e.to_string()))?;
    let listed = header.metadata().as_ref().and_then(|known| known.get("points"));
    let listed = listed.ok_or_else(|| Unreadable("no list of points".to_owned()))?;
    let number = |hex| u64::from_str_radix(hex, 16).map_err(|e| Unreadable(format!("{hex}: {e}")));
    listed.split(' ').map(number).collect()
}

/// Identifies a point's wording: FNV-1a over its letters and digits in lower case, so that
/// punctuation and spaces do not matter. training/export.py does the same in Python.
pub(super) fn checksum(point: &str) -> u64 {
    let letters = point.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
    let mut sum = 0xcbf2_9ce4_8422_2325_u64;
    for byte in letters.collect::<String>().bytes() {
        sum = (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    sum
}

struct File(SafeTensors<'static>);

impl File {
    fn bytes(&self, name: &str) -> Result<&'static [u8], Unreadable> {
        let tensor = self.0.tensor(name).map_err(|e| Unreadable(format!("{name}: {e}")))?;
        Ok(tensor.data())
    }

    fn floats(&self, name: &str) -> Result<Vec<f32>, Unreadable> {
        let (floats, _) = self.bytes(name)?.as_chunks::<4>();
        Ok(floats.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect())
    }

    fn norm(&self, name: &str) -> Result<Norm, Unreadable> {
        Ok(Norm {
            weight: self.floats(&format!("{name}.weight"))?,
            bias: self.floats(&format!("{name}.bias"))?,
        })
    }

    /// Rows of a matrix: one for each output.
    fn rows(&self, name: &str) -> Result<Vec<Vec<f32>>, Unreadable> {
        let scales = self.floats(&format!("{name}.scale"))?;
        let bytes = self.bytes(&format!("{name}.q"))?;
        let width = bytes.len() / scales.len().max(1);
        let row = |(bytes, scale): (&[u8], &f32)| -> Vec<f32> {
            bytes.iter().map(|byte| f32::from(byte.cast_signed()) * scale).collect()
        };
        Ok(bytes.chunks_exact(width).zip(&scales).map(row).collect())
    }

    fn head(&self, name: &str) -> Result<Head, Unreadable> {
        Ok(Head { rows: self.rows(name)?, bias: self.floats(&format!("{name}.bias"))? })
    }

    fn linear(&self, name: &str) -> Result<Linear, Unreadable> {
        let rows = self.rows(name)?;
        let mut panels = Panels::zeros(rows.first().map_or(0, Vec::len), rows.len());
        for (column, row) in rows.iter().enumerate() {
            for (k, value) in row.iter().enumerate() {
                panels.set(k, column, *value);
            }
        }
        Ok(Linear { panels, bias: self.floats(&format!("{name}.bias"))? })
    }
}
