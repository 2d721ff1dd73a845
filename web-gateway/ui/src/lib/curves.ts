/** Scores of interviews over time, a line for each role. */

import type { ProgressPoint } from '#gen/viva/v1/report_pb.js';
import { millis } from './time.js';

/** A score at a moment, in milliseconds since 1970. */
export interface Spot {
  id: bigint;
  at: number;
  score: number;
}

/** The scores of one role, oldest first. */
export interface Curve {
  role: string;
  spots: Spot[];
}

/** A line for each role, those with the most interviews first. */
export function curvesOf(points: readonly ProgressPoint[]): Curve[] {
  const curves = new Map<string, Curve>();
  for (const point of points) {
    const key = point.role.trim().toLowerCase();
    const curve = curves.get(key) ?? { role: point.role, spots: [] };
    curves.set(key, curve);
    curve.spots.push({ id: point.interviewId, at: millis(point.createdAt) ?? 0, score: point.overallScore ?? 0 });
  }
  return [...curves.values()].sort((a, b) => b.spots.length - a.spots.length);
}

/** The beginning and end of the time axis: at least a day, so that one afternoon does not look like a cliff. */
export function spanOf(curves: readonly Curve[]): readonly [from: number, to: number] {
  const all = curves.flatMap(({ spots }) => spots.map(({ at }) => at));
  const [from, to] = [Math.min(...all), Math.max(...all)];
  return to - from < DAY_MS ? [to - DAY_MS, to] : [from, to];
}

const DAY_MS = 86_400_000;

/** Describes a role's line in words, for people who cannot see it. */
export function curveWords({ role, spots }: Curve, score: (score: number) => string): string {
  return `${role}: ${spots.map((spot) => score(spot.score)).join(', ')}`;
}
