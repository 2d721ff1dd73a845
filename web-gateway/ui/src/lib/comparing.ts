/** Two attempts at a question, in words. */

import { AttemptVerdict, PointChange, type CompareAttemptsResponse, type PointComparison } from '#gen/viva/v1/report_pb.js';
import type { Answer } from '#gen/viva/v1/answer_pb.js';
import { bandOf, meanOf, scoreText } from './bands.js';
import { changeWords } from './findings.js';

/** How points changed from one attempt to the next, in the order in which they are shown. */
const CHANGES: [change: PointChange, word: string][] = [
  [PointChange.GAINED, 'gained'],
  [PointChange.LOST, 'lost'],
  [PointChange.LACKING, 'still missing'],
  [PointChange.KEPT, 'kept'],
];

/** How a point changed, in one word. */
export function pointChangeWord(change: PointChange): string {
  return CHANGES.find(([one]) => one === change)?.[1] ?? '';
}

/** The points, changed ones first. */
export function inOrder(points: PointComparison[]): PointComparison[] {
  return CHANGES.flatMap(([change]) => points.filter((point) => point.change === change));
}

/** How many points were gained, lost and so on: `2 gained, 1 lost`. */
export function pointsWords(points: PointComparison[]): string {
  return CHANGES.map(([change, word]) => [points.filter((point) => point.change === change).length, word] as const)
    .filter(([n]) => n > 0)
    .map(([n, word]) => `${n} ${word}`)
    .join(', ');
}

/** The old and the new score: `Attempt 2: 7.3 good, up 1.2 from 6.1 fair.` */
export function scoresWords(earlier: Answer, later: Answer): string {
  const [before, after] = [earlier, later].map(({ evaluation }) => (evaluation?.scores ? meanOf(evaluation.scores) : 0));
  const [from = 0, to = 0] = [before, after];
  const change = changeWords(from, to);
  return `Attempt ${later.attempt}: ${scoreWords(to)}, ${change === 'as high' ? 'as high as' : `${change} from`} ${scoreWords(from)} in attempt ${earlier.attempt}.`;
}

/** What the difference between the scores means. */
export function verdictWords({ verdict, earlier, later }: CompareAttemptsResponse): string {
  switch (verdict) {
    case AttemptVerdict.BETTER:
      return 'Better, by more than the grader’s margin of error.';
    case AttemptVerdict.WORSE:
      return 'Worse, by more than the grader’s margin of error.';
    case AttemptVerdict.NO_CLEAR_DIFFERENCE:
      return 'The difference is within the grader’s margin of error, so it may be chance.';
    default: {
      const isOne = earlier?.evaluation?.grader?.name === later?.evaluation?.grader?.name;
      return isOne
        ? 'How much this grader’s scores vary is not known, so the difference may be chance.'
        : 'Different graders gave these scores, so compare the points instead.';
    }
  }
}

/** Which attempt is the best, if not the latest. */
export function bestWords({ attempts, bestAttempt }: CompareAttemptsResponse): string {
  const best = attempts.find(({ attempt }) => attempt === bestAttempt);
  const latest = attempts.findLast(({ score }) => score !== undefined);
  if (best?.score === undefined || latest?.score === undefined) return '';
  if (best.attempt === latest.attempt) return 'Your latest attempt is your best so far.';
  return `Best: attempt ${best.attempt}, ${scoreWords(best.score)}. Latest: attempt ${latest.attempt}, ${scoreWords(latest.score)}.`;
}

function scoreWords(score: number): string {
  return `${scoreText(score)} ${bandOf(score)}`;
}
