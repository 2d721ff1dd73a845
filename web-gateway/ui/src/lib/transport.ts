/** The transport to the server: connect-web's gRPC-Web over `fetch`. */

import type { Transport } from '@connectrpc/connect';
import { createGrpcWebTransport } from '@connectrpc/connect-web';

/** A transport to the server at `origin`. Its calls carry no cookie and bypass the cache. */
export function transportTo(origin: string, call: typeof fetch = (...args) => fetch(...args)): Transport {
  return createGrpcWebTransport({
    baseUrl: origin,
    fetch: (input, init) => call(input, { ...init, credentials: 'omit', cache: 'no-store', keepalive: outlives(input, init) }),
  });
}

/** The most that a browser still sends after its page was closed, in bytes. */
const MOST_KEPT_ALIVE = 60_000;

/** Whether a call continues when the page is closed: submitting an answer does. */
function outlives(input: RequestInfo | URL, init: RequestInit = {}): boolean {
  const { body } = init;
  return String(input).endsWith('/SubmitAnswer') && body instanceof Uint8Array && body.length < MOST_KEPT_ALIVE;
}
