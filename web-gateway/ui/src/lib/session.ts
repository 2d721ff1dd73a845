/** Who is signed in: an access token in memory and nowhere else. The refresh token is a cookie that
 * only the gateway reads; the three calls here are all that touch it. */

import { Problem, problemOf, problemOfSession } from './errors.js';

/** What the gateway answers to signing in and to refreshing. */
interface SessionReply {
  access_token: string;
  /** RFC 3339. */
  expires_at: string;
  /** Whose session it is; a gateway that could not find out leaves it out. */
  username?: string;
}

/** How long before its end a token is renewed, in milliseconds. */
const EARLY_MS = 20_000;

/** How long one of the session's calls may take, in milliseconds: a password takes a while. */
const DEADLINE_MS = 15_000;

/** A browser's session. */
export class Session {
  #token: string | undefined;
  #expiresAt = 0;
  #username: string | undefined;
  #refreshing: Promise<void> | undefined;
  #era = 0;
  readonly #fetch: typeof fetch;
  readonly #now: () => number;

  /** What to do when the session has ended, by whatever cause but signing out here. */
  onEnd: () => void = () => {};

  constructor(call: typeof fetch = (...args) => fetch(...args), now: () => number = Date.now) {
    this.#fetch = call;
    this.#now = now;
  }

  /** The token that calls carry; none while nobody is signed in. */
  get token(): string | undefined {
    return this.#token;
  }

  /** Counts the sessions that the page has had. What was asked for in one is of no use in the next, and
   * its end is not the next one's. */
  get era(): number {
    return this.#era;
  }

  /** How one comes in: with a password, or, where `viva-web` serves its owner alone, by the link that it
   * prints. A gateway that does not say takes passwords. */
  async wayIn(): Promise<'link' | 'password'> {
    try {
      const reply = await this.#fetch('/session', { signal: AbortSignal.timeout(DEADLINE_MS) });
      const { by } = (await reply.json()) as { by?: string };
      return by === 'link' ? 'link' : 'password';
    } catch {
      return 'password';
    }
  }

  /** Signs in with a password. */
  async signIn(username: string, password: string): Promise<void> {
    await this.#open('/session/login', { username, password });
  }

  /** Signs the owner of this machine in with the code that `viva-web` has printed. */
  async signInWithCode(code: string): Promise<void> {
    await this.#open('/session/login', { code });
  }

  /** Takes the session up again that this browser has, if it has one. */
  async restore(): Promise<boolean> {
    try {
      await this.#renew();
      return true;
    } catch (cause) {
      const problem = problemOf(cause);
      if (problem.needsSignIn) return false;
      throw problem;
    }
  }

  /** Gets a fresh token. Calls at the same time share one request. Says so when the session has
   * ended. */
  async refresh(): Promise<void> {
    const era = this.#era;
    try {
      await this.#renew();
    } catch (cause) {
      const problem = problemOf(cause);
      if (problem.needsSignIn) this.end(era);
      throw problem;
    }
  }

  /** Refreshes ahead of time when the token is about to end. */
  async beFresh(): Promise<void> {
    if (this.#token !== undefined && this.#now() > this.#expiresAt - EARLY_MS) await this.refresh();
  }

  /** Ends the session, here or on every device. While the server cannot be reached it goes on. */
  async signOut(everywhere: boolean): Promise<void> {
    try {
      await this.#post('/session/logout', { everywhere });
    } catch (cause) {
      const problem = problemOf(cause);
      if (!problem.needsSignIn) throw problem;
    }
    this.#begin(undefined);
  }

  /** Forgets the token and says that the session has ended; only if it is still the one that is meant. */
  end(era: number = this.#era): void {
    if (this.#token === undefined || era !== this.#era) return;
    this.#begin(undefined);
    this.onEnd();
  }

  /** Another session, or none. */
  #begin(token: string | undefined): void {
    this.#token = token;
    this.#era += 1;
    this.#refreshing = undefined;
  }

  #renew(): Promise<void> {
    const renewal = (this.#refreshing ??= this.#exchange().finally(() => {
      if (this.#refreshing === renewal) this.#refreshing = undefined;
    }));
    return renewal;
  }

  async #exchange(): Promise<void> {
    const [era, expected] = [this.#era, this.#token && this.#username];
    const reply = await this.#ask('/session/refresh', {});
    // The cookie is the browser's: in another tab somebody else may have signed in meanwhile. And in this
    // one somebody may have signed out while the reply was on its way.
    if (era !== this.#era || (expected !== undefined && (reply.username ?? expected) !== expected)) {
      throw problemOfSession(401, undefined);
    }
    this.#take(reply);
  }

  /** Opens a session. */
  async #open(path: string, body: object): Promise<void> {
    const reply = await this.#ask(path, body);
    this.#begin(undefined);
    this.#take(reply);
  }

  async #ask(path: string, body: object): Promise<SessionReply> {
    const reply = await this.#post(path, body);
    if (!isSessionReply(reply)) throw problemOfSession(500, reply);
    return reply;
  }

  #take(reply: SessionReply): void {
    this.#username = reply.username;
    this.#token = reply.access_token;
    const end = Date.parse(reply.expires_at);
    // A clock that is wrong must not make every call refresh first; the server's word counts.
    this.#expiresAt = Number.isNaN(end) || end < this.#now() ? Infinity : end;
  }

  async #post(path: string, body: object): Promise<unknown> {
    const response = await this.#fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(DEADLINE_MS),
    }).catch((cause: unknown) => {
      throw isTimeout(cause) ? new Problem('timeout', TIMED_OUT) : problemOf(cause);
    });
    const text = await response.text();
    const reply = parsed(text);
    if (!response.ok) throw problemOfSession(response.status, reply);
    return reply;
  }
}

const TIMED_OUT = 'Request timed out. Please try again.';

function isTimeout(cause: unknown): boolean {
  return cause instanceof DOMException && cause.name === 'TimeoutError';
}

function isSessionReply(reply: unknown): reply is SessionReply {
  if (typeof reply !== 'object' || reply === null) return false;
  const { access_token, expires_at } = reply as Partial<SessionReply>;
  return typeof access_token === 'string' && typeof expires_at === 'string';
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
