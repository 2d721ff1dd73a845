//! Functions of single numbers and rows, built from operations that give the same result on every
//! processor: no library `exp`, which may differ between systems, and sums in sixteen fixed lanes.

/// e to the power of x, to seven digits; 0 below -87.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "it is a whole number of three digits")]
pub(super) fn exp(x: f32) -> f32 {
    // Adding and subtracting this rounds to whole numbers.
    const ROUND: f32 = 12_582_912.0;
    let x = x.clamp(-87.0, 88.0);
    let whole = x * std::f32::consts::LOG2_E + ROUND - ROUND;
    // ln 2 in two parts, so that the subtraction loses no precision.
    let rest = x - whole * 0.693_359_4 + whole * 2.121_944_4e-4;
    let mut sum = 1.987_569_1e-4;
    for c in [1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5] {
        sum = sum * rest + c;
    }
    let power = f32::from_bits(((whole as i32 + 127) << 23).cast_unsigned());
    (sum * rest * rest + rest + 1.0) * power
}

/// The probability for these log-odds.
#[inline(always)]
pub(super) fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// x times the logistic function of x.
#[inline(always)]
pub(super) fn silu(x: f32) -> f32 {
    x / (1.0 + exp(-x))
}

/// The sum of a row.
#[inline(always)]
pub(super) fn sum(row: &[f32]) -> f32 {
    sum_of(row, |x| x)
}

#[inline(always)]
fn sum_of(row: &[f32], of: impl Fn(f32) -> f32) -> f32 {
    let mut lanes = [0.0_f32; 16];
    let (chunks, rest) = row.as_chunks::<16>();
    for chunk in chunks {
        for lane in 0..16 {
            lanes[lane] += of(chunk[lane]);
        }
    }
    for (lane, x) in lanes.iter_mut().zip(rest) {
        *lane += of(*x);
    }
    let mut total = 0.0;
    for lane in lanes {
        total += lane;
    }
    total
}

/// The inner product of two rows of the same length.
#[inline(always)]
pub(super) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; 16];
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<16>(), b.as_chunks::<16>());
    for (a, b) in a.iter().zip(b) {
        for lane in 0..16 {
            lanes[lane] += a[lane] * b[lane];
        }
    }
    for ((lane, a), b) in lanes.iter_mut().zip(a_rest).zip(b_rest) {
        *lane += a * b;
    }
    let mut total = 0.0;
    for lane in lanes {
        total += lane;
    }
    total
}

/// Normalises a row to mean 0 and standard deviation 1, then applies weight and bias.
#[inline(always)]
pub(super) fn normalise(row: &mut [f32], weight: &[f32], bias: &[f32]) {
    let count = row.len() as f32;
    let mean = sum(row) / count;
    let variance = sum_of(row, |x| (x - mean) * (x - mean)) / count;
    let scale = 1.0 / (variance + 1e-12).sqrt();
    for ((x, weight), bias) in row.iter_mut().zip(weight).zip(bias) {
        *x = (*x - mean) * scale * weight + bias;
    }
}

/// Turns a row into shares that sum to 1 (softmax).
#[inline(always)]
pub(super) fn softmax(row: &mut [f32]) {
    let highest = row.iter().fold(f32::NEG_INFINITY, |a, b| if *b > a { *b } else { a });
    for x in row.iter_mut() {
        *x = exp(*x - highest);
    }
    let share = 1.0 / sum(row);
    for x in row.iter_mut() {
        *x *= share;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_agrees_with_the_library_to_six_digits() {
        for i in -860..880 {
            let x = i as f32 / 10.0;
            let (ours, theirs) = (f64::from(exp(x)), f64::from(x).exp());
            assert!((ours / theirs - 1.0).abs() < 2e-6, "{x}: {ours} {theirs}");
        }
        assert!(exp(-1000.0) < 1e-37);
    }

    #[test]
    fn shares_sum_to_one_and_keep_their_order() {
        let mut row = [1.0, 3.0, 2.0, -50.0];
        softmax(&mut row);
        assert!((sum(&row) - 1.0).abs() < 1e-6);
        assert!(row[1] > row[2] && row[2] > row[0] && row[3] < 1e-20);
    }

    #[test]
    fn a_normalised_row_has_mean_zero_and_deviation_one() {
        let mut row: Vec<f32> = (0..37).map(|i| (i * i) as f32).collect();
        normalise(&mut row, &[1.0; 37], &[0.0; 37]);
        assert!(sum(&row).abs() < 1e-4);
        assert!((dot(&row, &row) / 37.0 - 1.0).abs() < 1e-4);
    }
}
