/** What was entered in the form for a new interview. It is stored until an interview is started from it, and replaced only by
 * a window that has read it. */

import type { InterviewMode } from '#gen/viva/v1/interview_pb.js';
import type { Drafts } from './drafts.js';
import { randomKey } from './random.js';

/** The fields of the form. */
export interface Plan {
  role: string;
  templateId: string;
  level: number;
  numQuestions: number;
  topics: string[];
  jobDescription: string;
  /** Plans of earlier versions have none. */
  language?: string;
  mode?: InterviewMode;
  minutes?: number;
  questionMinutes?: number;
}

/** The question id under which the form is stored as a draft: a server's ids begin at 1. */
const FORM = 0n;

/** The plan that a window works on. */
export class KeptPlan {
  readonly #drafts: Drafts;
  #name: string;
  #seen: string | undefined;

  /** Opens the newest stored plan, of this window or another. */
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

  /** Replaces the plan that was read; if another window has changed it, both are kept. */
  keep(plan: Plan): void {
    const there = this.#drafts.raw(this.#name);
    if (there !== undefined && there !== this.#seen) this.#name = `${this.#drafts.name(FORM)}.${randomKey()}`;
    this.#seen = this.#drafts.put(this.#name, JSON.stringify({ plan, savedAt: Date.now() }));
  }

  /** Deletes the plan once an interview was started from it, unless it has changed since. */
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
