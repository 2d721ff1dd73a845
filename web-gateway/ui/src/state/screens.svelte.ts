/** The screens other than the first, in one script. It is loaded when one of them is opened, or else when the browser is
 * idle. From then on, opening a screen needs no server. */

/** How long to wait at most for the browser to be idle, in milliseconds. */
const IDLE_MS = 1_000;

const fetchThem = () => import('../screens/later.js');

/** What the script exports. */
export type Later = Awaited<ReturnType<typeof fetchThem>>;

/** Loads the script, once. */
export class Screens {
  /** The screens, once they are loaded. */
  later: Later | undefined = $state.raw();
  /** Whether the script could not be loaded: the server is away, or has another build by now. */
  isMissing = $state(false);

  /** Resolves with the screens once they are loaded. */
  readonly there: Promise<Later>;

  readonly #fetch: () => Promise<Later>;
  #arrive: (later: Later) => void = () => {};

  constructor(fetch: () => Promise<Later> = fetchThem) {
    this.#fetch = fetch;
    this.there = new Promise((done) => (this.#arrive = done));
  }

  /** Loads the script now. */
  async load(): Promise<void> {
    if (this.later) return;
    try {
      this.later = await this.#fetch();
      this.isMissing = false;
      this.#arrive(this.later);
    } catch {
      this.isMissing = true;
    }
  }

  /** Loads the script once the browser is idle. */
  loadWhenIdle(): void {
    const load = () => void this.load();
    if ('requestIdleCallback' in globalThis) requestIdleCallback(load, { timeout: IDLE_MS });
    else setTimeout(load, IDLE_MS);
  }
}
