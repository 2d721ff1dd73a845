/** Days, times and durations as one speaks of them. Moments are milliseconds since 1970. */

import type { Timestamp } from '@bufbuild/protobuf/wkt';

const DAY_MS = 86_400_000;

/** A moment of the contract; none where there is none. */
export function millis(timestamp: Timestamp | undefined): number | undefined {
  if (!timestamp) return undefined;
  return Number(timestamp.seconds) * 1000 + Math.floor(timestamp.nanos / 1_000_000);
}

/** A day: today, yesterday, `Fri 20 Nov`, `20 Nov 2025`. In the reader's own time zone. */
export function day(at: number | undefined, now: number): string {
  if (at === undefined) return '';
  const date = new Date(at);
  const today = new Date(now);
  if (date.toDateString() === today.toDateString()) return 'today';
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (date.toDateString() === yesterday.toDateString()) return 'yesterday';
  const dayAndMonth = `${date.getDate()} ${MONTHS[date.getMonth()]}`;
  return date.getFullYear() === today.getFullYear()
    ? `${WEEKDAYS[date.getDay()]} ${dayAndMonth}`
    : `${dayAndMonth} ${date.getFullYear()}`;
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** A time of day to the minute: `14:02`. */
export function clock(at: number): string {
  const date = new Date(at);
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** A time of day to the second: `14:02:31`. */
export function clockSeconds(at: number): string {
  return `${clock(at)}:${two(new Date(at).getSeconds())}`;
}

/** A duration as a stop-watch shows it: `04:12`, `1:04:12`. */
export function stopwatch(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const short = `${two(minutes)}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${short}` : short;
}

/** How long something has lasted or is still to last, in its largest unit: `12 s`, `3 min`. */
export function lasting(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.floor(seconds / 60)} min`;
  return seconds * 1000 < 2 * DAY_MS
    ? `${Math.floor(seconds / 3600)} h`
    : `${Math.floor((seconds * 1000) / DAY_MS)} days`;
}

/** How long something took: `3.2 s`, `1 min 12 s`. Nothing takes no time at all. */
export function took(ms: number): string {
  const tenths = Math.max(1, Math.floor(ms / 100));
  if (tenths < 1_000) return `${Math.floor(tenths / 10)}.${tenths % 10}\u00a0s`;
  return `${Math.floor(tenths / 600)}\u00a0min ${Math.floor(tenths / 10) % 60}\u00a0s`;
}

/** Whole seconds from one moment to another, never below zero. */
export function secondsBetween(from: number, to: number): number {
  return Math.max(0, Math.floor((to - from) / 1000));
}

/** Whole seconds until a moment, rounded up, so that it says 1 until the moment comes. */
export function secondsUntil(at: number, now: number): number {
  return Math.max(0, Math.ceil((at - now) / 1000));
}

function two(n: number): string {
  return String(n).padStart(2, '0');
}
