// Nothing moves from under a finger, and nothing appears under it by accident.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { meantClicks } from '../src/parts/clicks.js';
import { Aim } from '../src/state/aim.js';

describe('the user is about to press something', () => {
  let stop = () => {};
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => (stop(), vi.useRealTimers(), document.body.replaceChildren()));

  function watched() {
    const aim = new Aim();
    stop = aim.start();
    document.body.innerHTML = '<button>Submit</button><p>text</p>';
    const on = (place: string, name: string) => document.querySelector(place)?.dispatchEvent(new Event(name, { bubbles: true }));
    const isOver = async () => {
      let is = false;
      void aim.over().then(() => (is = true));
      await vi.advanceTimersByTimeAsync(0);
      return is;
    };
    return { on, isOver };
  }

  test('from the moment a pointer is down until just after it is up', async () => {
    const { on, isOver } = watched();
    expect(await isOver()).toBe(true);
    on('p', 'pointerdown');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await isOver()).toBe(false);
    on('p', 'pointerup');
    expect(await isOver()).toBe(false);
    await vi.advanceTimersByTimeAsync(150);
    expect(await isOver()).toBe(true);
  });

  test('while a pointer moves over a control, and for a moment after, but not elsewhere, and not indefinitely', async () => {
    const { on, isOver } = watched();
    on('p', 'pointermove');
    expect(await isOver()).toBe(true);
    on('button', 'pointermove');
    expect(await isOver()).toBe(false);
    await vi.advanceTimersByTimeAsync(700);
    expect(await isOver()).toBe(true);
    // Moving with the pointer down does not end it, but a pointer that never comes up does.
    on('button', 'pointerdown');
    on('button', 'pointermove');
    await vi.advanceTimersByTimeAsync(700);
    expect(await isOver()).toBe(false);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await isOver()).toBe(true);
  });

  test('and code that waits for the end is told', async () => {
    const aim = new Aim();
    stop = aim.start();
    dispatchEvent(new Event('pointerdown'));
    let at = 0;
    const from = Date.now();
    void aim.over().then(() => (at = Date.now() - from));
    await vi.advanceTimersByTimeAsync(300);
    dispatchEvent(new Event('pointerup'));
    await vi.advanceTimersByTimeAsync(300);
    expect(at).toBeGreaterThanOrEqual(400);
    expect(at).toBeLessThanOrEqual(500);
  });
});

describe('the second click of a double click', () => {
  afterEach(() => document.body.replaceChildren());

  /** Which of these clicks are heard, each with its count. */
  function heard(html: string, ...clicks: [place: string, detail: number][]) {
    document.body.innerHTML = html;
    const guard = meantClicks();
    const all: string[] = [];
    const ending = new AbortController();
    addEventListener('click', (event) => guard(event), { capture: true, signal: ending.signal });
    document.body.addEventListener('click', ({ target }) => all.push((target as Element).id), { signal: ending.signal });
    for (const [place, detail] of clicks)
      document.querySelector(place)?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, detail }));
    ending.abort();
    return all;
  }

  const html =
    '<p id="text">text</p><button id="ask"><b id="in">Delete</b></button><button id="yes">Delete</button><a id="next" href="#">Next</a><div><a id="after" href="#">Next</a></div><a id="back" href="#">Back</a>';

  test('goes to the same control as the first, or nowhere', () => {
    expect(heard(html, ['#ask', 1], ['#ask', 2])).toEqual(['ask', 'ask']);
    expect(heard(html, ['#ask', 1], ['#in', 2])).toEqual(['ask', 'in']);
    expect(heard(html, ['#ask', 1], ['#yes', 2], ['#yes', 3])).toEqual(['ask']);
    expect(heard(html, ['#text', 1], ['#yes', 2])).toEqual(['text']);
    expect(heard(html, ['#text', 1], ['#text', 2])).toEqual(['text', 'text']);
  });

  test('follows a link that has replaced one with the same words', () => {
    expect(heard(html, ['#next', 1], ['#after', 2], ['#back', 3])).toEqual(['next', 'after']);
  });

  test('does not apply to keys, and the next first click is free', () => {
    expect(heard(html, ['#ask', 1], ['#yes', 0], ['#yes', 2], ['#yes', 1])).toEqual(['ask', 'yes', 'yes']);
  });
});
