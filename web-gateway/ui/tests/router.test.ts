import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ownerCode } from '../src/lib/code.js';
import { interviewPath, isOpen, parse, reportPath, signInPath } from '../src/lib/router.js';

describe('paths', () => {
  test('lead to their screens, and screens to their paths', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }), fc.integer({ min: 1, max: 9999 }), (id, question) => {
        expect(parse(interviewPath(id, question))).toEqual({ name: 'interview', id, question });
        expect(parse(interviewPath(id))).toEqual({ name: 'interview', id, question: undefined });
        expect(parse(reportPath(id))).toEqual({ name: 'report', id });
      }),
    );
    for (const [path, name] of [
      ['/', 'dashboard'],
      ['/new', 'new'],
      ['/progress', 'progress'],
      ['/account/', 'account'],
    ] as const) {
      expect(parse(path)).toEqual({ name });
    }
  });

  test('that do not exist lead to a page that says so', () => {
    for (const path of [
      '/x',
      '/interviews',
      '/interviews/0',
      '/interviews/-1',
      '/interviews/1x',
      '/interviews/1/0',
      '/interviews/1/2/3',
      '/interviews/9223372036854775808',
      '/interviews/%31',
    ]) {
      expect(parse(path), path).toEqual({ name: 'unknown' });
    }
  });

  test('of signing in lead back to where you were, and nowhere else', () => {
    expect(parse(signInPath('/interviews/5/3'))).toEqual({ name: 'sign-in', next: '/interviews/5/3' });
    expect(signInPath('/')).toBe('/sign-in');
    for (const next of [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      'javascript:alert(1)',
      '/sign-in',
      '/register?next=/x',
      '/nowhere',
      '',
    ]) {
      expect(parse(`/sign-in?next=${encodeURIComponent(next)}`), next).toEqual({ name: 'sign-in', next: '/' });
    }
  });

  test('any text is a path that the page can show something for', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const route = parse(`/${text}`);
        expect(typeof isOpen(route)).toBe('boolean');
      }),
    );
  });
});

describe('the owner’s code', () => {
  let before: string;
  beforeEach(() => void (before = location.href));
  afterEach(() => history.replaceState(null, '', before));

  test('is removed from the address, and so from the history', () => {
    history.replaceState(null, '', '/#code=abc-_123');
    const length = history.length;
    expect(ownerCode()).toBe('abc-_123');
    expect([location.hash, history.length]).toEqual(['', length]);
    expect(ownerCode()).toBeUndefined();
  });

  test('is not read from other fragments', () => {
    history.replaceState(null, '', '/#q2');
    expect(ownerCode()).toBeUndefined();
    expect(location.hash).toBe('#q2');
  });
});
