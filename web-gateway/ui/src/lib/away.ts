/** What a screen says while the server is away. */

import { clock } from './durations.js';
import { day } from './time.js';

/** Says when the screen's data was loaded, if it was. `isOnline` tells a lost network from a lost server. */
export function awayWords(at: number | undefined, now: number, isOnline: boolean): string {
  const why = isOnline ? 'The server cannot be reached' : 'You are offline';
  if (at === undefined) return `${why}: only what was loaded before can be shown.`;
  const on = { today: '', yesterday: 'yesterday ' }[day(at, now)] ?? `on ${day(at, now)} `;
  return `${why}: this is what was loaded ${on}at ${clock(at)}.`;
}
