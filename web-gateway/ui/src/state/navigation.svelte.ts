/** The page's path, and navigating with the browser's history. */

import { parse, type Route } from '../lib/router.js';

/** The current path and route. */
export class Navigation {
  /** The path with its query. */
  url = $state(here());
  /** What the path shows. */
  route: Route = $derived(parse(this.url));

  /** Follows the browser's history and its links until the returned function is called. */
  start(): () => void {
    const moved = () => (this.url = here());
    const clicked = (event: MouseEvent) => this.#click(event);
    addEventListener('popstate', moved);
    document.addEventListener('click', clicked);
    return () => {
      removeEventListener('popstate', moved);
      document.removeEventListener('click', clicked);
    };
  }

  /** Goes to a path; with `replace`, the current one does not stay in the history. */
  go(url: string, { replace = false } = {}): void {
    if (url === this.url) return;
    if (replace) history.replaceState(null, '', url);
    else history.pushState(null, '', url);
    this.url = url;
    if (!replace) scrollTo(0, 0);
  }

  /** Follows links to the page's own paths without loading the page again. */
  #click(event: MouseEvent): void {
    const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    const href = link?.getAttribute('href');
    if (!isPlain || event.defaultPrevented || !href?.startsWith('/') || link?.target) return;
    event.preventDefault();
    this.go(href);
  }
}

function here(): string {
  return location.pathname + location.search;
}
