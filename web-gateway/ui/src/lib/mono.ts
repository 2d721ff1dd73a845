/** The choice whether the editor uses a monospace font. */

import type { Store } from './store.js';

const NAME = 'viva.mono';

/** Returns the stored choice. */
export function keptMono(store: Store): boolean {
  return store.get(NAME) === 'on';
}

/** Stores the choice. */
export function setMono(on: boolean, store: Store): void {
  if (on) store.put(NAME, 'on');
  else store.remove(NAME);
}
