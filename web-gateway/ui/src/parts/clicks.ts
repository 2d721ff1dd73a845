/** Double clicks: the second click is meant for the same control as the first. */

/** A handler of `click`, before any other, that cancels a second click if something else has appeared under the pointer. A
 * link with the same words counts as the same control: it only leads on. */
export function meantClicks(): (event: MouseEvent) => void {
  let first: Element | string | null = null;
  return (event) => {
    const control = event.target instanceof Element ? event.target.closest('a, button, summary') : null;
    const aim = control?.tagName === 'A' ? control.textContent : control;
    // A press by key has a click count of 0.
    if (event.detail <= 1) {
      first = event.detail === 1 ? aim : first;
    } else if (aim !== first) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
}
