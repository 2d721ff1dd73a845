// What `scripts/build-web` has made. It has to have been run.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

/** The most script that a visit may load first, for signing in and the list of interviews, in bytes as
 * gzip sends them. */
const MOST_FIRST = 60_000;
/** The most that all script may be: what it is since questions can be marked and interviews previewed, and not 1 KB
 * more. */
const MOST_SCRIPT = 93_000;

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function gzipped(scripts: string[]): number {
  return scripts.reduce((sum, file) => sum + gzipSync(readFileSync(file), { level: 9 }).length, 0);
}

/** A script with all that it imports before it runs. */
function withImports(file: string, found: string[] = []): string[] {
  if (found.includes(file)) return found;
  found.push(file);
  const imports = readFileSync(file, 'utf8').matchAll(/(?:\bfrom|\bimport)\s*["']\.\/([^"']+)["']/g);
  for (const [, name] of imports) withImports(join('dist/assets', name ?? ''), found);
  return found;
}

test('what a visit loads first is less than 60 KB of script, and all script less than 93 KB', () => {
  const scripts = files('dist').filter((file) => file.endsWith('.js'));
  const named = [...readFileSync('dist/index.html', 'utf8').matchAll(/<script[^>]*\bsrc="\/([^"]+)"/g)];
  const first = named.reduce<string[]>((found, [, name]) => withImports(join('dist', name ?? ''), found), []);
  expect(first.length).toBeGreaterThan(0);
  expect(scripts).toEqual(expect.arrayContaining(first));
  expect(scripts.length).toBeGreaterThan(first.length);
  const [bytes, all] = [gzipped(first), gzipped(scripts)];
  console.log(`script: ${bytes} bytes gzipped at first, ${all} in all`);
  expect(bytes).toBeLessThan(MOST_FIRST);
  expect(all).toBeLessThan(MOST_SCRIPT);
});

test('the JSON form of messages is left out, which nothing here speaks', () => {
  const all = files('dist').filter((file) => file.endsWith('.js')).map((file) => readFileSync(file, 'utf8')).join('');
  const has = (text: string) => all.includes(text);
  expect([has('This page has no JSON form of messages.'), has(' from JSON: '), has(' to JSON: ')]).toEqual([true, false, false]);
});

test('nothing of the page is inline, and nothing comes from elsewhere', () => {
  const page = readFileSync('dist/index.html', 'utf8');
  expect(page).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|https?:|data:/);
  for (const file of files('dist').filter((one) => one.endsWith('.css'))) {
    expect(readFileSync(file, 'utf8')).not.toMatch(/url\(|@import|https?:/);
  }
});

test('no component reads HTML, and nothing names a place to load from', () => {
  for (const file of files('src')) expect(readFileSync(file, 'utf8'), file).not.toMatch(/\{@html|\.innerHTML|\.outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/);
  expect(readFileSync('package-lock.json', 'utf8')).not.toMatch(/"resolved"/);
});

test('no token can get into a storage: only one file writes to one, and knows none', () => {
  const users = files('src').filter((file) => /localStorage|sessionStorage|indexedDB|document\.cookie/.test(readFileSync(file, 'utf8')));
  expect(users.sort()).toEqual(['src/lib/store.ts', 'src/theme.js']);
  expect(readFileSync('src/lib/store.ts', 'utf8')).not.toMatch(/session\.|access_token/);
  expect(readFileSync('src/theme.js', 'utf8')).not.toMatch(/setItem|\.cookie|session/);
});
