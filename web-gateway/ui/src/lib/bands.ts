/** Scores as the screens show them: a number with one decimal and the word for its band. */

/** The bands, worst first. */
export const BANDS = ['poor', 'weak', 'fair', 'good', 'excellent'] as const;

/** One of the five bands. */
export type Band = (typeof BANDS)[number];

/** Where each band but the first begins, in the order of `BANDS`. */
export const BORDERS = [3, 5, 7, 9] as const;

/** The band of a score, with the contract's boundaries. */
export function bandOf(score: number): Band {
  // Binary fractions may leave a mean slightly below the boundary that it is shown as.
  const above = BORDERS.filter((border) => score + 1e-7 >= border).length;
  return BANDS[above] ?? 'poor';
}

/** Brings a score into the range 0 to 10; NaN becomes 0. */
export function clamped(score: number): number {
  return Number.isFinite(score) ? Math.min(10, Math.max(0, score)) : 0;
}

/** A score with one decimal, rounded down, so that "7.0 fair" is never read. */
export function scoreText(score: number): string {
  // The small addend makes up for binary fractions: 7.4 is stored as slightly less.
  return (Math.floor(clamped(score) * 10 + 1e-6) / 10).toFixed(1);
}

/** The four scores of an answer. Older servers omit a score of 0. */
export interface FourScores {
  correctness?: number | undefined;
  completeness?: number | undefined;
  quality?: number | undefined;
  communication?: number | undefined;
}

/** The mean of the four scores. */
export function meanOf(scores: FourScores): number {
  return named(scores).reduce((sum, [, score]) => sum + score, 0) / 4;
}

/** The four scores with their names, in display order. */
export function named(scores: FourScores): [name: string, score: number][] {
  return [
    ['correctness', scores.correctness ?? 0],
    ['completeness', scores.completeness ?? 0],
    ['quality', scores.quality ?? 0],
    ['communication', scores.communication ?? 0],
  ];
}
