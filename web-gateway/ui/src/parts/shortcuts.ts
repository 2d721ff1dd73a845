/** Keys that do something on a screen. Single letters only where no text is being typed, and only
 * while the reader wants them. */

import { useViva } from '../state/viva.svelte.js';
import type { QuestionMark } from '#gen/viva/v1/interview_pb.js';
import { wantsKeys } from '../lib/letters.js';
import type { Marking } from '../state/marking.svelte.js';

/** By key, as `KeyboardEvent.key` names it, what it does. */
export type Shortcuts = Record<string, () => void>;

/** A handler of `keydown` for a window. */
export function shortcuts(table: () => Shortcuts): (event: KeyboardEvent) => void {
  const { store } = useViva();
  return (event) => {
    const hasModifier = event.ctrlKey || event.metaKey || event.altKey;
    if (event.defaultPrevented || hasModifier || event.isComposing || isTyped(event)) return;
    const action = table()[event.key];
    if (!action || !wantsKeys(store)) return;
    event.preventDefault();
    action();
  };
}

/** The keys that mark a question. */
export function markKeys(marking: Marking, mark: QuestionMark | undefined): Shortcuts {
  return {
    s: () => void marking.toggle('star', mark),
    w: () => marking.write(mark),
    x: () => void marking.toggle('not-again', mark),
    a: () => void marking.toggle('again-soon', mark),
  };
}

/** Whether the key is meant for what has the focus. */
function isTyped(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('dialog')) return true;
  if (target.isContentEditable || target.matches('textarea, select')) return true;
  if (!(target instanceof HTMLInputElement)) return false;
  // Arrows choose among radio buttons; letters mean nothing to them.
  return !['radio', 'checkbox', 'button'].includes(target.type) || event.key.startsWith('Arrow');
}
