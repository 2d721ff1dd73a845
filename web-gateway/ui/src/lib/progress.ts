/** How scores develop, in words. The figures are the server's. */

import { GraderKind } from '#gen/viva/v1/answer_pb.js';
import { TopicChange, type GetProgressResponse, type ProgressTotals, type TopicProgress } from '#gen/viva/v1/report_pb.js';
import { count } from './words.js';

/** With fewer answers than this, a trend means little. */
export const FEW = 3;

/** A trend in words: `improved by 1.2`, `down 0.4`, `steady`; empty with too few answers. */
export function trendWords({ answers, trend = 0, change }: Pick<TopicProgress, 'answers' | 'trend' | 'change'>): string {
  if (answers < FEW) return '';
  const by = Math.abs(trend).toFixed(1);
  if (change === TopicChange.IMPROVED) return `improved by ${by}`;
  if (change === TopicChange.SLIPPED) return `slipped by ${by}`;
  if (Math.abs(trend) < 0.3) return 'steady';
  const words = `${trend > 0 ? 'up' : 'down'} ${by}`;
  return change === TopicChange.NO_CLEAR_DIFFERENCE ? `${words}, within the grader’s uncertainty` : words;
}

/** The topics that have changed by more than the grader's uncertainty, the largest changes first. */
export function changedTopics(topics: readonly TopicProgress[], change: TopicChange): TopicProgress[] {
  const size = ({ trend = 0 }: TopicProgress) => Math.abs(trend);
  return topics.filter((topic) => topic.change === change).sort((a, b) => size(b) - size(a));
}

/** How much was practised; empty if nothing was. */
export function totalWords(totals: ProgressTotals | undefined): string {
  if (!totals || totals.answers === 0) return '';
  const { answers, durationMs, activeDays, weekAnswers, weekDurationMs } = totals;
  const week = weekAnswers > 0 ? ` In the last 7 days: ${inTime(weekAnswers, weekDurationMs)}.` : '';
  return `${inTime(answers, durationMs)}, on ${count(activeDays, 'day')}.${week}`;
}

function inTime(answers: number, ms: bigint): string {
  const minutes = Math.round(Number(ms) / 60_000);
  const hours = Math.floor(minutes / 60);
  const time = hours > 0 ? `${hours}\u00a0h ${minutes % 60}\u00a0min` : `${minutes}\u00a0min`;
  return minutes > 0 ? `${count(answers, 'answer')} in ${time}` : count(answers, 'answer');
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
