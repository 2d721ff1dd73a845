/** Mounting components. */

import { flushSync, mount, unmount, type Component } from 'svelte';
import { afterEach } from 'vitest';
import { Api } from '../../src/lib/api.js';
import { Session } from '../../src/lib/session.js';
import { browserStore } from '../../src/lib/store.js';
import { transportTo } from '../../src/lib/transport.js';
import { Viva } from '../../src/state/viva.svelte.js';
import Within from './Within.svelte';

let last: object | undefined;

let pages: Viva[] = [];

afterEach(() => {
  clear();
  // A page that is gone must not send anything: the next test's answers are in the same store.
  for (const viva of pages) viva.session.end();
  pages = [];
});

function clear(): void {
  if (last) void unmount(last);
  last = undefined;
  document.body.replaceChildren();
}

/** Shows a component instead of the previous one. */
export function shown<P extends object>(component: Component<P>, props: P): HTMLElement {
  clear();
  last = mount(component as Component, { target: document.body, props });
  flushSync();
  return document.body;
}

/** The page on a network that `call` replaces. */
export function vivaOver(call: typeof fetch): Viva {
  const session = new Session(call);
  const viva = new Viva(session, new Api(transportTo('http://viva.example', call), session), browserStore());
  pages.push(viva);
  return viva;
}

/** Shows a component within a page. */
export function shownWithin<P extends object>(viva: Viva, component: Component<P>, props: P): HTMLElement {
  return shown(Within as Component<object>, { viva, component, props });
}

/** Lets pending work run. */
export async function settled(turns = 20): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((done) => setTimeout(done));
  flushSync();
}
