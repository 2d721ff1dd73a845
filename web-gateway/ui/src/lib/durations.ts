/** Times of day and durations in words. Moments are milliseconds since 1970. */

const DAY_MS = 86_400_000;

/** A time of day to the minute: `14:02`. */
export function clock(at: number): string {
  const date = new Date(at);
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** A time of day to the second: `14:02:31`. */
export function clockSeconds(at: number): string {
  return `${clock(at)}:${two(new Date(at).getSeconds())}`;
}

/** A duration as on a stopwatch: `04:12`, `1:04:12`. */
export function stopwatch(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const short = `${two(minutes)}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${short}` : short;
}

/** A duration in its largest unit: `12 s`, `3 min`. */
export function lasting(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.floor(seconds / 60)} min`;
  return seconds * 1000 < 2 * DAY_MS ? `${Math.floor(seconds / 3600)} h` : `${Math.floor((seconds * 1000) / DAY_MS)} days`;
}

/** How long something took: `3.2 s`, `1 min 12 s`. At least 0.1 s. */
export function took(ms: number): string {
  const tenths = Math.max(1, Math.floor(ms / 100));
  if (tenths < 1_000) return `${Math.floor(tenths / 10)}.${tenths % 10}\u00a0s`;
  return `${Math.floor(tenths / 600)}\u00a0min ${Math.floor(tenths / 10) % 60}\u00a0s`;
}

/** A time taken, to the second: `45 s`, `4 min 12 s`. */
export function spoken(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds}\u00a0s` : `${Math.floor(seconds / 60)}\u00a0min ${seconds % 60}\u00a0s`;
}

/** Whole seconds from one moment to another, at least 0. */
export function secondsBetween(from: number, to: number): number {
  return Math.max(0, Math.floor((to - from) / 1000));
}

/** Whole seconds until a moment, rounded up, so that a countdown shows 1 until the end. */
export function secondsUntil(at: number, now: number): number {
  return Math.max(0, Math.ceil((at - now) / 1000));
}

function two(n: number): string {
  return String(n).padStart(2, '0');
}
