/** Drafts shared by several windows. A window replaces a draft only if it has read it. If another window has changed the
 * draft meanwhile, both are kept, the second under a name of its own. */

import { readDraft, type Draft, type Drafts } from './drafts.js';
import { randomKey } from './random.js';

/** A draft with the name under which it is stored. */
export interface Kept extends Draft {
  name: string;
}

/** All drafts of a question, newest first. Those that cannot be read are left out. */
export function keptFor(drafts: Drafts, question: bigint | string): Kept[] {
  return drafts
    .names(question)
    .flatMap((name) => {
      const draft = drafts.read(name);
      return draft ? [{ ...draft, name }] : [];
    })
    .sort((a, b) => b.savedAt - a.savedAt);
}

/** Stores a draft beside the existing ones. */
export function keepBeside(drafts: Drafts, question: bigint, draft: Draft): void {
  const own = drafts.name(question);
  drafts.write(drafts.read(own) ? apart(own) : own, draft);
}

/** Adds the interview to drafts of earlier versions, so that they are deleted with it. */
export function claim(drafts: Drafts, interview: bigint, questions: bigint[]): void {
  for (const { name, ...draft } of questions.flatMap((question) => keptFor(drafts, question))) {
    if (draft.interview === undefined) drafts.write(name, { ...draft, interview: `${interview}` });
  }
}

/** The draft that a window works on: what it last read or wrote, and under which name. */
export class Held {
  readonly #drafts: Drafts;
  readonly #question: bigint | string;
  #name: string;
  #seen: string | undefined;

  constructor(drafts: Drafts, question: bigint | string, name: string = drafts.name(question)) {
    this.#drafts = drafts;
    this.#question = question;
    this.#name = name;
    this.#seen = drafts.raw(name);
  }

  /** The name under which it is stored. */
  get name(): string {
    return this.#name;
  }

  /** The draft as this window knows it. */
  get draft(): Draft | undefined {
    return readDraft(this.#seen);
  }

  /** Whether the stored draft is the one that this window knows. */
  get isCurrent(): boolean {
    return this.#drafts.raw(this.#name) === this.#seen;
  }

  /** Reads the stored draft again. */
  look(): void {
    this.#seen = this.#drafts.raw(this.#name);
  }

  /** Replaces the draft that was read. If another window has changed it, both are kept. */
  keep(draft: Draft): void {
    const there = this.isCurrent ? undefined : this.#drafts.read(this.#name);
    if (there && there.text !== draft.text) this.#name = apart(this.#drafts.name(this.#question));
    this.#seen = this.#drafts.write(this.#name, draft);
  }

  /** Deletes the draft if it is still the one that this window knows. */
  drop(): void {
    if (this.isCurrent) this.#seen = this.#drafts.write(this.#name, NOTHING);
  }
}

const NOTHING: Draft = { text: '', elapsedMs: 0, savedAt: 0 };

/** A name that is not in use. */
function apart(own: string): string {
  return `${own}.${randomKey()}`;
}
