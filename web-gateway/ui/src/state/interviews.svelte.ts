/** The list of the account's interviews. */

import type { Interview } from '#gen/viva/v1/interview_pb.js';
import type { Api } from '../lib/api.js';
import { problemOf, unlessGone, type Problem } from '../lib/errors.js';
import { isUnfinished } from '../lib/filter.js';
import { newest } from '../lib/newest.js';

/** The loaded interviews, newest first. */
export class Interviews {
  list: Interview[] | undefined = $state.raw();
  problem: Problem | undefined = $state.raw();
  isLoadingMore = $state(false);
  /** The token of the next page; empty on the last. */
  nextPage = $state('');

  /** The newest interview with an unanswered question. */
  unfinished: Interview | undefined = $derived(this.list?.find(isUnfinished));
  /** The number of answers that are being evaluated. */
  pending: number = $derived(
    (this.list ?? []).reduce(
      (sum, { progress, feedbackWithheld }) => sum + (progress && !feedbackWithheld ? progress.answered - progress.evaluated : 0),
      0,
    ),
  );

  readonly #api: Api;
  readonly #forget: (id: bigint) => void;
  readonly #calm: () => Promise<void>;
  readonly #newest = newest();
  /** Interviews that were deleted here: a list that was requested earlier may still contain them. */
  readonly #removed = new Set<bigint>();

  /** `forget` removes what else is stored for a deleted interview; `calm` resolves when the user is not about to press
   * anything. */
  constructor(api: Api, forget: (id: bigint) => void = () => {}, calm: () => Promise<void> = async () => {}) {
    this.#api = api;
    this.#forget = forget;
    this.#calm = calm;
  }

  /** Loads the newest interviews; the previous list stays until then. */
  async load(): Promise<void> {
    const isNewest = this.#newest();
    try {
      const page = await this.#api.interviews('');
      if (this.list) await this.#calm();
      if (!isNewest()) return;
      const last = page.interviews.at(-1)?.id ?? 0n;
      // Pages that were loaded before stay below the new first one.
      const below = page.nextPageToken === '' ? [] : (this.list ?? []).filter(({ id }) => id < last);
      this.#show([...page.interviews, ...below]);
      if (below.length === 0) this.nextPage = page.nextPageToken;
      this.problem = undefined;
    } catch (cause) {
      if (isNewest()) this.problem = problemOf(cause);
    }
  }

  /** Loads the next page. */
  async loadMore(): Promise<void> {
    if (this.isLoadingMore || this.nextPage === '') return;
    this.isLoadingMore = true;
    try {
      const page = await this.#api.interviews(this.nextPage);
      this.#show([...(this.list ?? []), ...page.interviews]);
      this.nextPage = page.nextPageToken;
    } finally {
      this.isLoadingMore = false;
    }
  }

  /** Deletes an interview and everything in it. */
  async remove(id: bigint): Promise<void> {
    await unlessGone(this.#api.remove(id));
    this.#removed.add(id);
    this.#forget(id);
    if (this.list) this.#show(this.list);
  }

  #show(list: Interview[]): void {
    this.list = list.filter(({ id }) => !this.#removed.has(id));
  }
}
