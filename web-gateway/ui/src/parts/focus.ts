/** Where the focus goes on a new screen: to its heading, so that a screen reader begins there. */

import { tick } from 'svelte';

/** Whether somebody has gone to another screen; a page that has just been opened keeps its focus. */
let hasMoved = false;

/** Gives the focus to the heading of the screen in `main`, unless something there has it. */
export async function focusHeading(main: HTMLElement): Promise<void> {
  await tick();
  hasMoved = true;
  if (main.contains(document.activeElement) && document.activeElement !== main) return;
  const heading = main.querySelector('h1');
  if (heading) focus(heading);
  else main.focus({ preventScroll: true });
}

/** For a heading that takes the place of another once a screen is loaded: it takes the focus too. */
export function takesFocus(heading: HTMLElement): void {
  if (hasMoved && document.activeElement === document.body) focus(heading);
}

function focus(heading: HTMLElement): void {
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}
