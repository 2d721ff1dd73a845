/** Components as they are shown. */

import { flushSync, mount, unmount, type Component } from 'svelte';
import { afterEach } from 'vitest';
import { Api } from '../../src/lib/api.js';
import { Session } from '../../src/lib/session.js';
import { browserStore } from '../../src/lib/store.js';
import { transportTo } from '../../src/lib/transport.js';
import { Viva } from '../../src/state/viva.svelte.js';
import Within from './Within.svelte';

let last: object | undefined;

afterEach(() => clear());

function clear(): void {
  if (last) void unmount(last);
  last = undefined;
  document.body.replaceChildren();
}

/** Shows a component in place of the one before. */
export function shown<P extends object>(component: Component<P>, props: P): HTMLElement {
  clear();
  last = mount(component as Component, { target: document.body, props });
  flushSync();
  return document.body;
}

/** The page as a whole against a network that `call` stands in for. */
export function vivaOver(call: typeof fetch): Viva {
  const session = new Session(call);
  return new Viva(session, new Api(transportTo('http://viva.example', call), session), browserStore());
}

/** Shows a component as it is shown within a page. */
export function shownWithin<P extends object>(viva: Viva, component: Component<P>, props: P): HTMLElement {
  return shown(Within as Component<object>, { viva, component, props });
}

/** Gives everything that waits its turn. */
export async function settled(turns = 20): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((done) => setTimeout(done));
  flushSync();
}
