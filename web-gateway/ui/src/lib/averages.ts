/** Which evaluations a report's averages are over. Averages never mix graders: the server takes
 * those of the grader that gave the most, and of two that gave as many, of the one whose answer
 * comes later. What it takes is found out here in the same way, so that it can be said. */

import { EvaluationStatus, GraderKind, type Grader } from '#gen/viva/v1/answer_pb.js';
import type { QuestionReport } from '#gen/viva/v1/report_pb.js';

/** Who gave the evaluations that are averaged, how many they are, and of how many in all. */
export interface Averaged {
  grader: Grader;
  count: number;
  all: number;
  /** Whether another grader has the same name, so that the name alone does not tell them apart. */
  namesake: boolean;
}

/** What the averages of a report are over; none while nothing is evaluated. */
export function averagedOf(slots: QuestionReport[]): Averaged | undefined {
  const counts = new Map<string, { grader: Grader; count: number }>();
  for (const slot of slots) {
    const evaluation = slot.answer?.evaluation;
    const grader = evaluation?.grader;
    if (!grader || evaluation.status !== EvaluationStatus.COMPLETED) continue;
    const key = keyOf(grader);
    const known = counts.get(key);
    // The latest is the last, and so wins among those that gave as many.
    counts.delete(key);
    counts.set(key, { grader, count: (known?.count ?? 0) + 1 });
  }
  const list = [...counts.values()];
  const best = list.reduce<(typeof list)[number] | undefined>(
    (best, entry) => (best && best.count > entry.count ? best : entry),
    undefined,
  );
  if (!best) return undefined;
  return {
    ...best,
    all: list.reduce((sum, entry) => sum + entry.count, 0),
    namesake: list.filter((entry) => entry.grader.name === best.grader.name).length > 1,
  };
}

/** Whether the built-in grader gave them. */
export function isEstimate(averaged: Averaged | undefined): boolean {
  return averaged?.grader.kind === GraderKind.OFFLINE;
}

/** Which of the evaluations the averages are over, where there are others. */
export function averagedSentence(averaged: Averaged): string | undefined {
  const { grader, count, all, namesake } = averaged;
  if (count === all) return undefined;
  const name = namesake ? `${grader.name} ${grader.version}` : grader.name;
  return `The averages use only ${count} of ${all} evaluations, those by ${name}.`;
}

/** Two graders are one when kind, name and version are. */
function keyOf({ kind, name, version }: Grader): string {
  return JSON.stringify([kind, name, version]);
}
