// Checks the output of `scripts/build-web`, which must have run before.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

/** The most script that a visit may load first, for signing in and the list of interviews, in gzipped bytes. */
const MOST_FIRST = 60_000;
/** The most script that can ever be loaded, in gzipped bytes. */
const MOST_SCRIPT = 130_000;

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function gzipped(scripts: string[]): number {
  return scripts.reduce((sum, file) => sum + gzipSync(readFileSync(file), { level: 9 }).length, 0);
}

/** Returns a script and all static imports. */
function withImports(file: string, found: string[] = []): string[] {
  if (found.includes(file)) return found;
  found.push(file);
  const imports = readFileSync(file, 'utf8').matchAll(/(?:\bfrom|\bimport)\s*["']\.\/([^"']+)["']/g);
  for (const [, name] of imports) withImports(join('dist/assets', name ?? ''), found);
  return found;
}

test('the first script is less than 60 KB, and all scripts together less than 130 KB', () => {
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

test('the unused JSON form of messages is left out', () => {
  const all = files('dist')
    .filter((file) => file.endsWith('.js'))
    .map((file) => readFileSync(file, 'utf8'))
    .join('');
  const has = (text: string) => all.includes(text);
  expect([has('This page has no JSON form of messages.'), has(' from JSON: '), has(' to JSON: ')]).toEqual([true, false, false]);
});

test('the page has no inline code or style and loads nothing from elsewhere', () => {
  const page = readFileSync('dist/index.html', 'utf8');
  expect(page).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|https?:|data:/);
  for (const file of files('dist').filter((one) => one.endsWith('.css'))) {
    expect(readFileSync(file, 'utf8')).not.toMatch(/url\(|@import|https?:/);
  }
});

test('no component parses HTML, and no lockfile entry names a host', () => {
  for (const file of files('src'))
    expect(readFileSync(file, 'utf8'), file).not.toMatch(
      /\{@html|\.innerHTML|\.outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/,
    );
  expect(readFileSync('package-lock.json', 'utf8')).not.toMatch(/"resolved"/);
});

test('no token can get into browser storage: the few files that write to it have none', () => {
  const users = files('src').filter((file) =>
    /localStorage|sessionStorage|indexedDB|document\.cookie|\bcaches\b/.test(readFileSync(file, 'utf8')),
  );
  expect(users.sort()).toEqual(['src/lib/forgetting.ts', 'src/lib/loaded.ts', 'src/lib/store.ts', 'src/theme.js', 'src/worker.js']);
  for (const file of users) expect(readFileSync(file, 'utf8'), file).not.toMatch(/session\.|access_token|\.token\b|\.cookie/);
  expect(readFileSync('src/theme.js', 'utf8')).not.toMatch(/setItem|session/);
  // The worker keeps only the files on its list, and none of the replies that it passes on.
  expect(readFileSync('dist/worker.js', 'utf8')).not.toMatch(/\.put\(|\.clone\(/);
});

test('the worker keeps every file that the page may load, and its cache is renamed when one changes', () => {
  const worker = readFileSync('dist/worker.js', 'utf8');
  const listed = JSON.parse(/\[("\/assets[^\]]*)\]/.exec(worker)?.[0] ?? '[]') as string[];
  const served = files('dist/assets')
    .filter((file) => !/\.(br|gz)$/.test(file))
    .map((file) => `/${file.slice('dist/'.length)}`);
  expect(listed).toEqual(served.sort());
  expect(worker).toMatch(/'viva-page-', '[\w-]{12}'/);
  expect(worker).not.toMatch(/__|\/\/ /);
});
