/** Drafts of answers as the browser stores them: what was typed, and for how long. Only `lib/held` replaces a draft. */

import type { Store } from './store.js';

/** What was typed for a question. Times are in milliseconds. */
export interface Draft {
  text: string;
  elapsedMs: number;
  savedAt: number;
  /** The id of the question's interview. Drafts of earlier versions, and of reviews, have none. */
  interview?: string;
}

/** The drafts of one account. */
export class Drafts {
  readonly #store: Store;
  readonly #prefix: string;
  #isClosed = false;

  constructor(store: Store, account: bigint) {
    this.#store = store;
    this.#prefix = `viva.draft.${account}.`;
  }

  /** Counts the drafts. */
  count(): number {
    return this.#store.names(this.#prefix).length;
  }

  /** Deletes all drafts. */
  clear(): void {
    for (const name of this.#store.names(this.#prefix)) this.#store.remove(name);
  }

  /** Deletes all drafts and accepts no more, so that nothing that is still open brings one back. */
  close(): void {
    this.#isClosed = true;
    this.clear();
  }

  /** Whether `close` was called. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Deletes the drafts of an interview. */
  removeOf(interview: bigint): void {
    for (const name of this.#store.names(this.#prefix)) {
      if (this.read(name)?.interview === `${interview}`) this.#store.remove(name);
    }
  }

  /** The name of a question's draft; the names of its other drafts add a full stop and a suffix. A note is not a draft of its
   * question, and has a key of its own. */
  name(question: bigint | string): string {
    return `${this.#prefix}${question}`;
  }

  /** The names of all drafts of a question or of a point to review. */
  names(question: bigint | string): string[] {
    const own = this.name(question);
    return this.#store.names(own).filter((name) => name === own || name.startsWith(`${own}.`));
  }

  /** The stored text under a name, verbatim. */
  raw(name: string): string | undefined {
    return this.#store.get(name);
  }

  /** The draft under a name; undefined if what is there is not one. */
  read(name: string): Draft | undefined {
    return readDraft(this.raw(name));
  }

  /** Stores a draft under a name and returns what is stored. An empty draft is deleted. */
  write(name: string, draft: Draft): string | undefined {
    return this.put(name, draft.text.trim() === '' ? undefined : JSON.stringify(draft));
  }

  /** Stores a text verbatim under a name, or deletes what is there if `raw` is undefined. Returns what is stored. */
  put(name: string, raw: string | undefined): string | undefined {
    if (this.#isClosed) return undefined;
    if (raw === undefined) this.#store.remove(name);
    else this.#store.put(name, raw);
    return raw;
  }
}

/** Parses a stored draft; undefined if it is not one. */
export function readDraft(kept: string | null | undefined): Draft | undefined {
  if (!kept) return undefined;
  try {
    const { text, elapsedMs, savedAt, interview } = JSON.parse(kept) as Partial<Draft>;
    if (typeof text !== 'string') return undefined;
    return { text, elapsedMs: number(elapsedMs), savedAt: number(savedAt), ...(interview ? { interview: `${interview}` } : {}) };
  } catch {
    return undefined;
  }
}

function number(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : 0;
}
