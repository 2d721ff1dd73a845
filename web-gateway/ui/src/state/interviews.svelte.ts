/** The list of the account's interviews. */

import type { Interview } from '#gen/viva/v1/interview_pb.js';
import type { Api } from '../lib/api.js';
import { problemOf, type Problem } from '../lib/errors.js';
import { isUnfinished } from '../lib/filter.js';

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

  constructor(api: Api) {
    this.#api = api;
  }

  /** Loads the newest ones; what was loaded before stays until then. */
  async load(): Promise<void> {
    try {
      const page = await this.#api.interviews('');
      const last = page.interviews.at(-1)?.id ?? 0n;
      // Pages that were loaded before stay below the new first one.
      const below = page.nextPageToken === '' ? [] : (this.list ?? []).filter(({ id }) => id < last);
      this.list = [...page.interviews, ...below];
      if (below.length === 0) this.nextPage = page.nextPageToken;
      this.problem = undefined;
    } catch (cause) {
      this.problem = problemOf(cause);
    }
  }

  /** Loads the page after. */
  async loadMore(): Promise<void> {
    if (this.isLoadingMore || this.nextPage === '') return;
    this.isLoadingMore = true;
    try {
      const page = await this.#api.interviews(this.nextPage);
      this.list = [...(this.list ?? []), ...page.interviews];
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
    this.list = this.list?.filter((interview) => interview.id !== id);
  }
}
