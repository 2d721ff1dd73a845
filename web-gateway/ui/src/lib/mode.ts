/** An interview's mode, and its time taken and left, in words. */

import { InterviewMode } from '#gen/viva/v1/interview_pb.js';
import type { Report } from '#gen/viva/v1/report_pb.js';
import type { Answer } from '#gen/viva/v1/answer_pb.js';
import { spoken, stopwatch } from './durations.js';

/** Shown instead of scores until an interview in real mode ends. */
export const WITHHELD = 'Scores and feedback come when the interview has ended.';

/** The time limits that the form offers, in minutes. 0 means none, or the server's default. */
export const MINUTES = [0, 10, 15, 20, 30, 45, 60, 90, 120];
export const QUESTION_MINUTES = [0, 2, 3, 5, 8, 10, 15, 20];

/** Whether an interview is in real mode. */
export function isReal({ mode }: { mode: InterviewMode }): boolean {
  return mode === InterviewMode.REAL;
}

/** The time left in an interview in real mode, in milliseconds; undefined without a time limit. It counts down from the
 * arrival of the report, because this machine's clock may be wrong. */
export function leftOf({ clock }: Report, sinceMs: number): { whole: number; question: number | undefined } | undefined {
  if (clock?.remainingMs === undefined) return undefined;
  const left = (ms: bigint) => Math.max(0, Number(ms) - sinceMs);
  return {
    whole: left(clock.remainingMs),
    question: clock.questionRemainingMs === undefined ? undefined : left(clock.questionRemainingMs),
  };
}

/** The time left in words: `29:12 left, 03:10 for this question`. */
export function leftWords({ whole, question }: { whole: number; question: number | undefined }): string {
  const rest =
    question === undefined ? '' : question === 0 ? ', over the time for this question' : `, ${stopwatch(question)} for this question`;
  return `${stopwatch(whole)} left${rest}`;
}

/** The time taken in study mode, for a question and in all: `04:12 of 8 min, 12:40 of 30 min in all`. */
export function spentWords({ clock }: Pick<Report, 'clock'>, questionMs: number, wholeMs: number): string {
  const of = (ms: number, minutes: number) => (minutes === 0 ? stopwatch(ms) : `${stopwatch(ms)} of ${minutes} min`);
  const whole = clock?.minutes ? `, ${of(wholeMs, clock.minutes)} in all` : '';
  return of(questionMs, clock?.questionMinutes ?? 0) + whole;
}

/** The time that an answer took, and whether it was late: `4 min 12 s, after the end`; empty if unknown. */
export function takenWords({ durationMs, late }: Answer): string {
  return [durationMs > 0n ? spoken(Number(durationMs)) : '', late ? 'after the end' : ''].filter(Boolean).join(', ');
}
