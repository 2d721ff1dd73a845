/** Whether the user is about to press something: a pointer is down, or has just moved over a control. Changes that the user
 * did not ask for wait until then, so that nothing moves from under a finger. */

/** How long a pointer that has moved over a control may still be about to press it, in milliseconds. */
const HOVER_MS = 600;
/** How long a pointer that is down holds the page at most, because letting go outside the window is not noticed. */
const DOWN_MS = 5_000;
/** How long after the pointer is up a click may come. */
const UP_MS = 100;
/** How often to check whether it is over. */
const LOOK_MS = 50;

const CONTROLS = 'a, button, summary, label, input, select';

/** Where the pointers are. */
export class Aim {
  #until = 0;

  /** Watches the pointers until the returned function is called. */
  start(): () => void {
    const ending = new AbortController();
    const on = (name: string, heard: (event: Event) => void) =>
      addEventListener(name, heard, { capture: true, passive: true, signal: ending.signal });
    const hold = (ms: number) => (this.#until = Date.now() + ms);
    on('pointerdown', () => hold(DOWN_MS));
    on('pointerup', () => hold(UP_MS));
    on('pointercancel', () => hold(UP_MS));
    on('pointermove', ({ target }) => {
      const isFree = Date.now() + HOVER_MS > this.#until;
      if (isFree && target instanceof Element && target.closest(CONTROLS)) hold(HOVER_MS);
    });
    return () => ending.abort();
  }

  /** Resolves when the user is not about to press anything. */
  async over(): Promise<void> {
    while (Date.now() < this.#until) await new Promise((done) => setTimeout(done, LOOK_MS));
  }
}
