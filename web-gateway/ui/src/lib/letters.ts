/** The choice whether single letters are shortcuts. */

import type { Store } from './store.js';

const NAME = 'viva.keys';

/** Whether single letters are shortcuts. Users of screen readers or voice control may not want that. */
export function wantsKeys(store: Store): boolean {
  return store.get(NAME) !== 'off';
}

/** Stores the choice. */
export function setKeys(on: boolean, store: Store): void {
  if (on) store.remove(NAME);
  else store.put(NAME, 'off');
}
