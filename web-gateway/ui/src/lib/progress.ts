/** How scores develop, in words. The figures are the server's. */

import { GraderKind } from '#gen/viva/v1/answer_pb.js';
import type { GetProgressResponse, TopicProgress } from '#gen/viva/v1/report_pb.js';
import { count } from './words.js';

/** With fewer answers than this, a trend means little. */
const FEW = 3;

/** A trend in words: `up 1.2`, `down 0.4`, `steady`; empty with too few answers. */
export function trendWords({ answers, trend = 0 }: Pick<TopicProgress, 'answers' | 'trend'>): string {
  if (answers < FEW) return '';
  if (Math.abs(trend) < 0.3) return 'steady';
  return `${trend > 0 ? 'up' : 'down'} ${Math.abs(trend).toFixed(1)}`;
}

/** Says whose scores these are, and what is left out therefore; empty if there are no scores. */
export function whoseWords({ grader, answersOfOthers }: Pick<GetProgressResponse, 'grader' | 'answersOfOthers'>): string {
  if (!grader) return '';
  const known = grader.kind === GraderKind.OFFLINE ? ', the built-in grader' : '';
  const others =
    answersOfOthers === 0
      ? ''
      : ` ${count(answersOfOthers, 'answer')} scored by other graders ${answersOfOthers === 1 ? 'is' : 'are'} left out.`;
  return `Scores by ${grader.name} ${grader.version}${known}; scores from different graders are never mixed.${others}`;
}
