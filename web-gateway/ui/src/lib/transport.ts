/** The way to the server: gRPC-Web over `fetch`, as connect-web speaks it. */

import type { Transport } from '@connectrpc/connect';
import { createGrpcWebTransport } from '@connectrpc/connect-web';

/** A way to the server at `origin`. Its calls carry no cookie, and no cache answers them. */
export function transportTo(origin: string, call: typeof fetch = (...args) => fetch(...args)): Transport {
  return createGrpcWebTransport({
    baseUrl: origin,
    fetch: (input, init) => call(input, { ...init, credentials: 'omit', cache: 'no-store' }),
  });
}
