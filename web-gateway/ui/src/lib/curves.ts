/** Scores over time: a line for each topic or role. */

import type { Grader } from '#gen/viva/v1/answer_pb.js';
import type { ProgressPoint, TopicSeries } from '#gen/viva/v1/report_pb.js';
import { FEW } from './progress.js';
import { topicWords } from './phrases.js';
import { millis } from './time.js';

/** A score at a moment, in milliseconds since 1970. */
export interface Spot {
  /** The interview. */
  id: bigint;
  at: number;
  score: number;
  /** How many answers it is the mean of; undefined if unknown. */
  answers: number | undefined;
}

/** The scores of one topic or role, oldest first, all by the same grader. */
export interface Curve {
  name: string;
  /** How many answers of the topic, or interviews for the role. */
  samples: number;
  spots: Spot[];
}

/** A line for each role, those with the most interviews first. */
export function roleCurves(points: readonly ProgressPoint[]): Curve[] {
  const curves = new Map<string, Curve>();
  for (const point of points) {
    const key = roleKey(point.role);
    const curve = curves.get(key) ?? { name: point.role.trim(), samples: 0, spots: [] };
    curves.set(key, curve);
    curve.samples += 1;
    curve.spots.push({ id: point.interviewId, at: millis(point.createdAt) ?? 0, score: point.overallScore ?? 0, answers: undefined });
  }
  return mostFirst([...curves.values()]);
}

/** What two spellings of a role have in common. */
export function roleKey(role: string): string {
  return role.trim().toLowerCase();
}

/** A line for each topic with the scores of one grader, those with the most answers first. */
export function topicCurves(series: readonly TopicSeries[], grader: Grader | undefined): Curve[] {
  const its = series.filter((one) => graderKey(one.grader) === graderKey(grader));
  return mostFirst(
    its.map(({ topic, answers, points }) => ({
      name: topicWords(topic),
      samples: answers,
      spots: points.map((point) => ({
        id: point.interviewId,
        at: millis(point.createdAt) ?? 0,
        score: point.averageScore ?? 0,
        answers: point.answers,
      })),
    })),
  );
}

/** The graders that gave the scores, each once, in the order of the lines. */
export function gradersOf(series: readonly TopicSeries[]): Grader[] {
  const graders = new Map(series.flatMap(({ grader }) => (grader ? [[graderKey(grader), grader]] : [])));
  return [...graders.values()];
}

/** Tells graders apart: a new version is another grader. */
export function graderKey(grader: Grader | undefined): string {
  return grader ? `${grader.kind} ${grader.name} ${grader.version}` : '';
}

/** Whether a line has too few samples to mean much. */
export function isThin({ samples }: Curve): boolean {
  return samples < FEW;
}

function mostFirst(curves: Curve[]): Curve[] {
  return curves.sort((a, b) => b.samples - a.samples);
}

/** The beginning and end of the time axis: at least a day, so that one afternoon does not look like a cliff. */
export function spanOf(curves: readonly Curve[]): readonly [from: number, to: number] {
  const all = curves.flatMap(({ spots }) => spots.map(({ at }) => at));
  const [from, to] = [Math.min(...all), Math.max(...all)];
  return to - from < DAY_MS ? [to - DAY_MS, to] : [from, to];
}

const DAY_MS = 86_400_000;

/** Days to mark on the time axis: at most `most`, evenly apart, the last one on the axis's last day. */
export function ticksOf([from, to]: readonly [from: number, to: number], most: number): number[] {
  const step = Math.max(1, Math.ceil(Math.floor((to - from) / DAY_MS) / Math.max(1, most - 1)));
  const ticks: number[] = [];
  for (let back = 0; ticks.length < most; back += step) {
    // A day of the calendar may have 23 or 25 hours.
    const day = new Date(to);
    const at = day.setDate(day.getDate() - back);
    if (at < from) break;
    ticks.unshift(at);
  }
  return ticks;
}

/** Describes a line in words, for people who cannot see it. */
export function curveWords({ name, spots }: Curve, score: (score: number) => string): string {
  const [first, last] = [spots[0]?.score ?? 0, spots.at(-1)?.score ?? 0].map(score);
  return spots.length === 1 ? `${name}: ${last}` : `${name}: from ${first} to ${last}`;
}
