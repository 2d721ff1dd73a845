/** A pending evaluation: since when, the last fault, the next attempt. */

import { EvaluationStatus, type Answer } from '#gen/viva/v1/answer_pb.js';
import { lasting, secondsBetween, secondsUntil } from './durations.js';
import { millis } from './time.js';
import { capitalised, sentence } from './phrases.js';

/** The state of a pending evaluation. Times are in whole seconds. */
export interface Waiting {
  /** What was wrong with the last attempt, as a sentence; undefined without a fault. */
  fault: string | undefined;
  /** The number of the current or next attempt, from 1; 0 before the first. */
  attempt: number;
  /** The time until that attempt; 0 if it is due or under way. */
  dueIn: number;
  /** The time since the answer was submitted. */
  waited: number;
}

/** Returns the state of a pending evaluation; undefined if it has completed or failed. */
export function waitingOf(answer: Answer, now: number): Waiting | undefined {
  const evaluation = answer.evaluation;
  if (evaluation && evaluation.status !== EvaluationStatus.PENDING) return undefined;
  const next = millis(evaluation?.nextAttemptAt);
  const since = millis(answer.submittedAt);
  const said = evaluation?.lastFault.trim() ?? '';
  const fault = said !== '' ? sentence(said) : next === undefined ? undefined : 'The last attempt failed.';
  return {
    fault,
    // While an attempt is awaited, `attempts` counts the ones before it.
    attempt: (evaluation?.attempts ?? 0) + (next === undefined ? 0 : 1),
    dueIn: next === undefined ? 0 : secondsUntil(next, now),
    waited: since === undefined ? 0 : secondsBetween(since, now),
  };
}

/** The state in a few words, without a full stop: `attempt 3 in 8 s`, `being evaluated, 12 s`. */
export function waitingWords(waiting: Waiting): string {
  if (waiting.fault !== undefined) return `attempt ${waiting.attempt} ${when(waiting)}`;
  const state = waiting.attempt === 0 ? 'waiting to be evaluated' : 'being evaluated';
  return `${state}, ${lasting(waiting.waited)}`;
}

/** The state in a sentence or two. After a fault they begin with it and say that the answer is safe. */
export function waitingSentence(waiting: Waiting): string {
  const words = waitingWords(waiting);
  return waiting.fault === undefined ? `${capitalised(words)}.` : `${waiting.fault} Your answer is safe; ${words}.`;
}

function when(waiting: Waiting): string {
  return waiting.dueIn === 0 ? 'now' : `in ${lasting(waiting.dueIn)}`;
}
