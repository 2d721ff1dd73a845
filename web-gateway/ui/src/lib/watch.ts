/** Follows an interview: by a stream that is reopened after each break, and by polling where no stream gets through. */

import type { Answer } from '#gen/viva/v1/answer_pb.js';
import { problemOf, type Problem } from './errors.js';

/** How long to wait before reopening a stream that had been open, in milliseconds. */
const PAUSE_MS = 300;
/** The waits after each failure to open it, in milliseconds. */
const BACK_OFF_MS = [1_000, 2_000, 3_000, 5_000, 8_000];

/** What following needs and calls. */
export interface Follower {
  /** Streams the answers as they are and each change. */
  stream: (signal: AbortSignal) => AsyncIterable<Answer>;
  /** Returns all answers as they are now, for polling. */
  poll: () => Promise<Answer[]>;
  tell: (answer: Answer) => void;
  /** Called with what is wrong with the connection; undefined if it is open. */
  link: (problem: Problem | undefined) => void;
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Passes on news until `signal` aborts or following makes no more sense. */
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
    // A stream that repeatedly ends without a message may be held back by a proxy.
    if (isStreamless || failures > 1) await ask(follower);
    await follower.wait(BACK_OFF_MS[Math.min(failures, BACK_OFF_MS.length) - 1] ?? 0, signal);
  }
}

/** Passes answers on until the stream ends or breaks. */
async function pass({ stream, tell, link }: Follower, signal: AbortSignal): Promise<{ heard: boolean; problem: Problem | undefined }> {
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

/** Whether trying again would fail in the same way. Signing in starts over. */
function isFinal(problem: Problem): boolean {
  return problem.needsSignIn || problem.kind === 'denied' || problem.kind === 'not-found';
}

/** Waits until the time is up or the signal aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), done()), { once: true });
  });
}
