//! One layer of the encoder: each piece attends to every piece that it may read, then is
//! transformed on its own.

use super::{
    functions::{normalise, silu, softmax},
    layout::Layout,
    matrix::{Panels, Rows, multiply},
    weights::{HEAD_WIDTH, HEADS, Linear, Norm, WIDTH},
};
use pulp::Simd;

/// The weights of a layer.
#[derive(Debug)]
pub(super) struct Layer {
    pub(super) qkv: Linear,
    pub(super) out: Linear,
    pub(super) norm1: Norm,
    pub(super) up: Linear,
    pub(super) down: Linear,
    pub(super) norm2: Norm,
}

/// Buffers for intermediate results.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    qkv: Vec<f32>,
    attended: Vec<f32>,
    wide: Vec<f32>,
    added: Vec<f32>,
    shares: Vec<f32>,
}

impl Layer {
    /// Transforms the rows of `x` in place, one row per piece.
    #[inline(always)]
    pub(super) fn apply<S: Simd>(
        &self,
        simd: S,
        layout: &Layout,
        x: &mut [f32],
        buffers: &mut Buffers,
    ) {
        linear(simd, &self.qkv, x, &mut buffers.qkv);
        attend(simd, layout, buffers);
        linear(simd, &self.out, &buffers.attended, &mut buffers.added);
        add(x, &buffers.added, &self.norm1);
        linear(simd, &self.up, x, &mut buffers.wide);
        for value in &mut buffers.wide {
            *value = silu(*value);
        }
        linear(simd, &self.down, &buffers.wide, &mut buffers.added);
        add(x, &buffers.added, &self.norm2);
    }
}

/// The product of consecutive rows with a matrix, plus its bias.
#[inline(always)]
pub(super) fn linear<S: Simd>(simd: S, linear: &Linear, x: &[f32], out: &mut Vec<f32>) {
    let width = linear.panels.width();
    let count = x.len() / linear.panels.depth();
    out.resize(count * width, 0.0);
    let rows = Rows { values: x, stride: linear.panels.depth(), count };
    multiply(simd, rows, &linear.panels, out, width);
    for row in out.chunks_exact_mut(width) {
        for (value, bias) in row.iter_mut().zip(&linear.bias) {
            *value += bias;
        }
    }
}

#[inline(always)]
fn add(x: &mut [f32], added: &[f32], norm: &Norm) {
    for (row, added) in x.chunks_exact_mut(WIDTH).zip(added.chunks_exact(WIDTH)) {
        for (value, added) in row.iter_mut().zip(added) {
            *value += added;
        }
        normalise(row, &norm.weight, &norm.bias);
    }
}

/// For each piece, the mean of all pieces that it may read, weighted by how relevant they are to
/// it.
#[inline(always)]
fn attend<S: Simd>(simd: S, layout: &Layout, buffers: &mut Buffers) {
    let count = layout.pieces.len();
    buffers.attended.resize(count * WIDTH, 0.0);
    let scale = 1.0 / (HEAD_WIDTH as f32).sqrt();
    for head in 0..HEADS {
        let at = head * HEAD_WIDTH;
        let mut keys = Panels::zeros(HEAD_WIDTH, count);
        let mut values = Panels::zeros(count, HEAD_WIDTH);
        for (piece, row) in buffers.qkv.chunks_exact(3 * WIDTH).enumerate() {
            for i in 0..HEAD_WIDTH {
                keys.set(i, piece, row[WIDTH + at + i] * scale);
                values.set(piece, i, row[2 * WIDTH + at + i]);
            }
        }
        let width = keys.width();
        buffers.shares.resize(count * width, 0.0);
        let queries = Rows { values: &buffers.qkv[at..], stride: 3 * WIDTH, count };
        multiply(simd, queries, &keys, &mut buffers.shares, width);
        for (piece, row) in buffers.shares.chunks_exact_mut(width).enumerate() {
            hide(layout, piece, row);
            softmax(&mut row[..count]);
        }
        let shares = Rows { values: &buffers.shares, stride: width, count };
        multiply(simd, shares, &values, &mut buffers.attended[at..], WIDTH);
    }
}

/// A point's pieces do not read those of another point.
#[inline(always)]
fn hide(layout: &Layout, piece: usize, row: &mut [f32]) {
    let all = layout.all_points();
    if !all.contains(&piece) {
        return;
    }
    let own =
        layout.points.iter().find(|point| point.contains(&piece)).cloned().unwrap_or_default();
    row[all.start..own.start].fill(f32::NEG_INFINITY);
    row[own.end..all.end].fill(f32::NEG_INFINITY);
}
