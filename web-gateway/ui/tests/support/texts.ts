// Shared by tests of writing: three texts, and the drafts and the queue as another window sees them.
import { Drafts } from '../../src/lib/drafts.js';
import { Held, keptFor } from '../../src/lib/held.js';
import { Queue } from '../../src/lib/queue.js';
import { browserStore } from '../../src/lib/store.js';

export const ONE = 'What I say to the first question.';
export const TWO = 'What I say to the second question.';
export const THREE = 'What I say to the third question.';

/** The drafts and the queue of the account, as another window has them. */
export const drafts = () => new Drafts(browserStore(), 7n);
export const queue = () => new Queue(browserStore(), 7n);
export const kept = (question: number) =>
  keptFor(drafts(), BigInt(question))
    .map(({ text }) => text)
    .sort();
export const keep = (question: number, text: string) =>
  new Held(drafts(), BigInt(question)).keep({ text, elapsedMs: 0, savedAt: Date.now(), interview: '5' });
/** The text of an element on one line. */
export const words = (place: Element | null | undefined) => (place?.textContent ?? '').replace(/\s+/g, ' ').trim();
