/** An evaluation that is not there yet: since when, what was wrong last, when it goes on. */

import { EvaluationStatus, type Answer } from '#gen/viva/v1/answer_pb.js';
import { lasting, millis, secondsBetween, secondsUntil } from './time.js';
import { capitalised, sentence } from './words.js';

/** How an evaluation stands that is not there yet. Times are in whole seconds. */
export interface Waiting {
  /** What was wrong with the last attempt, as a sentence; none before there was a fault. */
  fault: string | undefined;
  /** Which attempt is made now or comes next, from 1 on; 0 before the first was begun. */
  attempt: number;
  /** Until that attempt; 0 when it is due or under way. */
  dueIn: number;
  /** Since the answer was submitted. */
  waited: number;
}

/** How the evaluation of an answer stands; none once it is there or has failed. */
export function waitingOf(answer: Answer, now: number): Waiting | undefined {
  const evaluation = answer.evaluation;
  if (evaluation && evaluation.status !== EvaluationStatus.PENDING) return undefined;
  const next = millis(evaluation?.nextAttemptAt);
  const since = millis(answer.submittedAt);
  const said = evaluation?.lastFault.trim() ?? '';
  const fault = said !== '' ? sentence(said) : next === undefined ? undefined : 'The last attempt failed.';
  return {
    fault,
    // While an attempt is awaited, those counted are the ones before it.
    attempt: (evaluation?.attempts ?? 0) + (next === undefined ? 0 : 1),
    dueIn: next === undefined ? 0 : secondsUntil(next, now),
    waited: since === undefined ? 0 : secondsBetween(since, now),
  };
}

/** In a few words, without a full stop: `attempt 3 in 8 s`, `being evaluated, 12 s`. */
export function waitingWords(waiting: Waiting): string {
  if (waiting.fault !== undefined) return `attempt ${waiting.attempt} ${when(waiting)}`;
  const state = waiting.attempt === 0 ? 'waiting to be evaluated' : 'being evaluated';
  return `${state}, ${lasting(waiting.waited)}`;
}

/** In a sentence or two; after a fault they begin with it and say that the answer is safe. */
export function waitingSentence(waiting: Waiting): string {
  const words = waitingWords(waiting);
  return waiting.fault === undefined
    ? `${capitalised(words)}.`
    : `${waiting.fault} Your answer is safe; ${words}.`;
}

function when(waiting: Waiting): string {
  return waiting.dueIn === 0 ? 'now' : `in ${lasting(waiting.dueIn)}`;
}
