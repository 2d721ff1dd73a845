/** Taking answers back before the server has them. */

import type { Submission } from '../lib/api.js';
import { keepBeside } from '../lib/held.js';
import { againPath, interviewPath } from '../lib/router.js';
import type { Slot } from './interview.svelte.js';
import type { Account, Viva } from './viva.svelte.js';

/** Turns an answer back into a draft beside any others and goes to its question. Returns false, with a message, if it is too
 * late. */
export function takeBack(viva: Viva, { drafts, outbox }: Account, item: Submission, slot: Slot | undefined): boolean {
  const { interviewId, questionId, text, durationMs, key } = item;
  if (!outbox.canTakeBack(key)) {
    viva.notices.tell('This answer has already been sent. “Answer again” starts from its text.');
    return false;
  }
  keepBeside(drafts, questionId, { text, elapsedMs: durationMs, savedAt: Date.now(), interview: `${interviewId}` });
  outbox.takeBack(key);
  if (slot) viva.navigation.go((slot.report.answer || slot.question.shown ? againPath : interviewPath)(interviewId, slot.number));
  return true;
}
