/** What an interview would get, asked for while its form is filled in. */

/** How long a form has to rest before it is asked about, in milliseconds. */
export const PAUSE_MS = 300;

/** Asks about a plan once it has not changed for a moment. What was said of another plan is not shown any more, and a
 * reply that comes when the plan has changed is dropped. */
export class Previews<Plan, Reply> {
  readonly #ask: (plan: Plan) => Promise<Reply>;
  readonly #show: (reply: Reply | undefined) => void;
  #wanted = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ask: (plan: Plan) => Promise<Reply>, show: (reply: Reply | undefined) => void) {
    this.#ask = ask;
    this.#show = show;
  }

  /** The plan is this now; none: nothing can be said of it. */
  want(plan: Plan | undefined): void {
    const wanted = plan === undefined ? '' : JSON.stringify(plan);
    if (wanted === this.#wanted) return;
    this.stop();
    this.#wanted = wanted;
    this.#show(undefined);
    if (plan !== undefined) this.#timer = setTimeout(() => void this.#go(plan, wanted), PAUSE_MS);
  }

  /** Nobody is interested any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#wanted = '';
  }

  async #go(plan: Plan, wanted: string): Promise<void> {
    try {
      const reply = await this.#ask(plan);
      if (this.#wanted === wanted) this.#show(reply);
    } catch {
      // The form works without it, and making the interview says what is wrong.
    }
  }
}
