/** Double clicks: the second click of one is meant for what the first was for. */

/** A handler of `click`, before any other, that undoes a further click where something else has come under
 * the pointer meanwhile. A link in place of one of the same words is the same: it only leads on. */
export function meantClicks(): (event: MouseEvent) => void {
  let first: Element | string | null = null;
  return (event) => {
    const control = event.target instanceof Element ? event.target.closest('a, button, summary') : null;
    const aim = control?.tagName === 'A' ? control.textContent : control;
    // Keys press without counting clicks.
    if (event.detail <= 1) {
      first = event.detail === 1 ? aim : first;
    } else if (aim !== first) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
}
