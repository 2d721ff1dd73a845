/** What an interview would contain, loaded while its form is filled in. */

/** How long a form must be unchanged before its preview is loaded, in milliseconds. */
export const PAUSE_MS = 300;

/** Loads the preview of a plan once the plan has not changed for a moment. A preview of another plan is no longer shown, and
 * a reply that arrives after a change is dropped. */
export class Previews<Plan, Reply> {
  readonly #ask: (plan: Plan) => Promise<Reply>;
  readonly #show: (reply: Reply | undefined) => void;
  #wanted = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ask: (plan: Plan) => Promise<Reply>, show: (reply: Reply | undefined) => void) {
    this.#ask = ask;
    this.#show = show;
  }

  /** Sets the plan; undefined if there can be no preview of it. */
  want(plan: Plan | undefined): void {
    const wanted = plan === undefined ? '' : JSON.stringify(plan);
    if (wanted === this.#wanted) return;
    this.stop();
    this.#wanted = wanted;
    this.#show(undefined);
    if (plan !== undefined) this.#timer = setTimeout(() => void this.#go(plan, wanted), PAUSE_MS);
  }

  /** Stops loading. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#wanted = '';
  }

  async #go(plan: Plan, wanted: string): Promise<void> {
    try {
      const reply = await this.#ask(plan);
      if (this.#wanted === wanted) this.#show(reply);
    } catch {
      // The form works without it, and starting the interview says what is wrong.
    }
  }
}
