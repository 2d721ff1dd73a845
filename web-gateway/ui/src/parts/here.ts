/** For results that arrive when the user may have left the screen. */

import { onDestroy } from 'svelte';
import { useViva } from '../state/viva.svelte.js';

/** Whether screen and account are still the same as when the component was created. */
export interface Here {
  /** Whether the screen is still shown. */
  readonly isShown: boolean;
  /** Whether the same account is still signed in. Results for another one must not be shown. */
  readonly isMine: boolean;
}

/** Call this while a component is being created. */
export function here(): Here {
  const viva = useViva();
  const account = viva.account;
  let isShown = true;
  onDestroy(() => (isShown = false));
  return {
    get isShown() {
      return isShown;
    },
    get isMine() {
      return viva.account === account;
    },
  };
}
