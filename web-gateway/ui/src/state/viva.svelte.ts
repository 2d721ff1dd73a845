/** The page as a whole: who is signed in, what is kept for them, and where the page is. */

import { getContext, setContext } from 'svelte';
import type { User } from '#gen/viva/v1/auth_pb.js';
import type { Api } from '../lib/api.js';
import { Drafts } from '../lib/drafts.js';
import { Problem, problemOf } from '../lib/errors.js';
import { Queue } from '../lib/queue.js';
import { isOpen, signInPath } from '../lib/router.js';
import type { Session } from '../lib/session.js';
import type { Store } from '../lib/store.js';
import { Aim } from './aim.js';
import { Clock } from './clock.svelte.js';
import { Navigation } from './navigation.svelte.js';
import { Notices } from './notices.svelte.js';
import { Outbox } from './outbox.svelte.js';
import { Screens } from './screens.svelte.js';

/** What is kept and sent for the account that is signed in. */
export interface Account {
  user: User;
  drafts: Drafts;
  outbox: Outbox;
}

/** A wish to sign out that waits for an answer: what this browser keeps, others could read. */
export interface Leaving {
  everywhere: boolean;
  drafts: number;
  answers: number;
}

/** Whether somebody is signed in, as far as it is known. */
export type Phase = 'starting' | 'unreachable' | 'signed-out' | 'signed-in';

/** How long after a start that did not reach the server the next is tried, in milliseconds. */
const START_AGAIN_MS = 4_000;

/** The page. */
export class Viva {
  phase: Phase = $state('starting');
  account: Account | undefined = $state.raw();
  /** Why the page could not start. */
  problem: Problem | undefined = $state.raw();
  /** The question whether to keep drafts, while it is asked. */
  leaving: Leaving | undefined = $state.raw();
  /** Counts what has come about that a list on the screen may not have yet. */
  news = $state(0);
  readonly aim = new Aim();
  readonly navigation = new Navigation();
  readonly notices = new Notices();
  readonly clock = new Clock();
  readonly screens = new Screens();
  readonly session: Session;
  readonly api: Api;
  readonly store: Store;
  readonly #tabs = tabsOrNone();
  #stopOutbox = () => {};
  #code: string | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(session: Session, api: Api, store: Store) {
    this.session = session;
    this.api = api;
    this.store = store;
    session.onEnd = () => this.#ended();
    this.#tabs?.addEventListener('message', ({ data }) => this.#heard(String(data)));
  }

  /** Takes up the session that there is: the code's, else the browser's. Trying again means the same code. */
  async start(code: string | undefined = this.#code): Promise<void> {
    this.#code = code;
    if (this.phase !== 'unreachable') this.phase = 'starting';
    try {
      if (code !== undefined) await this.#enterWithCode(code);
      else if (await this.session.restore()) await this.#enter();
      else this.#leave();
    } catch (cause) {
      this.problem = problemOf(cause);
      if (this.problem.needsSignIn) return this.#leave();
      this.phase = 'unreachable';
      clearTimeout(this.#again);
      this.#again = setTimeout(() => this.phase === 'unreachable' && void this.start(code), START_AGAIN_MS);
    }
  }

  /** Signs in and goes on where one was. */
  async signIn(username: string, password: string): Promise<void> {
    await this.session.signIn(username, password);
    const notice = await this.#enter();
    if (notice) this.notices.complain(notice);
    this.#tabs?.postMessage(`in ${this.account?.user.id}`);
  }

  /** Signs out, here or everywhere; where this browser keeps drafts, after asking what is to become of
   * them. */
  async leave(everywhere: boolean): Promise<void> {
    const account = this.account;
    if (!account) return;
    const drafts = account.drafts.count();
    const answers = account.outbox.items.length;
    try {
      if (drafts + answers === 0) return await this.signOut(everywhere);
      await this.screens.load();
      if (!this.screens.later) throw new Problem('server', 'This page has to be reloaded first.');
      if (this.account === account) this.leaving = { everywhere, drafts, answers };
    } catch (cause) {
      this.notices.complain(`You are still signed in. ${problemOf(cause).message}`);
    }
  }

  /** Stays signed in. */
  stay(): void {
    this.leaving = undefined;
  }

  /** Signs out, here or everywhere. Drafts stay in this browser for the account's next time, unless they
   * are to be forgotten. */
  async signOut(everywhere: boolean, forgetting = false): Promise<void> {
    const account = this.account;
    await this.session.signOut(everywhere);
    if (forgetting) this.#empty(account);
    this.#tabs?.postMessage('out');
    this.#forget();
    this.navigation.go('/sign-in');
  }

  /** Deletes the account, and with it what this browser keeps for it. */
  async deleteAccount(password: string): Promise<void> {
    const account = this.account;
    await this.api.deleteAccount(password);
    this.#empty(account);
    // Somebody else may have signed in meanwhile, in another window.
    if (this.account !== account) return;
    // Its session has ended with it; the cookie is still to go.
    await this.session.signOut(false).catch(() => {});
    this.#tabs?.postMessage('out');
    this.#forget();
    this.navigation.go('/register');
    this.notices.tell('Your account is deleted.');
  }

  /** Tells of something that has come about, to whoever shows a list of such things too. */
  made(words: string): void {
    this.notices.tell(words);
    this.news += 1;
  }

  async #enterWithCode(code: string): Promise<void> {
    try {
      await this.session.signInWithCode(code);
    } catch (cause) {
      if (problemOf(cause).isOffline) throw cause;
      // A code of an earlier run: the browser may still have a session.
      if (!(await this.session.restore())) {
        this.#leave();
        return this.notices.complain('This link has run out. Open the one that viva-web prints now.');
      }
    }
    await this.#enter();
    this.#tabs?.postMessage(`in ${this.account?.user.id}`);
  }

  /** Takes up the account that is signed in. Gives what its owner should know about signing in. */
  async #enter(): Promise<string> {
    const { era } = this.session;
    const { user, notice } = await this.api.me();
    if (!user) throw problemOf(undefined);
    // Another one has begun meanwhile, and enters by itself.
    if (era !== this.session.era) return '';
    this.#code = undefined;
    const drafts = new Drafts(this.store, user.id);
    const outbox = new Outbox(new Queue(this.store, user.id), this.api);
    this.#stopOutbox();
    this.account = { user, drafts, outbox };
    this.phase = 'signed-in';
    this.#stopOutbox = outbox.start();
    const route = this.navigation.route;
    if (isOpen(route) && 'next' in route) this.navigation.go(route.next, { replace: true });
    return notice;
  }

  /** Forgets what this browser keeps for an account, also where other windows show it. */
  #empty(account: Account | undefined): void {
    account?.drafts.close();
    account?.outbox.clear();
    if (account) this.#tabs?.postMessage(`empty ${account.user.id}`);
  }

  #ended(): void {
    const isKept = !this.account?.drafts.isClosed;
    this.#forget();
    this.notices.tell(isKept ? 'Your session has ended. What you typed is kept; please sign in again.' : 'You have signed out in another window.');
    this.#askToSignIn();
  }

  #leave(): void {
    this.#code = undefined;
    this.#forget();
    this.#askToSignIn();
  }

  #forget(): void {
    this.#stopOutbox();
    this.#stopOutbox = () => {};
    this.account = undefined;
    this.leaving = undefined;
    // What was told to one person is not for the next.
    this.notices.clear();
    this.phase = 'signed-out';
  }

  #askToSignIn(): void {
    const { route, url } = this.navigation;
    if (!isOpen(route)) this.navigation.go(signInPath(url), { replace: true });
  }

  /** Another tab has signed in or out; the cookie is the same for all. */
  #heard(message: string): void {
    if (message === `empty ${this.account?.user.id}`) this.account?.drafts.close();
    if (message === 'out' && this.phase === 'signed-in') this.session.end();
    const other = /^in (\d+)$/.exec(message)?.[1];
    if (other !== undefined && other !== `${this.account?.user.id}`) void this.start(undefined);
  }
}

function tabsOrNone(): BroadcastChannel | undefined {
  return typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('viva');
}

const KEY = Symbol('viva');

/** Makes the page known to the components below. */
export function provideViva(viva: Viva): void {
  setContext(KEY, viva);
}

/** The page that a component is part of. */
export function useViva(): Viva {
  return getContext<Viva>(KEY);
}

/** The account that is signed in, for screens that are only shown then. */
export function useAccount(): Account {
  const { account } = useViva();
  if (!account) throw new Error('This screen is only shown to somebody who is signed in.');
  return account;
}
