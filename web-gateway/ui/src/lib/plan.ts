/** What is entered in the form for a new interview. It is kept until an interview is started from it, and
 * replaced only by a window that has read it. */

import type { Drafts } from './drafts.js';
import { randomKey } from './random.js';

/** What a new interview is to be. */
export interface Plan {
  role: string;
  templateId: string;
  level: number;
  numQuestions: number;
  topics: string[];
  jobDescription: string;
}

/** The form stands where the draft of a question would: a server’s ids begin at 1. */
const FORM = 0n;

/** The plan that a window goes on with. */
export class KeptPlan {
  readonly #drafts: Drafts;
  #name: string;
  #seen: string | undefined;

  /** The newest that is kept, of this window or another. */
  constructor(drafts: Drafts) {
    this.#drafts = drafts;
    const kept = drafts.names(FORM).map((name) => ({ name, savedAt: read(drafts.raw(name))?.savedAt ?? 0 }));
    const [newest] = kept.sort((a, b) => b.savedAt - a.savedAt);
    this.#name = newest?.name ?? drafts.name(FORM);
    this.#seen = drafts.raw(this.#name);
  }

  /** The plan as this window knows it. */
  get plan(): Plan | undefined {
    return read(this.#seen)?.plan;
  }

  /** Keeps a plan in place of the one that was read; where that is another one by now, beside it. */
  keep(plan: Plan): void {
    const there = this.#drafts.raw(this.#name);
    if (there !== undefined && there !== this.#seen) this.#name = `${this.#drafts.name(FORM)}.${randomKey()}`;
    this.#seen = this.#drafts.put(this.#name, JSON.stringify({ plan, savedAt: Date.now() }));
  }

  /** Forgets it once an interview was started from this plan; one that was changed since stays. */
  started(plan: Plan): void {
    const is = JSON.stringify(this.plan) === JSON.stringify(plan);
    if (is && this.#drafts.raw(this.#name) === this.#seen) this.#seen = this.#drafts.put(this.#name, undefined);
  }
}

function read(raw: string | undefined): { plan: Plan; savedAt: number } | undefined {
  try {
    const kept = JSON.parse(raw ?? '') as { plan: Plan; savedAt: number };
    const { role, jobDescription, topics } = kept.plan;
    return typeof role === 'string' && typeof jobDescription === 'string' && Array.isArray(topics) ? kept : undefined;
  } catch {
    return undefined;
  }
}
