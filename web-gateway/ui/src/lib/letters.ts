/** Whether the reader wants single letters to be keys. */

import type { Store } from './store.js';

const NAME = 'viva.keys';

/** Whether single letters do something; a screen reader's or a voice's user may not want that. */
export function wantsKeys(store: Store): boolean {
  return store.get(NAME) !== 'off';
}

/** Keeps whether they do. */
export function setKeys(on: boolean, store: Store): void {
  if (on) store.remove(NAME);
  else store.put(NAME, 'off');
}
