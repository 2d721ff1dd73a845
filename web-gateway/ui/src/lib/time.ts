/** Days in words. Moments are milliseconds since 1970. */

import type { Timestamp } from '@bufbuild/protobuf/wkt';

/** A timestamp of the contract in milliseconds; undefined if it is not set. */
export function millis(timestamp: Timestamp | undefined): number | undefined {
  if (!timestamp) return undefined;
  return Number(timestamp.seconds) * 1000 + Math.floor(timestamp.nanos / 1_000_000);
}

/** A day in the reader's time zone: today, yesterday, `Fri 20 Nov`, `20 Nov 2025`. */
export function day(at: number | undefined, now: number): string {
  if (at === undefined) return '';
  const date = new Date(at);
  const today = new Date(now);
  if (date.toDateString() === today.toDateString()) return 'today';
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (date.toDateString() === yesterday.toDateString()) return 'yesterday';
  const dayAndMonth = `${date.getDate()} ${MONTHS[date.getMonth()]}`;
  return date.getFullYear() === today.getFullYear() ? `${WEEKDAYS[date.getDay()]} ${dayAndMonth}` : `${dayAndMonth} ${date.getFullYear()}`;
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
