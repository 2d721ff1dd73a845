/** Drafts of answers: what was typed, and how long it was worked on. One a question and account. */

import type { Store } from './store.js';

/** What was typed for a question. Times are in milliseconds. */
export interface Draft {
  text: string;
  elapsedMs: number;
  savedAt: number;
}

/** The drafts of one account. */
export class Drafts {
  readonly #store: Store;
  readonly #prefix: string;

  constructor(store: Store, account: bigint) {
    this.#store = store;
    this.#prefix = `viva.draft.${account}.`;
  }

  /** The draft of an answer; none where nothing was typed, or what is kept cannot be read. */
  get(question: bigint): Draft | undefined {
    return readDraft(this.#store.get(this.name(question)));
  }

  /** Keeps a draft in place of what was there. An empty one is no draft, and goes. */
  put(question: bigint, draft: Draft): void {
    if (draft.text.trim() === '') this.#store.remove(this.name(question));
    else this.#store.put(this.name(question), JSON.stringify(draft));
  }

  /** Forgets a draft. */
  remove(question: bigint): void {
    this.#store.remove(this.name(question));
  }

  /** How many drafts there are. */
  count(): number {
    return this.#store.names(this.#prefix).length;
  }

  /** Forgets them all. */
  clear(): void {
    for (const name of this.#store.names(this.#prefix)) this.#store.remove(name);
  }

  /** The name under which a draft is kept; other tabs hear of changes by it. */
  name(question: bigint): string {
    return `${this.#prefix}${question}`;
  }
}

/** A draft as it was kept; none when that is not one. */
export function readDraft(kept: string | null | undefined): Draft | undefined {
  if (!kept) return undefined;
  try {
    const { text, elapsedMs, savedAt } = JSON.parse(kept) as Partial<Draft>;
    if (typeof text !== 'string') return undefined;
    return { text, elapsedMs: number(elapsedMs), savedAt: number(savedAt) };
  } catch {
    return undefined;
  }
}

function number(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : 0;
}
