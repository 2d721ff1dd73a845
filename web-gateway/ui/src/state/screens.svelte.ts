/** The screens that come after the first. They are one script, which is loaded when one of them is
 * wanted, and else as soon as there is time: from then on, going to a screen needs no server. */

/** How long to wait at most for the browser to have nothing better to do, in milliseconds. */
const IDLE_MS = 1_000;

const fetchThem = () => import('../screens/later.js');

/** The screens of that script. */
export type Later = Awaited<ReturnType<typeof fetchThem>>;

/** Loads them, once. */
export class Screens {
  /** The screens, when they are there. */
  later: Later | undefined = $state.raw();
  /** Whether the script could not be had: the server is away, or has another page by now. */
  isMissing = $state(false);

  readonly #fetch: () => Promise<Later>;

  constructor(fetch: () => Promise<Later> = fetchThem) {
    this.#fetch = fetch;
  }

  /** Loads them now. */
  async load(): Promise<void> {
    if (this.later) return;
    try {
      this.later = await this.#fetch();
      this.isMissing = false;
    } catch {
      this.isMissing = true;
    }
  }

  /** Loads them once the browser has nothing better to do. */
  loadWhenIdle(): void {
    const load = () => void this.load();
    if ('requestIdleCallback' in globalThis) requestIdleCallback(load, { timeout: IDLE_MS });
    else setTimeout(load, IDLE_MS);
  }
}
