/** Drafts as a window goes on with them. A draft is replaced only by a window that has read it. One that
 * another window has put in its place meanwhile stays, and the other one is kept beside it, under a name
 * of its own. */

import { readDraft, type Draft, type Drafts } from './drafts.js';
import { randomKey } from './random.js';

/** A draft with the name under which it is kept. */
export interface Kept extends Draft {
  name: string;
}

/** All that is kept for a question, the newest first; what cannot be read is left out. */
export function keptFor(drafts: Drafts, question: bigint): Kept[] {
  return drafts
    .names(question)
    .flatMap((name) => {
      const draft = drafts.read(name);
      return draft ? [{ ...draft, name }] : [];
    })
    .sort((a, b) => b.savedAt - a.savedAt);
}

/** Keeps a draft beside all that is there. */
export function keepBeside(drafts: Drafts, question: bigint, draft: Draft): void {
  const own = drafts.name(question);
  drafts.write(drafts.read(own) ? apart(own) : own, draft);
}

/** Writes down of drafts of earlier versions whose they are, so that they go with their interview. */
export function claim(drafts: Drafts, interview: bigint, questions: bigint[]): void {
  for (const { name, ...draft } of questions.flatMap((question) => keptFor(drafts, question))) {
    if (draft.interview === undefined) drafts.write(name, { ...draft, interview: `${interview}` });
  }
}

/** The draft that a window has in its hand: what it has read or written last, and where. */
export class Held {
  readonly #drafts: Drafts;
  readonly #question: bigint;
  #name: string;
  #seen: string | undefined;

  constructor(drafts: Drafts, question: bigint, name: string = drafts.name(question)) {
    this.#drafts = drafts;
    this.#question = question;
    this.#name = name;
    this.#seen = drafts.raw(name);
  }

  /** Where it is kept. */
  get name(): string {
    return this.#name;
  }

  /** The draft as this window knows it. */
  get draft(): Draft | undefined {
    return readDraft(this.#seen);
  }

  /** Whether what is kept there is what this window knows. */
  get isCurrent(): boolean {
    return this.#drafts.raw(this.#name) === this.#seen;
  }

  /** Reads again what is there. */
  look(): void {
    this.#seen = this.#drafts.raw(this.#name);
  }

  /** Keeps a draft in place of the one that was read. Where that is another one by now, both are. */
  keep(draft: Draft): void {
    const there = this.isCurrent ? undefined : this.#drafts.read(this.#name);
    if (there && there.text !== draft.text) this.#name = apart(this.#drafts.name(this.#question));
    this.#seen = this.#drafts.write(this.#name, draft);
  }

  /** Forgets it, if it is still the one that this window knows. */
  drop(): void {
    if (this.isCurrent) this.#seen = this.#drafts.write(this.#name, NOTHING);
  }
}

const NOTHING: Draft = { text: '', elapsedMs: 0, savedAt: 0 };

/** A name that nothing is kept under. */
function apart(own: string): string {
  return `${own}.${randomKey()}`;
}
