/** Drafts of answers as the browser keeps them: what was typed, and how long it was worked on. What
 * replaces a draft is `lib/held`, and nothing else. */

import type { Store } from './store.js';

/** What was typed for a question. Times are in milliseconds. */
export interface Draft {
  text: string;
  elapsedMs: number;
  savedAt: number;
  /** The id of the interview whose question it is; drafts of earlier versions do not say. */
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

  /** How many drafts there are. */
  count(): number {
    return this.#store.names(this.#prefix).length;
  }

  /** Forgets them all. */
  clear(): void {
    for (const name of this.#store.names(this.#prefix)) this.#store.remove(name);
  }

  /** Forgets them all and takes no more: whatever is still open may not bring one back. */
  close(): void {
    this.#isClosed = true;
    this.clear();
  }

  /** Whether they were forgotten for good. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Forgets those of an interview. */
  removeOf(interview: bigint): void {
    for (const name of this.#store.names(this.#prefix)) {
      if (this.read(name)?.interview === `${interview}`) this.#store.remove(name);
    }
  }

  /** The name under which a draft is kept; those beside it begin with it and a full stop. A note on a
   * question is none of its drafts, and has a key of its own. */
  name(question: bigint | string): string {
    return `${this.#prefix}${question}`;
  }

  /** The names of all that is kept for a question. */
  names(question: bigint): string[] {
    const own = this.name(question);
    return this.#store.names(own).filter((name) => name === own || name.startsWith(`${own}.`));
  }

  /** What is kept under a name, letter for letter. */
  raw(name: string): string | undefined {
    return this.#store.get(name);
  }

  /** What is kept under a name, if that is a draft. */
  read(name: string): Draft | undefined {
    return readDraft(this.raw(name));
  }

  /** Keeps a draft under a name, and gives it as it is kept; an empty one is no draft, and goes. */
  write(name: string, draft: Draft): string | undefined {
    return this.put(name, draft.text.trim() === '' ? undefined : JSON.stringify(draft));
  }

  /** Keeps a text under a name, letter for letter, and gives it as it is kept; none: forgets what is there. */
  put(name: string, raw: string | undefined): string | undefined {
    if (this.#isClosed) return undefined;
    if (raw === undefined) this.#store.remove(name);
    else this.#store.put(name, raw);
    return raw;
  }
}

/** A draft as it was kept; none when that is not one. */
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
