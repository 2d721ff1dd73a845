/** The list of the account's interviews. */

import type { Interview } from '#gen/viva/v1/interview_pb.js';
import type { Api } from '../lib/api.js';
import { problemOf, type Problem } from '../lib/errors.js';
import { isUnfinished } from '../lib/filter.js';
import { newest } from '../lib/newest.js';

/** The interviews that are loaded, newest first. */
export class Interviews {
  list: Interview[] | undefined = $state.raw();
  problem: Problem | undefined = $state.raw();
  isLoadingMore = $state(false);
  /** Empty when there are no more. */
  nextPage = $state('');

  /** The newest interview that has a question without an answer. */
  unfinished: Interview | undefined = $derived(this.list?.find(isUnfinished));
  /** How many answers are being evaluated. */
  pending: number = $derived(
    (this.list ?? []).reduce((sum, { progress }) => sum + (progress ? progress.answered - progress.evaluated : 0), 0),
  );

  readonly #api: Api;
  readonly #forget: (id: bigint) => void;
  readonly #calm: () => Promise<void>;
  readonly #newest = newest();
  /** Those that were deleted here: a list that was asked for before may still have them. */
  readonly #removed = new Set<bigint>();

  /** `forget` drops what else is kept for an interview that was deleted; `calm` comes when nobody is about
   * to press anything. */
  constructor(api: Api, forget: (id: bigint) => void = () => {}, calm: () => Promise<void> = async () => {}) {
    this.#api = api;
    this.#forget = forget;
    this.#calm = calm;
  }

  /** Loads the newest ones; what was loaded before stays until then. */
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

  /** Loads the page after. */
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

  /** Deletes an interview with all that belongs to it. */
  async remove(id: bigint): Promise<void> {
    await this.#api.remove(id).catch((cause: unknown) => {
      // It is what was wanted when it is gone already.
      if (problemOf(cause).kind !== 'not-found') throw cause;
    });
    this.#removed.add(id);
    this.#forget(id);
    if (this.list) this.#show(this.list);
  }

  #show(list: Interview[]): void {
    this.list = list.filter(({ id }) => !this.#removed.has(id));
  }
}
