/** Answers that the server does not have yet. Each is kept with its idempotency key before it is
 * sent and forgotten only when the server has it, so that closing the page loses none and sending
 * one twice stores it once. */

import type { Submission } from './api.js';
import { problemOf, type Problem } from './errors.js';
import type { Store } from './store.js';

/** An answer on its way. */
export interface Queued extends Submission {
  /** When it was submitted, in milliseconds since 1970. */
  queuedAt: number;
}

/** Milliseconds between tries, after each that failed; then the last one again and again. */
const BACK_OFF_MS = [1_000, 2_000, 3_000, 5_000, 8_000];

/** How long to wait after so many failed tries in a row, and at least as long as was asked for. */
export function waitMs(failures: number, askedFor: number | undefined): number {
  const own = BACK_OFF_MS[Math.min(failures, BACK_OFF_MS.length) - 1] ?? 0;
  return Math.max(own, askedFor ?? 0);
}

/** The answers of one account that are on their way, oldest first. */
export class Queue {
  readonly #store: Store;
  readonly #prefix: string;

  constructor(store: Store, account: bigint) {
    this.#store = store;
    this.#prefix = `viva.queue.${account}.`;
  }

  /** Keeps an answer until it is removed. */
  put(item: Queued): void {
    const plain = { ...item, interviewId: `${item.interviewId}`, questionId: `${item.questionId}` };
    this.#store.put(this.#prefix + item.key, JSON.stringify(plain));
  }

  /** Forgets an answer. */
  remove(key: string): void {
    this.#store.remove(this.#prefix + key);
  }

  /** Whether an answer is still to be sent; another tab may have done so. */
  has(key: string): boolean {
    return this.#store.get(this.#prefix + key) !== undefined;
  }

  /** All of them, oldest first. */
  all(): Queued[] {
    return this.#store
      .names(this.#prefix)
      .map((name) => readQueued(this.#store.get(name)))
      .filter((item) => item !== undefined)
      .sort((a, b) => a.queuedAt - b.queuedAt);
  }

  /** Forgets them all. */
  clear(): void {
    for (const name of this.#store.names(this.#prefix)) this.#store.remove(name);
  }

  /** Whether a name in the browser's store is of this queue. */
  owns(name: string): boolean {
    return name.startsWith(this.#prefix);
  }
}

/** What came of sending. */
export type Outcome =
  | { is: 'sent'; answerId: bigint }
  | { is: 'later'; problem: Problem }
  | { is: 'refused'; problem: Problem };

/** Sends one answer. It leaves the queue when the server has it, and only then; one that was
 * refused stays until its author has decided. */
export async function send(
  queue: Queue,
  item: Queued,
  submit: (item: Submission) => Promise<bigint>,
): Promise<Outcome> {
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
    const { interviewId, questionId, text, key, durationMs, queuedAt } = JSON.parse(
      kept ?? '',
    ) as Record<string, unknown>;
    if (typeof text !== 'string' || typeof key !== 'string') return undefined;
    return {
      interviewId: BigInt(String(interviewId)),
      questionId: BigInt(String(questionId)),
      text,
      key,
      durationMs: Number(durationMs) || 0,
      queuedAt: Number(queuedAt) || 0,
    };
  } catch {
    return undefined;
  }
}
