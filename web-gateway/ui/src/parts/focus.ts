/** Moves the focus to the heading of a new screen, so that screen readers start there. */

import { tick } from 'svelte';

/** Whether the user has gone to another screen. A page that has just been opened keeps its focus. */
let hasMoved = false;

/** Focuses the heading of the screen in `main`, unless something in it has the focus. */
export async function focusHeading(main: HTMLElement): Promise<void> {
  await tick();
  hasMoved = true;
  if (main.contains(document.activeElement) && document.activeElement !== main) return;
  const heading = main.querySelector('h1');
  if (heading) focus(heading);
  else main.focus({ preventScroll: true });
}

/** Lets a heading that replaces another once a screen is loaded take over the focus. */
export function takesFocus(heading: HTMLElement): void {
  if (hasMoved && document.activeElement === document.body) focus(heading);
}

function focus(heading: HTMLElement): void {
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}
