/** Keyboard shortcuts. Single letters work only outside text fields, and only if the user wants them. */

import { useViva } from '../state/viva.svelte.js';
import type { QuestionMark } from '#gen/viva/v1/interview_pb.js';
import { wantsKeys } from '../lib/letters.js';
import type { Marking } from '../state/marking.svelte.js';

/** Actions by key, as `KeyboardEvent.key` names it. */
export type Shortcuts = Record<string, () => void>;

/** Returns a handler of `keydown` for a window. */
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

/** The shortcuts that mark a question. */
export function markKeys(marking: Marking, mark: QuestionMark | undefined): Shortcuts {
  return {
    s: () => void marking.toggle('star', mark),
    w: () => marking.write(mark),
    x: () => void marking.toggle('not-again', mark),
    a: () => void marking.toggle('again-soon', mark),
  };
}

/** Whether the key is meant for the focused element. */
function isTyped(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('dialog')) return true;
  if (target.isContentEditable || target.matches('textarea, select')) return true;
  if (!(target instanceof HTMLInputElement)) return false;
  // Arrows choose among radio buttons; letters mean nothing to them.
  return !['radio', 'checkbox', 'button'].includes(target.type) || event.key.startsWith('Arrow');
}
