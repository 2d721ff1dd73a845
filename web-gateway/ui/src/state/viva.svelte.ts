/** The page as a whole: the signed-in account, what is stored for it, and the current screen. */

import { getContext, setContext } from 'svelte';
import type { User } from '#gen/viva/v1/auth_pb.js';
import type { Api } from '../lib/api.js';
import { Drafts } from '../lib/drafts.js';
import { Problem, problemOf } from '../lib/errors.js';
import { forgetLoaded } from '../lib/forgetting.js';
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

/** The signed-in account, with its drafts and unsent answers. */
export interface Account {
  user: User;
  drafts: Drafts;
  outbox: Outbox;
}

/** A pending sign-out: the user is being asked what to do with what this browser stores, which others could read. */
export interface Leaving {
  everywhere: boolean;
  drafts: number;
  answers: number;
}

/** Whether an account is signed in, as far as is known. */
export type Phase = 'starting' | 'unreachable' | 'signed-out' | 'signed-in';

/** How long to wait before starting again if the server could not be reached, in milliseconds. */
const START_AGAIN_MS = 4_000;

/** The page. */
export class Viva {
  phase: Phase = $state('starting');
  account: Account | undefined = $state.raw();
  /** Why the page could not start. */
  problem: Problem | undefined = $state.raw();
  /** The pending sign-out, while the user is being asked. */
  leaving: Leaving | undefined = $state.raw();
  /** While the server is away: when the screen's data was loaded, if known. */
  away: { at: number | undefined } | undefined = $state.raw();
  /** Counts events that a list on the screen may not show yet. */
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
    api.onAway = (at) => void this.aim.over().then(() => this.account && (this.away = { at }));
    this.#tabs?.addEventListener('message', ({ data }) => this.#heard(String(data)));
    addEventListener('beforeunload', (event) => this.#hasOnlyCopy && event.preventDefault());
  }

  /** Starts with the code's session, or else the browser's. Starting again uses the same code. */
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
      if (this.problem.isOffline && code === undefined && (await this.#openLoaded())) return;
      this.phase = 'unreachable';
      clearTimeout(this.#again);
      this.#again = setTimeout(() => this.phase === 'unreachable' && void this.start(code), START_AGAIN_MS);
    }
  }

  /** Signs in and returns to the screen that asked for it. */
  async signIn(username: string, password: string): Promise<void> {
    await this.session.signIn(username, password);
    const notice = await this.#enter();
    if (notice) this.notices.complain(notice);
    this.#tabs?.postMessage(`in ${this.account?.user.id}`);
  }

  /** Signs out, here or everywhere. If this browser stores drafts, it first asks what to do with them. */
  async leave(everywhere: boolean): Promise<void> {
    const account = this.account;
    if (!account) return;
    // Signing out sends answers that could still be taken back.
    await account.outbox.release('all-pages');
    const drafts = account.drafts.count();
    const answers = account.outbox.items.length;
    try {
      if (drafts + answers === 0) return await this.signOut(everywhere);
      await this.screens.load();
      if (!this.screens.later) throw new Problem('server', 'Please reload this page first.');
      if (this.account === account) this.leaving = { everywhere, drafts, answers };
    } catch (cause) {
      this.notices.complain(`You are still signed in. ${problemOf(cause).message}`);
    }
  }

  /** Whether a text would be lost with this page, because the browser does not save it: the browser asks then. */
  get #hasOnlyCopy(): boolean {
    return !this.store.lasts && !!this.account && this.account.drafts.count() + this.account.outbox.items.length > 0;
  }

  /** Stays signed in. */
  stay(): void {
    this.leaving = undefined;
  }

  /** Signs out, here or everywhere. Drafts stay in this browser for the next sign-in, unless `forgetting` is set. */
  async signOut(everywhere: boolean, forgetting = false): Promise<void> {
    const account = this.account;
    await this.session.signOut(everywhere);
    if (forgetting) this.#empty(account);
    this.#tabs?.postMessage('out');
    this.#forget();
    this.navigation.go('/sign-in');
  }

  /** Deletes the account and what this browser stores for it. */
  async deleteAccount(password: string): Promise<void> {
    const account = this.account;
    await this.api.deleteAccount(password);
    this.#empty(account);
    // Another account may have signed in meanwhile, in another window.
    if (this.account !== account) return;
    // The session ended with the account, but the cookie is still there.
    await this.session.signOut(false).catch(() => {});
    this.#tabs?.postMessage('out');
    this.#forget();
    this.navigation.go('/register');
    this.notices.tell('Your account has been deleted.');
  }

  /** Shows news, and has lists on the screen load again. */
  made(words: string): void {
    this.notices.tell(words);
    this.news += 1;
  }

  /** The server is back: send and load what was waiting. */
  isBack(): void {
    this.away = undefined;
    this.news += 1;
    this.account?.outbox.tryNow();
  }

  async #enterWithCode(code: string): Promise<void> {
    try {
      await this.session.signInWithCode(code);
    } catch (cause) {
      if (problemOf(cause).isOffline) throw cause;
      // A code of an earlier run: the browser may still have a session.
      if (!(await this.session.restore())) {
        this.#leave();
        return this.notices.complain('This link has expired. Open the one that viva-web prints now.');
      }
    }
    await this.#enter();
    this.#tabs?.postMessage(`in ${this.account?.user.id}`);
  }

  /** Opens the signed-in account. Returns the server's notice about signing in, if there is one. */
  async #enter(): Promise<string> {
    const { era } = this.session;
    const { user, notice } = await this.api.me();
    if (!user) throw problemOf(undefined);
    // Another session has begun meanwhile, and opens its own account.
    if (era !== this.session.era) return '';
    this.#code = undefined;
    this.away = undefined;
    this.#open(user);
    return notice;
  }

  /** Opens what was loaded before while the server is away; false if nothing was. */
  async #openLoaded(): Promise<boolean> {
    await this.screens.load();
    const user = await this.screens.later?.lastUser();
    if (!user) return false;
    this.session.trust(user.username);
    this.away = { at: undefined };
    this.#open(user);
    return true;
  }

  #open(user: User): void {
    const drafts = new Drafts(this.store, user.id);
    const outbox = new Outbox(new Queue(this.store, user.id), this.api);
    this.#stopOutbox();
    const account = (this.account = { user, drafts, outbox });
    // They may have signed out before the screens are loaded: then nothing may be stored any more.
    this.api.loaded = this.screens.there.then((later) => (this.account === account ? later.keeperFor(user) : undefined));
    this.phase = 'signed-in';
    this.#stopOutbox = outbox.start();
    const route = this.navigation.route;
    if (isOpen(route) && 'next' in route) this.navigation.go(route.next, { replace: true });
  }

  /** Deletes what this browser stores for an account, in all windows. */
  #empty(account: Account | undefined): void {
    account?.drafts.close();
    account?.outbox.clear();
    if (account) this.#tabs?.postMessage(`empty ${account.user.id}`);
  }

  #ended(): void {
    const isKept = !this.account?.drafts.isClosed;
    this.#forget();
    this.notices.tell(
      isKept ? 'Your session has ended. What you typed is saved; please sign in again.' : 'You signed out in another window.',
    );
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
    this.away = undefined;
    this.api.loaded = undefined;
    forgetLoaded();
    // Messages to one person are not for the next.
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

/** Makes the page available to the components below. */
export function provideViva(viva: Viva): void {
  setContext(KEY, viva);
}

/** The page that a component is part of. */
export function useViva(): Viva {
  return getContext<Viva>(KEY);
}

/** The signed-in account, for screens that need one. */
export function useAccount(): Account {
  const { account } = useViva();
  if (!account) throw new Error('This screen needs an account that is signed in.');
  return account;
}
