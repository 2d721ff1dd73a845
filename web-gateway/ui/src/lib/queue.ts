/** Answers that the server does not have yet. Each is stored with its idempotency key before it is sent, and removed only
 * when the server has it. So closing the page loses none, and sending one twice submits it once. */

import type { Submission } from './api.js';
import { problemOf, type Problem } from './errors.js';
import type { Store } from './store.js';

/** An answer that is being sent. */
export interface Queued extends Submission {
  /** When it was submitted, in milliseconds since 1970. */
  queuedAt: number;
  /** Until when it can be taken back, in milliseconds since 1970; 0 if it is sent at once. */
  heldUntil: number;
}

/** The waits after each failed try, in milliseconds; the last one repeats. */
const BACK_OFF_MS = [1_000, 2_000, 3_000, 5_000, 8_000];

/** How long to wait after this many failed tries in a row, in milliseconds; at least as long as the server asked for. */
export function waitMs(failures: number, askedFor: number | undefined): number {
  const own = BACK_OFF_MS[Math.min(failures, BACK_OFF_MS.length) - 1] ?? 0;
  return Math.max(own, askedFor ?? 0);
}

/** The unsent answers of one account, oldest first. */
export class Queue {
  readonly #store: Store;
  readonly #prefix: string;

  constructor(store: Store, account: bigint) {
    this.#store = store;
    this.#prefix = `viva.queue.${account}.`;
  }

  /** Stores an answer until it is removed. */
  put(item: Queued): void {
    const plain = { ...item, interviewId: `${item.interviewId}`, questionId: `${item.questionId}` };
    this.#store.put(this.#prefix + item.key, JSON.stringify(plain));
  }

  /** Removes an answer. */
  remove(key: string): void {
    this.#store.remove(this.#prefix + key);
  }

  /** Whether an answer is still to be sent; another tab may have done so. */
  has(key: string): boolean {
    return this.#store.get(this.#prefix + key) !== undefined;
  }

  /** Returns all answers, oldest first. */
  all(): Queued[] {
    return this.#store
      .names(this.#prefix)
      .map((name) => readQueued(this.#store.get(name)))
      .filter((item) => item !== undefined)
      .sort((a, b) => a.queuedAt - b.queuedAt);
  }

  /** Removes all answers. */
  clear(): void {
    for (const name of this.#store.names(this.#prefix)) this.#store.remove(name);
  }

  /** Whether a name in the browser's store belongs to this queue. */
  owns(name: string): boolean {
    return name.startsWith(this.#prefix);
  }
}

/** The result of sending. */
export type Outcome = { is: 'sent'; answerId: bigint } | { is: 'later'; problem: Problem } | { is: 'refused'; problem: Problem };

/** Sends one answer. It leaves the queue only when the server has it; one that was rejected stays until its author decides
 * what to do. */
export async function send(queue: Queue, item: Queued, submit: (item: Submission) => Promise<bigint>): Promise<Outcome> {
  try {
    const answerId = await submit(item);
    queue.remove(item.key);
    return { is: 'sent', answerId };
  } catch (cause) {
    const problem = problemOf(cause);
    return { is: problem.isPassing ? 'later' : 'refused', problem };
  }
}

function readQueued(kept: string | undefined): Queued | undefined {
  try {
    const { interviewId, questionId, text, key, durationMs, queuedAt, heldUntil } = JSON.parse(kept ?? '') as Record<string, unknown>;
    if (typeof text !== 'string' || typeof key !== 'string') return undefined;
    return {
      interviewId: BigInt(String(interviewId)),
      questionId: BigInt(String(questionId)),
      text,
      key,
      durationMs: Number(durationMs) || 0,
      queuedAt: Number(queuedAt) || 0,
      heldUntil: Number(heldUntil) || 0,
    };
  } catch {
    return undefined;
  }
}
