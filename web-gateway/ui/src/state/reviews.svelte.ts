/** Reviewing: one point after the other is asked for, answered and graded. */

import { ReviewMode, type MemoryCounts, type Review, type SubmitReviewResponse } from '#gen/viva/v1/memory_pb.js';
import type { Api } from '../lib/api.js';
import { problemOf, type Problem } from '../lib/errors.js';
import { newest } from '../lib/newest.js';
import { randomKey } from '../lib/random.js';
import { declinedSentence } from '../lib/refusals.js';
import { forgetPoint, memoryOf, postponeReview, reviewsOf, submitReview, type Recall } from '../lib/reviews.js';

/** The stage of the current point. */
export type Stage =
  | { is: 'loading' }
  | { is: 'failed'; problem: Problem }
  | { is: 'asking' }
  | { is: 'sending' }
  | { is: 'graded'; reply: SubmitReviewResponse; text: string }
  /** Nothing is left. */
  | { is: 'done' };

/** The points to review. */
export class Reviews {
  stage: Stage = $state.raw({ is: 'loading' });
  mode = $state(ReviewMode.DUE);
  /** How many points there are to review, once the server has said so. */
  counts: MemoryCounts | undefined = $state.raw();
  /** How many points were asked for before the current one. */
  done = $state(0);
  /** Why the grader declined to judge the last answer. */
  declined = $state('');

  /** The points still to ask for, the current one first. */
  #queue: Review[] = $state.raw([]);
  /** What was sent last: sending it again must not rate the point twice. */
  #sent: Recall | undefined;
  readonly #api: Api;
  readonly #isNewest = newest();

  constructor(api: Api) {
    this.#api = api;
  }

  /** The point that is asked for. */
  get current(): Review | undefined {
    return this.#queue[0];
  }

  /** How many points there are in all. */
  get total(): number {
    return this.done + this.#queue.length;
  }

  /** Loads the points: what is due, with `more` beyond the daily limit too, or a drill. */
  async load(mode: ReviewMode, more = false): Promise<void> {
    const isWanted = this.#isNewest();
    this.mode = mode;
    this.#take([], 0);
    this.stage = { is: 'loading' };
    try {
      const { reviews, counts } = await reviewsOf(this.#api, mode, more);
      if (!isWanted()) return;
      this.counts = counts;
      this.#take(reviews, 0);
    } catch (cause) {
      if (isWanted()) this.stage = { is: 'failed', problem: problemOf(cause) };
    }
  }

  /** Has an answer to the current point graded; an empty one has the point shown. Returns whether it was rated. */
  async submit(text: string): Promise<boolean> {
    const point = this.current;
    if (!point || this.stage.is !== 'asking') return false;
    const { pointId, promptNumber } = point;
    const same = this.#sent?.pointId === pointId && this.#sent.promptNumber === promptNumber && this.#sent.answerText === text;
    const recall = (this.#sent = {
      pointId,
      promptNumber,
      answerText: text,
      idempotencyKey: same && this.#sent ? this.#sent.idempotencyKey : randomKey(),
    });
    this.declined = '';
    this.stage = { is: 'sending' };
    try {
      const reply = await submitReview(this.#api, recall);
      this.counts = reply.counts ?? this.counts;
      const isRated = reply.failureCode === 0;
      this.declined = isRated ? '' : declinedSentence(reply);
      this.stage = isRated ? { is: 'graded', reply, text } : { is: 'asking' };
      return isRated;
    } catch (cause) {
      this.stage = { is: 'asking' };
      throw cause;
    }
  }

  /** Goes to the next point after one that was graded. */
  next(): void {
    if (this.stage.is === 'graded') this.#take(this.#queue.slice(1), this.done + 1);
  }

  /** Puts the current point off and returns the day on which it is due. */
  async postpone(point: Review, days: number): Promise<string> {
    const day = await postponeReview(this.#api, point.pointId, days);
    await this.#drop(point);
    return day;
  }

  /** Never asks for a point again. */
  async forget(point: Review): Promise<void> {
    await forgetPoint(this.#api, point.pointId);
    await this.#drop(point);
  }

  /** Continues without a point; one that was graded counts as asked. */
  async #drop(point: Review): Promise<void> {
    if (this.#queue.length === 1) await this.#recount();
    if (this.current !== point) return;
    this.#take(this.#queue.slice(1), this.done + Number(this.stage.is === 'graded'));
  }

  /** Asks what is left; without a reply the last counts stay. */
  async #recount(): Promise<void> {
    const reply = await memoryOf(this.#api).catch(() => undefined);
    this.counts = reply?.counts ?? this.counts;
  }

  #take(queue: Review[], done: number): void {
    this.#queue = queue;
    this.done = done;
    this.declined = '';
    this.stage = { is: queue.length > 0 ? 'asking' : 'done' };
  }
}
