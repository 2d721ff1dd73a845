/** Scores as the screens say them: a number with one decimal and the word of its band. */

/** The bands, worst first. */
export const BANDS = ['poor', 'weak', 'fair', 'good', 'excellent'] as const;

/** One of the five bands. */
export type Band = (typeof BANDS)[number];

/** Where each band but the first begins, in the order of `BANDS`. */
export const BORDERS = [3, 5, 7, 9] as const;

/** The band that a score lies in, as the contract draws the lines. */
export function bandOf(score: number): Band {
  const above = BORDERS.filter((border) => score >= border).length;
  return BANDS[above] ?? 'poor';
}

/** A score from 0 to 10; what is outside, or no number, is brought inside. */
export function clamped(score: number): number {
  return Number.isFinite(score) ? Math.min(10, Math.max(0, score)) : 0;
}

/** A score with one decimal, rounded down, so that "7.0 fair" is never read. */
export function scoreText(score: number): string {
  // The small addend undoes what binary fractions take off: 7.4 is stored as a little less.
  return (Math.floor(clamped(score) * 10 + 1e-6) / 10).toFixed(1);
}

/** The four scores of an answer. */
export interface FourScores {
  correctness: number;
  completeness: number;
  quality: number;
  communication: number;
}

/** The mean of the four scores. */
export function meanOf(scores: FourScores): number {
  return (scores.correctness + scores.completeness + scores.quality + scores.communication) / 4;
}

/** The four scores with their names, in the order in which they are always shown. */
export function named(scores: FourScores): [name: string, score: number][] {
  return [
    ['correctness', scores.correctness],
    ['completeness', scores.completeness],
    ['quality', scores.quality],
    ['communication', scores.communication],
  ];
}
