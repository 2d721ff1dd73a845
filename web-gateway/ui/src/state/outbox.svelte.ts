/** Sends queued answers one after the other until the server has each. An answer that has just been submitted waits for a
 * moment, in which it can be taken back. */

import type { Api, Submission } from '../lib/api.js';
import type { Problem } from '../lib/errors.js';
import { randomKey } from '../lib/random.js';
import { Queue, send, waitMs, type Queued } from '../lib/queue.js';

/** How long a submitted answer can be taken back, in milliseconds. */
export const HOLD_MS = 5_000;

/** Called when the server has an answer. */
export type OnSent = (item: Queued, answerId: bigint) => void;

/** The answers of one account that the server does not have yet. */
export class Outbox {
  /** All queued answers, oldest first. */
  items: Queued[] = $state.raw([]);
  /** Why the server cannot be reached; undefined while it can. */
  offline: Problem | undefined = $state.raw();
  /** When the next try is due, in milliseconds since 1970; undefined during a try. */
  nextTryAt: number | undefined = $state.raw();
  /** Why the server did not accept an answer, by key. */
  refused: ReadonlyMap<string, Problem> = $state.raw(new Map());

  readonly #queue: Queue;
  readonly #api: Pick<Api, 'submit'>;
  readonly #told = new Set<OnSent>();
  /** The keys of the answers that were submitted in this page. */
  readonly #own = new Set<string>();
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #holdTimer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | undefined;
  #isWanted = false;
  #stopped = false;

  constructor(queue: Queue, api: Pick<Api, 'submit'>) {
    this.#queue = queue;
    this.#api = api;
    this.items = queue.all();
  }

  /** Sends what is queued, now and whenever the network comes back, until it is stopped. A page that is being closed sends
   * what it has held back. */
  start(): () => void {
    const now = () => this.tryNow();
    const goes = () => void this.release('this-page');
    const hides = () => document.hidden && goes();
    const heard = (event: StorageEvent) => {
      if (event.key !== null && this.#queue.owns(event.key)) this.#reload();
    };
    addEventListener('online', now);
    addEventListener('storage', heard);
    addEventListener('pagehide', goes);
    document.addEventListener('visibilitychange', hides);
    this.tryNow();
    return () => {
      this.#stopped = true;
      clearTimeout(this.#timer);
      clearTimeout(this.#holdTimer);
      removeEventListener('online', now);
      removeEventListener('storage', heard);
      removeEventListener('pagehide', goes);
      document.removeEventListener('visibilitychange', hides);
    };
  }

  /** Calls `whom` whenever the server has an answer, until the returned function is called. */
  tell(whom: OnSent): () => void {
    this.#told.add(whom);
    return () => void this.#told.delete(whom);
  }

  /** Queues an answer to be sent after `holdMs`. It is stored before anything else happens. */
  submit(submission: Submission, holdMs = 0): void {
    const now = Date.now();
    this.#own.add(submission.key);
    this.#queue.put({ ...submission, queuedAt: now, heldUntil: holdMs && now + holdMs });
    this.#reload();
    this.tryNow();
  }

  /** Returns the queued answer to a question. */
  of(questionId: bigint): Queued | undefined {
    return this.items.findLast((item) => item.questionId === questionId);
  }

  /** Tries at once instead of when the next try is due. */
  tryNow(): void {
    clearTimeout(this.#timer);
    this.nextTryAt = undefined;
    void this.#run();
  }

  /** Sends a rejected answer again, under a new key if another answer was sent under its key. */
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

  /** Stops holding answers back, this page's or all of this browser's. Resolves when everything that can be sent now has been
   * tried. */
  async release(of: 'this-page' | 'all-pages'): Promise<void> {
    const isMeant = ({ key }: Queued) => of === 'all-pages' || this.#own.has(key);
    const held = this.#queue.all().filter((item) => isMeant(item) && this.#heldFor(item) > 0);
    if (held.length === 0) return;
    for (const item of held) this.#queue.put({ ...item, heldUntil: 0 });
    this.#reload();
    await this.#run();
  }

  /** Whether an answer can be taken back: it was neither sent nor is being sent. */
  canTakeBack(key: string): boolean {
    return this.#queue
      .all()
      .some((item) => item.key === key && (this.#heldFor(item) > 0 || this.refused.has(key) || this.offline !== undefined));
  }

  /** Takes an answer back; the caller has its text. */
  takeBack(key: string): void {
    this.#queue.remove(key);
    this.#forgetRefusal(key);
    this.#reload();
  }

  /** Removes all queued answers. */
  clear(): void {
    this.#queue.clear();
    this.#reload();
  }

  /** Removes the answers of a deleted interview. */
  removeOf(interview: bigint): void {
    for (const item of this.#queue.all()) if (item.interviewId === interview) this.takeBack(item.key);
  }

  /** Sends what can be sent. A request during that is not lost. */
  #run(): Promise<void> {
    this.#isWanted = true;
    return (this.#running ??= this.#sendWhileWanted());
  }

  async #sendWhileWanted(): Promise<void> {
    while (this.#isWanted) {
      this.#isWanted = false;
      await this.#sendAll();
    }
    this.#running = undefined;
    this.#reload();
  }

  /** Sends one after the other, including those that arrive meanwhile, and again when the next is no longer held back. */
  async #sendAll(): Promise<void> {
    for (let item = this.#next(); item; item = this.#next()) {
      if (!(await this.#sendOne(item))) break;
    }
    const waits = this.#queue
      .all()
      .map((item) => this.#heldFor(item))
      .filter((ms) => ms > 0);
    clearTimeout(this.#holdTimer);
    if (waits.length > 0 && !this.#stopped) this.#holdTimer = setTimeout(() => this.tryNow(), Math.min(...waits));
  }

  #next(): Queued | undefined {
    if (this.#stopped) return undefined;
    return this.#queue.all().find((item) => !this.refused.has(item.key) && this.#heldFor(item) === 0);
  }

  /** How long an answer can still be taken back, in milliseconds. */
  #heldFor({ heldUntil }: Queued): number {
    const left = heldUntil - Date.now();
    // If the clock was set back, it would be held for too long.
    return left > 0 && left <= HOLD_MS ? left : 0;
  }

  /** Whether the next answer can be sent. */
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
