/** Follows an interview for as long as it is wanted: by a stream, through every break of it, and by
 * asking again and again where no stream comes through. */

import type { Answer } from '#gen/viva/v1/answer_pb.js';
import { problemOf, type Problem } from './errors.js';

/** How long a stream that had been open stays closed, in milliseconds. */
const PAUSE_MS = 300;
/** After each failure to open it, in milliseconds. */
const BACK_OFF_MS = [1_000, 2_000, 3_000, 5_000, 8_000];

/** What following needs, and whom it tells. */
export interface Follower {
  /** The answers as they are and as they change. */
  stream: (signal: AbortSignal) => AsyncIterable<Answer>;
  /** All answers as they are now: for when no stream can be had. */
  poll: () => Promise<Answer[]>;
  tell: (answer: Answer) => void;
  /** The way to the server: open, or what is wrong with it. */
  link: (problem: Problem | undefined) => void;
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Tells the news until `signal` ends it, or following makes no more sense. */
export async function follow(follower: Follower, signal: AbortSignal): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    const outcome = await pass(follower, signal);
    if (signal.aborted) return;
    if (outcome.heard) failures = 0;
    const { problem } = outcome;
    if (problem === undefined || outcome.heard) {
      await follower.wait(PAUSE_MS, signal);
      continue;
    }
    const isStreamless = problem.kind === 'unsupported' || problem.kind === 'server';
    if (!isStreamless) follower.link(problem);
    if (isFinal(problem)) return;
    failures += 1;
    // A stream that ends again and again without a word may be a proxy that holds streams back.
    if (isStreamless || failures > 1) await ask(follower);
    await follower.wait(BACK_OFF_MS[Math.min(failures, BACK_OFF_MS.length) - 1] ?? 0, signal);
  }
}

/** Passes answers on until the stream ends, however it does. */
async function pass(
  { stream, tell, link }: Follower,
  signal: AbortSignal,
): Promise<{ heard: boolean; problem: Problem | undefined }> {
  let heard = false;
  try {
    for await (const answer of stream(signal)) {
      if (!heard) link(undefined);
      heard = true;
      tell(answer);
    }
    return { heard, problem: undefined };
  } catch (cause) {
    return { heard, problem: problemOf(cause) };
  }
}

async function ask({ poll, tell, link }: Follower): Promise<void> {
  try {
    const answers = await poll();
    link(undefined);
    answers.forEach(tell);
  } catch (cause) {
    link(problemOf(cause));
  }
}

/** Whether trying again would get the same answer. Signing in starts afresh. */
function isFinal(problem: Problem): boolean {
  return problem.needsSignIn || problem.kind === 'denied' || problem.kind === 'not-found';
}

/** Waits, or not even that when the signal comes first. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), done()), { once: true });
  });
}
