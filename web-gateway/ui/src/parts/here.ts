/** For what is asked for on a screen and comes later, when somebody may have gone elsewhere. */

import { onDestroy } from 'svelte';
import { useViva } from '../state/viva.svelte.js';

/** Where one was when it was asked for, compared with now. */
export interface Here {
  /** Whether the screen is still shown. */
  readonly isShown: boolean;
  /** Whether the page is still the same account's; what comes for another one is nobody's business. */
  readonly isMine: boolean;
}

/** Where a component is; it is called while the component is made. */
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
