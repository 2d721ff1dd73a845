/** How scores develop over interviews and by topic, for servers that do not work it out themselves.
 * Scores of different graders are not comparable: only those of the grader that gave the most. */

import { EvaluationStatus, type Evaluation, type Grader } from '#gen/viva/v1/answer_pb.js';
import type { GetProgressResponse, Report } from '#gen/viva/v1/report_pb.js';
import type { Api } from './api.js';
import { averagedOf, keyOf } from './averages.js';
import { meanOf } from './bands.js';
import { problemOf } from './errors.js';
import { millis } from './time.js';

/** An interview's score. */
export interface Point {
  interviewId: bigint;
  role: string;
  /** Milliseconds since 1970. */
  at: number | undefined;
  score: number;
}

/** A topic's mean score, and how the later half of its answers differs from the earlier. */
export interface Topic {
  topic: string;
  answers: number;
  score: number;
  trend: number;
}

/** Points oldest first, topics weakest first. */
export interface Progress {
  points: Point[];
  topics: Topic[];
  /** Whose scores they are, where it is known. */
  grader: Grader | undefined;
}

/** Below so many answers a trend says little. */
export const FEW = 3;

/** The server's word on it; where it has none, what the newest interviews say. */
export async function loadProgress(api: Pick<Api, 'progress' | 'interviews' | 'report'>): Promise<Progress> {
  try {
    return progressOfReply(await api.progress());
  } catch (cause) {
    if (problemOf(cause).kind !== 'unsupported') throw cause;
  }
  const { interviews } = await api.interviews('');
  const scored = interviews.filter(({ progress }) => (progress?.evaluated ?? 0) > 0);
  const reports = await Promise.all(scored.map(({ id }) => api.report(id)));
  return progressOf(reports.filter((report) => report !== undefined));
}

/** What the server has worked out. */
function progressOfReply(reply: GetProgressResponse): Progress {
  const points = reply.points.map((point) => ({
    interviewId: point.interviewId,
    role: point.role,
    at: millis(point.createdAt),
    score: point.overallScore,
  }));
  const topics = reply.topics.map(({ topic, answers, averageScore, trend }) => ({
    topic,
    answers,
    score: averageScore,
    trend,
  }));
  return { points, topics, grader: undefined };
}

/** The same from the reports themselves, in any order. */
export function progressOf(reports: Report[]): Progress {
  const oldestFirst = [...reports].sort((a, b) => Number(a.interviewId - b.interviewId));
  const grader = averagedOf(oldestFirst.flatMap(({ questions }) => questions))?.grader;
  const key = grader && keyOf(grader);
  const isOf = (evaluation: Evaluation | undefined) =>
    evaluation?.status === EvaluationStatus.COMPLETED &&
    evaluation.grader !== undefined &&
    keyOf(evaluation.grader) === key;
  const points: Point[] = [];
  const byTopic = new Map<string, number[]>();
  for (const report of oldestFirst) {
    const scores: number[] = [];
    for (const { question, answer } of report.questions) {
      const given = answer?.evaluation?.scores;
      if (!given || !isOf(answer.evaluation)) continue;
      scores.push(meanOf(given));
      const topic = question?.topic || 'general';
      byTopic.set(topic, [...(byTopic.get(topic) ?? []), meanOf(given)]);
    }
    if (scores.length === 0) continue;
    const { interviewId, role } = report;
    points.push({ interviewId, role, at: millis(report.createdAt), score: mean(scores) });
  }
  const topics = [...byTopic].map(([topic, scores]) => ({
    topic,
    answers: scores.length,
    score: mean(scores),
    trend: trendOf(scores),
  }));
  return { points, topics: topics.sort((a, b) => a.score - b.score), grader };
}

/** The later half's mean less the earlier half's; 0 with fewer than two. */
function trendOf(scores: number[]): number {
  if (scores.length < 2) return 0;
  const half = Math.floor(scores.length / 2);
  return mean(scores.slice(-half)) - mean(scores.slice(0, half));
}

function mean(numbers: number[]): number {
  return numbers.reduce((sum, n) => sum + n, 0) / numbers.length;
}

/** A trend in words: `up 1.2`, `down 0.4`, `steady`; empty where there are too few answers. */
export function trendWords({ answers, trend }: Topic): string {
  if (answers < FEW) return '';
  if (Math.abs(trend) < 0.3) return 'steady';
  return `${trend > 0 ? 'up' : 'down'} ${Math.abs(trend).toFixed(1)}`;
}
