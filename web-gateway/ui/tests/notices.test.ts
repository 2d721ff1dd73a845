import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Notices } from '../src/state/notices.svelte.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a screen reader is told at most one message a second, each of them, in order', () => {
  const notices = new Notices();
  const heard: [at: number, text: string][] = [];
  const texts = ['Question 1 is evaluated.', 'Question 2 is evaluated.', 'Question 3 is evaluated.'];
  const begun = Date.now();
  texts.forEach((text) => notices.say(text));
  for (let at = 0; at <= 4_000; at += 50) {
    if (notices.spoken !== heard.at(-1)?.[1]) heard.push([Date.now() - begun, notices.spoken]);
    vi.advanceTimersByTime(50);
  }
  expect(heard.map(([, text]) => text)).toEqual(texts);
  heard.slice(1).forEach(([at], before) => expect(at - (heard[before]?.[0] ?? 0)).toBeGreaterThanOrEqual(1_000));
});

test('news goes by itself, what went wrong stays until it is closed', () => {
  const notices = new Notices();
  notices.tell('It is saved.');
  notices.complain('It is not saved.');
  notices.complain('It is not saved.');
  expect(notices.list.map(({ text }) => text)).toEqual(['It is saved.', 'It is not saved.']);
  vi.advanceTimersByTime(60_000);
  expect(notices.list.map(({ tone }) => tone)).toEqual(['error']);
});

test('what was told and is still to be told to one person is not there for the next', () => {
  const notices = new Notices();
  notices.complain('It is not saved.');
  notices.say('Question 1 is evaluated.');
  notices.clear();
  vi.advanceTimersByTime(5_000);
  expect([notices.list, notices.spoken]).toEqual([[], '']);
});
