/** Lets the page open without the server: the worker keeps its files, and `lib/loaded` what was loaded. */

import type { User } from '#gen/viva/v1/auth_pb.js';
import { Loaded } from '../lib/loaded.js';

/** Starts storing what an account loads. */
export function keeperFor(user: User): Promise<Loaded> {
  // Without a worker, for example over plain HTTP, the page opens only with its server.
  navigator.serviceWorker?.register('/worker.js', { updateViaCache: 'none' }).catch(() => {});
  return Loaded.of(user);
}
