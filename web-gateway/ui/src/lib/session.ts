/** The browser's session. The access token is in memory and nowhere else. The refresh token is a cookie that only the
 * gateway reads, in the three calls here. */

import { Problem, problemOf, problemOfSession } from './errors.js';

/** The gateway's reply to signing in and refreshing. */
interface SessionReply {
  access_token: string;
  /** RFC 3339. */
  expires_at: string;
  /** The name of the session's account, if the gateway could find it out. */
  username?: string;
}

/** What the gateway says about itself before signing in. */
export interface About {
  /** How to sign in: with a password or, if `viva-web` serves only its owner, by the link that it prints. If it is missing,
   * with a password. */
  by?: 'link' | 'password';
  /** Whether the operator allows speech. */
  speech?: boolean;
}

/** How long before it expires a token is renewed, in milliseconds. */
const EARLY_MS = 20_000;

/** The deadline of a session call, in milliseconds. Checking a password takes a while. */
const DEADLINE_MS = 15_000;

/** A browser's session. */
export class Session {
  #token: string | undefined;
  #expiresAt = 0;
  #username: string | undefined;
  #refreshing: Promise<void> | undefined;
  #about: Promise<About> | undefined;
  #isTrusted = false;
  #era = 0;
  readonly #fetch: typeof fetch;
  readonly #now: () => number;

  /** Called when the session has ended, unless by signing out here. */
  onEnd: () => void = () => {};

  constructor(call: typeof fetch = (...args) => fetch(...args), now: () => number = Date.now) {
    this.#fetch = call;
    this.#now = now;
  }

  /** The access token for calls; undefined without a session. */
  get token(): string | undefined {
    return this.#token;
  }

  /** Counts the page's sessions. The results of calls in one are useless in the next, and its end does not end the next. */
  get era(): number {
    return this.#era;
  }

  /** What the gateway says about itself. It is asked once; if it cannot be reached, the result is empty. */
  about(): Promise<About> {
    return (this.#about ??= this.#fetch('/session', { signal: AbortSignal.timeout(DEADLINE_MS) })
      .then((reply) => reply.json() as Promise<About>)
      .catch(() => ((this.#about = undefined), {})));
  }

  /** Signs in with a password. */
  async signIn(username: string, password: string): Promise<void> {
    await this.#open('/session/login', { username, password });
  }

  /** Signs the owner in with the code that `viva-web` has printed. */
  async signInWithCode(code: string): Promise<void> {
    await this.#open('/session/login', { code });
  }

  /** Resumes the browser's session, if it has one. */
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

  /** Gets a fresh token. Concurrent calls share one request. If the session has ended, it calls `onEnd`. */
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

  /** Assumes that the browser's session is this account's until the next call can ask the server. */
  trust(username: string): void {
    this.#begin(undefined);
    this.#username = username;
    this.#isTrusted = true;
  }

  /** Refreshes a token that is about to expire, and gets the first one of a trusted session. */
  async beFresh(): Promise<void> {
    if (this.#isTrusted || (this.#token !== undefined && this.#now() > this.#expiresAt - EARLY_MS)) await this.refresh();
  }

  /** Ends the session, here or on every device. If the server cannot be reached, the session continues. */
  async signOut(everywhere: boolean): Promise<void> {
    try {
      await this.#post('/session/logout', { everywhere });
    } catch (cause) {
      const problem = problemOf(cause);
      if (!problem.needsSignIn) throw problem;
    }
    this.#begin(undefined);
  }

  /** Discards the token and calls `onEnd`, but only if the session is still the same. */
  end(era: number = this.#era): void {
    if ((this.#token === undefined && !this.#isTrusted) || era !== this.#era) return;
    this.#begin(undefined);
    this.onEnd();
  }

  /** Replaces the session; undefined for none. */
  #begin(token: string | undefined): void {
    this.#token = token;
    this.#isTrusted = false;
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
    const [era, expected] = [this.#era, (this.#token ?? this.#isTrusted) && this.#username];
    const reply = await this.#ask('/session/refresh', {});
    // All tabs share the cookie, so another account may have signed in in another tab. And this tab may have
    // signed out before the reply arrived.
    if (era !== this.#era || (expected && (reply.username ?? expected) !== expected)) {
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
    this.#isTrusted = false;
    const end = Date.parse(reply.expires_at);
    // With a wrong clock, not every call may refresh first: the server decides.
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
