/** Sends the answers that are on their way, one after the other, until the server has each. */

import type { Api, Submission } from '../lib/api.js';
import type { Problem } from '../lib/errors.js';
import { randomKey } from '../lib/random.js';
import { Queue, send, waitMs, type Queued } from '../lib/queue.js';

/** Told when the server has an answer. */
export type OnSent = (item: Queued, answerId: bigint) => void;

/** The answers of one account that the server does not have yet. */
export class Outbox {
  /** All of them, oldest first. */
  items: Queued[] = $state.raw([]);
  /** Why the server cannot be reached; none while it can. */
  offline: Problem | undefined = $state.raw();
  /** When the next try is due, in milliseconds since 1970; none while one is under way. */
  nextTryAt: number | undefined = $state.raw();
  /** By key, why the server did not take an answer. */
  refused: ReadonlyMap<string, Problem> = $state.raw(new Map());

  readonly #queue: Queue;
  readonly #api: Pick<Api, 'submit'>;
  readonly #told = new Set<OnSent>();
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sending = false;
  #stopped = false;

  constructor(queue: Queue, api: Pick<Api, 'submit'>) {
    this.#queue = queue;
    this.#api = api;
    this.items = queue.all();
  }

  /** Sends what is there, now and whenever the network comes back, until it is stopped. */
  start(): () => void {
    const now = () => this.tryNow();
    const heard = (event: StorageEvent) => {
      if (event.key !== null && this.#queue.owns(event.key)) this.#reload();
    };
    addEventListener('online', now);
    addEventListener('storage', heard);
    this.tryNow();
    return () => {
      this.#stopped = true;
      clearTimeout(this.#timer);
      removeEventListener('online', now);
      removeEventListener('storage', heard);
    };
  }

  /** Tells whenever the server has an answer, until the returned function is called. */
  tell(whom: OnSent): () => void {
    this.#told.add(whom);
    return () => void this.#told.delete(whom);
  }

  /** Takes an answer to be sent. It is kept before anything else is done. */
  submit(submission: Submission): void {
    this.#queue.put({ ...submission, queuedAt: Date.now() });
    this.#reload();
    this.tryNow();
  }

  /** The answer to a question that is on its way. */
  of(questionId: bigint): Queued | undefined {
    return this.items.findLast((item) => item.questionId === questionId);
  }

  /** Tries at once instead of when it is due. */
  tryNow(): void {
    clearTimeout(this.#timer);
    this.nextTryAt = undefined;
    void this.#run();
  }

  /** Tries an answer again that was refused. Where another one was sent under its key, it needs one of
   * its own. */
  again(key: string): void {
    const item = this.items.find((one) => one.key === key);
    if (item && this.refused.get(key)?.kind === 'conflict') {
      this.#queue.put({ ...item, key: randomKey() });
      this.#queue.remove(key);
      this.#reload();
    }
    this.#forgetRefusal(key);
    this.tryNow();
  }

  /** Takes an answer back; its text is the caller's again. */
  takeBack(key: string): void {
    this.#queue.remove(key);
    this.#forgetRefusal(key);
    this.#reload();
  }

  /** Forgets all answers on their way. */
  clear(): void {
    this.#queue.clear();
    this.#reload();
  }

  /** Forgets those of an interview, which has been deleted. */
  removeOf(interview: bigint): void {
    for (const item of this.#queue.all()) if (item.interviewId === interview) this.takeBack(item.key);
  }

  async #run(): Promise<void> {
    if (this.#sending || this.#stopped) return;
    this.#sending = true;
    try {
      for (const item of this.items) {
        if (this.#stopped || this.refused.has(item.key) || !this.#queue.has(item.key)) continue;
        if (!(await this.#sendOne(item))) break;
      }
    } finally {
      this.#sending = false;
      this.#reload();
    }
  }

  /** Whether the next one can be sent. */
  async #sendOne(item: Queued): Promise<boolean> {
    const outcome = await send(this.#queue, item, (one) => this.#api.submit(one));
    if (this.#stopped) return false;
    if (outcome.is === 'later') {
      this.offline = outcome.problem;
      this.#failures += 1;
      if (!outcome.problem.needsSignIn) this.#tryLater(outcome.problem.retryAfterMs);
      return false;
    }
    this.#failures = 0;
    this.offline = undefined;
    if (outcome.is === 'refused') {
      this.refused = new Map(this.refused).set(item.key, outcome.problem);
    } else {
      this.#reload();
      for (const tell of this.#told) tell(item, outcome.answerId);
    }
    return true;
  }

  #tryLater(askedFor: number | undefined): void {
    const wait = waitMs(this.#failures, askedFor);
    this.nextTryAt = Date.now() + wait;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.tryNow(), wait);
  }

  #forgetRefusal(key: string): void {
    const refused = new Map(this.refused);
    refused.delete(key);
    this.refused = refused;
  }

  #reload(): void {
    this.items = this.#queue.all();
  }
}
