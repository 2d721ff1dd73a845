import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Notices } from '../src/state/notices.svelte.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('screen readers get every message in order, at most one a second', () => {
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

test('news disappears by itself, errors stay until they are closed', () => {
  const notices = new Notices();
  notices.tell('It is saved.');
  notices.complain('It is not saved.');
  notices.complain('It is not saved.');
  expect(notices.list.map(({ text }) => text)).toEqual(['It is saved.', 'It is not saved.']);
  vi.advanceTimersByTime(60_000);
  expect(notices.list.map(({ tone }) => tone)).toEqual(['error']);
});

test('messages to one person, shown or waiting, are gone for the next', () => {
  const notices = new Notices();
  notices.complain('It is not saved.');
  notices.say('Question 1 is evaluated.');
  notices.clear();
  vi.advanceTimersByTime(5_000);
  expect([notices.list, notices.spoken]).toEqual([[], '']);
});
