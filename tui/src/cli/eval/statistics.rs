//! The three figures for comparing graders. Each is `None` if the data does not define it.

/// An answer's two scores, both 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pair {
    /// People's score.
    pub(super) people: f64,
    /// The grader's score.
    pub(super) grader: f64,
}

/// The number of levels for kappa.
const LEVELS: usize = 5;

/// Pearson's correlation coefficient.
pub(super) fn pearson(pairs: &[Pair]) -> Option<f64> {
    let n = pairs.len() as f64;
    let mean = |score: fn(&Pair) -> f64| pairs.iter().map(score).sum::<f64>() / n;
    let (people, grader) = (mean(|pair| pair.people), mean(|pair| pair.grader));
    let (mut together, mut of_people, mut of_grader) = (0.0, 0.0, 0.0);
    for pair in pairs {
        let (x, y) = (pair.people - people, pair.grader - grader);
        together += x * y;
        of_people += x * x;
        of_grader += y * y;
    }
    let spread = (of_people * of_grader).sqrt();
    // If one side does not vary, rounding may leave a spread that is not quite 0.
    (spread > 1e-12).then(|| together / spread)
}

/// The root of the mean squared difference.
pub(super) fn rmse(pairs: &[Pair]) -> Option<f64> {
    let squares = pairs.iter().map(|pair| (pair.people - pair.grader).powi(2));
    (!pairs.is_empty()).then(|| (squares.sum::<f64>() / pairs.len() as f64).sqrt())
}

/// Cohen's kappa with quadratic weights, over five levels of equal width: how much less the two
/// disagree than by chance, given how often each uses each level.
pub(super) fn quadratic_weighted_kappa(pairs: &[Pair]) -> Option<f64> {
    let mut observed = [[0.0; LEVELS]; LEVELS];
    for pair in pairs {
        observed[level(pair.people)][level(pair.grader)] += 1.0;
    }
    let people: [f64; LEVELS] = std::array::from_fn(|i| observed[i].iter().sum());
    let grader: [f64; LEVELS] = std::array::from_fn(|j| observed.iter().map(|row| row[j]).sum());
    let (mut found, mut by_chance) = (0.0, 0.0);
    for i in 0..LEVELS {
        for j in 0..LEVELS {
            let distance = i.abs_diff(j) as f64;
            let weight = distance * distance;
            found += weight * observed[i][j];
            by_chance += weight * people[i] * grader[j] / pairs.len() as f64;
        }
    }
    (by_chance > 0.0).then(|| 1.0 - found / by_chance)
}

/// The level of a score; the maximum score has the highest level.
fn level(score: f64) -> usize {
    // From 0 to LEVELS, because scores are from 0 to 1; a negative one would become 0.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let level = (score * LEVELS as f64) as usize;
    level.min(LEVELS - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(scores: &[(f64, f64)]) -> Vec<Pair> {
        let pair = |(people, grader): &(f64, f64)| Pair { people: *people, grader: *grader };
        scores.iter().map(pair).collect()
    }

    fn near(figure: Option<f64>, expected: f64) -> bool {
        figure.is_some_and(|figure| (figure - expected).abs() < 1e-9)
    }

    #[test]
    fn the_figures_match_the_reference_in_python() {
        // Computed with numpy: corrcoef, the mean of squares, and kappa from its matrices.
        let pairs = pairs(&[
            (0.0, 0.12),
            (0.1, 0.05),
            (0.25, 0.4),
            (0.5, 0.35),
            (0.5, 0.71),
            (0.75, 0.66),
            (0.8, 0.95),
            (1.0, 0.79),
            (1.0, 1.0),
            (0.3, 0.62),
        ]);
        assert!(near(pearson(&pairs), 0.880_000_896_449));
        assert!(near(rmse(&pairs), 0.168_255_757_702));
        assert!(near(quadratic_weighted_kappa(&pairs), 0.815_668_202_765));
    }

    #[test]
    fn full_agreement_gives_perfect_figures() {
        let pairs = pairs(&[(0.0, 0.0), (0.5, 0.5), (1.0, 1.0)]);
        assert!(near(pearson(&pairs), 1.0));
        assert!(near(rmse(&pairs), 0.0));
        assert!(near(quadratic_weighted_kappa(&pairs), 1.0));
    }

    #[test]
    fn a_figure_that_the_data_does_not_define_is_none() {
        assert_eq!(pearson(&[]), None);
        assert_eq!(rmse(&[]), None);
        assert_eq!(quadratic_weighted_kappa(&[]), None);
        let same = pairs(&[(0.3, 0.1), (0.3, 0.9), (0.3, 0.4)]);
        assert_eq!(pearson(&same), None);
        assert_eq!(pearson(&same[..1]), None);
        let one_level = pairs(&[(0.3, 0.31), (0.35, 0.25)]);
        assert_eq!(quadratic_weighted_kappa(&one_level), None);
    }

    #[test]
    fn the_lowest_and_the_highest_score_have_a_level() {
        assert_eq!(level(0.0), 0);
        assert_eq!(level(0.2), 1);
        assert_eq!(level(0.999), 4);
        assert_eq!(level(1.0), 4);
    }
}
