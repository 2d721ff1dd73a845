//! Matrix products, using whatever vector instructions the processor has.
//!
//! Each element of a product is one sum, taken in the order of the inner dimension, and vectors run
//! along the columns. So the vector width changes nothing: with and without AVX-512, the results
//! are the same to the last bit. That, build time and size are why this does not use a neural
//! network library: those split their sums by vector width and cache size.

use pulp::Simd;

/// How many columns are processed together.
pub(super) const PANEL: usize = 32;

/// A matrix of `k` rows, stored as panels of [`PANEL`] columns, each with all `k` rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Panels {
    values: Vec<f32>,
    k: usize,
}

impl Panels {
    /// Columns of zeros.
    pub(super) fn zeros(k: usize, columns: usize) -> Self {
        Self { values: vec![0.0; k * columns.next_multiple_of(PANEL)], k }
    }

    /// Sets one value.
    pub(super) fn set(&mut self, row: usize, column: usize, value: f32) {
        self.values[(column / PANEL * self.k + row) * PANEL + column % PANEL] = value;
    }

    /// The number of rows.
    pub(super) fn depth(&self) -> usize {
        self.k
    }

    /// The number of columns, rounded up to whole panels.
    pub(super) fn width(&self) -> usize {
        self.values.len() / self.k.max(1)
    }
}

/// Equally spaced rows in a buffer.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a> {
    pub(super) values: &'a [f32],
    pub(super) stride: usize,
    pub(super) count: usize,
}

/// Writes the product of rows and panels to `out`, whose rows are `stride` apart.
#[inline(always)]
pub(super) fn multiply<S: Simd>(
    simd: S,
    rows: Rows<'_>,
    panels: &Panels,
    out: &mut [f32],
    stride: usize,
) {
    // Computes as many sums at once as there are registers for.
    match PANEL / S::F32_LANES {
        2 => tiles::<S, 2, 8>(simd, rows, panels, out, stride),
        4 => tiles::<S, 2, 6>(simd, rows, panels, out, stride),
        8 => tiles::<S, 4, 2>(simd, rows, panels, out, stride),
        _ => tiles::<S, 8, 1>(simd, rows, panels, out, stride),
    }
}

/// Tiles of `M` rows by `V` vectors of columns.
#[inline(always)]
fn tiles<S: Simd, const V: usize, const M: usize>(
    simd: S,
    rows: Rows<'_>,
    panels: &Panels,
    out: &mut [f32],
    stride: usize,
) {
    let step = V * S::F32_LANES;
    for (at, panel) in panels.values.chunks_exact(panels.k * PANEL).enumerate() {
        for first in (0..PANEL).step_by(step) {
            let column = at * PANEL + first;
            let mut row = 0;
            while row + M <= rows.count {
                tile::<S, V, M>(simd, rows, row, panel, first, &mut out[column..], stride);
                row += M;
            }
            while row < rows.count {
                tile::<S, V, 1>(simd, rows, row, panel, first, &mut out[column..], stride);
                row += 1;
            }
        }
    }
}

#[inline(always)]
fn tile<S: Simd, const V: usize, const M: usize>(
    simd: S,
    rows: Rows<'_>,
    row: usize,
    panel: &[f32],
    first: usize,
    out: &mut [f32],
    stride: usize,
) {
    let k = panel.len() / PANEL;
    let left: [&[f32]; M] =
        std::array::from_fn(|m| &rows.values[(row + m) * rows.stride..(row + m) * rows.stride + k]);
    let mut sums = [[simd.splat_f32s(0.0); V]; M];
    for (i, line) in panel.chunks_exact(PANEL).enumerate() {
        let (line, _) = S::as_simd_f32s(&line[first..first + V * S::F32_LANES]);
        for m in 0..M {
            let factor = simd.splat_f32s(left[m][i]);
            for v in 0..V {
                sums[m][v] = simd.mul_add_e_f32s(factor, line[v], sums[m][v]);
            }
        }
    }
    for (m, sums) in sums.iter().enumerate() {
        let place = (row + m) * stride;
        let (place, _) = S::as_mut_simd_f32s(&mut out[place..place + V * S::F32_LANES]);
        place.copy_from_slice(sums);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pulp::{Arch, WithSimd};

    struct Product<'a>(Rows<'a>, &'a Panels, &'a mut [f32], usize);

    impl WithSimd for Product<'_> {
        type Output = ();
        fn with_simd<S: Simd>(self, simd: S) {
            multiply(simd, self.0, self.1, self.2, self.3);
        }
    }

    #[test]
    fn a_product_is_the_sum_over_the_inner_dimension() {
        let (count, k, columns) = (11, 5, 40);
        let left: Vec<f32> = (0..count * k).map(|i| (i % 7) as f32 - 3.0).collect();
        let mut panels = Panels::zeros(k, columns);
        for row in 0..k {
            for column in 0..columns {
                panels.set(row, column, (row * columns + column) as f32 % 5.0 - 2.0);
            }
        }
        let mut out = vec![9.0; count * panels.width()];
        let rows = Rows { values: &left, stride: k, count };
        Arch::new().dispatch(Product(rows, &panels, &mut out, panels.width()));
        for row in 0..count {
            for column in 0..columns {
                let sum: f32 = (0..k)
                    .map(|i| left[row * k + i] * ((i * columns + column) as f32 % 5.0 - 2.0))
                    .sum();
                assert_eq!(out[row * panels.width() + column].to_bits(), sum.to_bits());
            }
        }
    }
}
