/** What an evaluation found, in the order and the words in which it is shown. */

import { Dimension, type Evaluation, type KeyPointResult, type ScoreExplanation } from '#gen/viva/v1/answer_pb.js';
import { BANDS, bandOf } from './bands.js';

/** How far a point is made: a mark, and the words that say the same. */
export type Mark = 'made' | 'in-part' | 'missing';

/** The mark of a coverage from 0 to 1. */
export function markOf(coverage: number): Mark {
  if (coverage >= 0.75) return 'made';
  return coverage > 0 ? 'in-part' : 'missing';
}

/** Below this confidence an answer "seems to make" a point, as answer.proto says. */
const SURE = 0.75;

/** Whether the words only seem to make the point. */
export function isUnsure(point: KeyPointResult): boolean {
  return point.coverage > 0 && point.confidence !== undefined && point.confidence < SURE;
}

/** The name of a score. */
export function dimensionName(dimension: Dimension): string {
  return ['', 'correctness', 'completeness', 'quality', 'communication'][dimension] ?? '';
}

/** The score that an explanation is about; none when it is about none. */
export function scoreOf(evaluation: Evaluation, { dimension }: ScoreExplanation): number | undefined {
  const scores = evaluation.scores;
  switch (dimension) {
    case Dimension.CORRECTNESS:
      return scores?.correctness;
    case Dimension.COMPLETENESS:
      return scores?.completeness;
    case Dimension.QUALITY:
      return scores?.quality;
    case Dimension.COMMUNICATION:
      return scores?.communication;
    default:
      return undefined;
  }
}

/** The next better band. */
export function bandAbove(band: string): string {
  const at = BANDS.findIndex((one) => one === band);
  return BANDS[Math.min(BANDS.length - 1, Math.max(0, at) + 1)] ?? 'excellent';
}

/** What would raise the lowest score that can be raised; none in an answer that needs nothing. */
export function nextStep(evaluation: Evaluation): { aim: string; step: string } | undefined {
  const steps = evaluation.explanations
    .filter(({ nextStep }) => nextStep.trim() !== '')
    .map((one) => ({ one, score: scoreOf(evaluation, one) ?? 10 }))
    .sort((a, b) => a.score - b.score);
  const lowest = steps[0];
  if (!lowest) return undefined;
  const band = lowest.one.band || bandOf(lowest.score);
  return { aim: `To reach ${bandAbove(band)} in ${dimensionName(lowest.one.dimension)}`, step: lowest.one.nextStep };
}

/** All words of the answer that the explanations quote. */
export function otherQuotes(evaluation: Evaluation): string[] {
  return evaluation.explanations.flatMap(({ evidence }) => evidence);
}
