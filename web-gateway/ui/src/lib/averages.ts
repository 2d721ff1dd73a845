/** Which evaluations a report's averages cover. Averages never mix graders: the server takes the grader with the most
 * evaluations, and of two with as many the one whose answer comes later. The same rule here lets the page say whose
 * averages they are. */

import { EvaluationStatus, GraderKind, type Grader } from '#gen/viva/v1/answer_pb.js';
import type { QuestionReport } from '#gen/viva/v1/report_pb.js';

/** The grader whose evaluations are averaged, how many they are, and how many evaluations there are in all. */
export interface Averaged {
  grader: Grader;
  count: number;
  all: number;
  /** Whether another grader has the same name, so that the name alone does not tell them apart. */
  namesake: boolean;
}

/** Returns what a report's averages cover; undefined while nothing is evaluated. */
export function averagedOf(slots: QuestionReport[]): Averaged | undefined {
  const counts = new Map<string, { grader: Grader; count: number }>();
  for (const slot of slots) {
    const evaluation = slot.answer?.evaluation;
    const grader = evaluation?.grader;
    // An answer given after a good answer was shown counts in no average.
    if (!grader || slot.question?.shown || evaluation.status !== EvaluationStatus.COMPLETED) continue;
    const key = keyOf(grader);
    const known = counts.get(key);
    // The last one wins among graders with as many evaluations.
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

/** Says which evaluations the averages cover, if not all of them. */
export function averagedSentence(averaged: Averaged): string | undefined {
  const { grader, count, all, namesake } = averaged;
  if (count === all) return undefined;
  const name = namesake ? `${grader.name} ${grader.version}` : grader.name;
  return `The averages use only ${count} of ${all} evaluations, those by ${name}.`;
}

/** Two graders are the same if kind, name and version are. */
function keyOf({ kind, name, version }: Grader): string {
  return JSON.stringify([kind, name, version]);
}
