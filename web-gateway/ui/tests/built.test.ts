// What `scripts/build-web` has made. It has to have been run.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

/** The most script that the page may be, all of it, in bytes as gzip sends them. */
const MOST_SCRIPT = 60_000;

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

test('all script of the page is less than 60 KB', () => {
  const scripts = files('dist').filter((file) => file.endsWith('.js'));
  expect(scripts.length).toBeGreaterThan(0);
  const bytes = scripts.reduce((sum, file) => sum + gzipSync(readFileSync(file), { level: 9 }).length, 0);
  console.log(`script: ${bytes} bytes gzipped`);
  expect(bytes).toBeLessThan(MOST_SCRIPT);
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
  const writers = files('src').filter((file) => /localStorage|sessionStorage|indexedDB|document\.cookie/.test(readFileSync(file, 'utf8')));
  expect(writers).toEqual(['src/lib/store.ts']);
  expect(readFileSync('src/lib/store.ts', 'utf8')).not.toMatch(/session\.|access_token/);
});
