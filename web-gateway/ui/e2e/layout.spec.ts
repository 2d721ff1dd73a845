// Every screen at every width: bars in one row, unbroken words, and room to write above a keyboard.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { ANSWER, begin, expect, submit, test } from './support/world.js';

const WIDTHS = [320, 390, 768, 1280, 1920];
const LONG = 'x'.repeat(50);

/** Registers with a name of the maximum length. */
async function registerLong(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/register`);
  await page.getByLabel('Username').fill(LONG);
  await page.getByLabel('Email').fill('x@example.org');
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByRole('button', { name: 'Create an account' }).click();
  await expect(page.getByRole('heading', { name: 'Interviews', level: 1 })).toBeVisible();
}

/** Returns the words of controls and bars that are broken across lines. A name may be cut off instead. */
function brokenWords(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const broken: string[] = [];
    for (const control of document.querySelectorAll('header, .button, nav, summary, label, legend')) {
      const walker = document.createTreeWalker(control, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (node.parentElement?.closest('.unseen')) continue;
        for (const { 0: word, index } of (node.textContent ?? '').matchAll(/\S+/g)) {
          const range = document.createRange();
          range.setStart(node, index);
          range.setEnd(node, index + word.length);
          const lines = new Set([...range.getClientRects()].filter(({ width }) => width > 0).map(({ top }) => Math.round(top)));
          if (lines.size > 1) broken.push(word);
        }
      }
    }
    return broken;
  });
}

/** Returns the words whose colour is that of the background behind them. */
function unreadable(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const behind = (element: Element | null): string => {
      if (!element) return getComputedStyle(document.documentElement).backgroundColor;
      const { backgroundColor } = getComputedStyle(element);
      return /, 0\)$|transparent/.test(backgroundColor) ? behind(element.parentElement) : backgroundColor;
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const words: string[] = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      const text = node.textContent?.trim();
      if (parent && text && !parent.closest('svg') && getComputedStyle(parent).color === behind(parent)) words.push(text);
    }
    return words;
  });
}

async function checkLayout(page: Page, screen: string): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    const at = `${screen} at ${width} px`;
    expect(await brokenWords(page), at).toEqual([]);
    const header = await page.locator('header.no-print').first().boundingBox();
    expect(header?.height, at).toBeLessThanOrEqual(64);
    // The whole bar is in one row and within the window.
    const bar = await page.locator('header .bar > *').evaluateAll((parts) =>
      parts
        .map((part) => part.getBoundingClientRect())
        .filter(({ width }) => width > 0)
        .map(({ top, bottom, right }) => ({ middle: (top + bottom) / 2, right })),
    );
    for (const { middle, right } of bar) {
      expect(Math.abs(middle - (bar[0]?.middle ?? 0)), at).toBeLessThan(8);
      expect(right, at).toBeLessThanOrEqual(width);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), at).toBeLessThanOrEqual(0);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${at}: ${id} ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([]);
  }
}

test('bars have one row and unbroken words at every width, even with the longest name', async ({ page, world }) => {
  test.setTimeout(240_000);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await registerLong(page, world.url);
  const interview = await begin(page, world.url, 1, 'Systems engineer for distributed storage and networks of all kinds');
  await page.getByLabel('Your answer').fill('Like `this`:');
  await page.getByRole('button', { name: 'Code block' }).click();
  await page.keyboard.type('let x = 1;');
  await checkLayout(page, 'interview');
  await submit(page, `${ANSWER} \`\`\`rust`);
  await expect(page).toHaveURL(/\/report$/);
  await checkLayout(page, 'report with an answer that can be taken back');
  await expect(page.getByText('1 of 1 question evaluated')).toBeVisible({ timeout: 30_000 });
  await checkLayout(page, 'report');
  await page.goto(`${world.url}${interview}/1?again`);
  await expect(page.getByRole('complementary', { name: 'Your last answer' })).toBeVisible();
  await checkLayout(page, 'answering again');
  await page.goto(world.url);
  await expect(page.getByRole('listitem')).toHaveCount(1);
  await checkLayout(page, 'dashboard');
});

test('the practice loop has unbroken words and no axe finding at every width', async ({ page, world }) => {
  test.setTimeout(240_000);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await registerLong(page, world.url);
  const interview = await begin(page, world.url, 3);
  await submit(page, ANSWER);
  await expect(page).toHaveURL(/\/2$/);
  await page.getByRole('button', { name: 'Hint', exact: true }).click();
  await expect(page.getByRole('list', { name: 'Hints' })).toContainText('Hint 1 of');
  await checkLayout(page, 'a hint');
  await page.getByRole('button', { name: 'I don’t know: show me' }).click();
  await checkLayout(page, 'whether to show the answer');
  await page.getByRole('button', { name: 'Show me', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Example of a good answer' })).toBeVisible();
  await checkLayout(page, 'an answer that is shown');
  await page.goto(`${world.url}${interview}/3`);
  await submit(page, `${ANSWER} Then I would change one thing.`);
  await expect(page).toHaveURL(/\/report$/);
  await page.goto(`${world.url}${interview}/1?again`);
  await submit(page, `${ANSWER} Then I would change one thing at a time.`);
  await expect(page.getByRole('region', { name: 'Attempt 2 compared with attempt 1' })).toBeVisible({ timeout: 30_000 });
  await checkLayout(page, 'two attempts');
  await page.goto(`${world.url}${interview}/report`);
  await expect(page.getByRole('heading', { name: 'To work on' })).toBeVisible({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Ask me more' }).first().click();
  await expect(page.getByText('follow-up to question 1')).toBeVisible();
  await checkLayout(page, 'report of practice');
});

test('progress and the account have unbroken words and no axe finding at every width', async ({ page, world }) => {
  test.setTimeout(300_000);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await registerLong(page, world.url);
  await begin(page, world.url, 1, 'Systems engineer for distributed storage and networks of all kinds');
  await submit(page, ANSWER);
  await expect(page.getByText('1 of 1 question evaluated')).toBeVisible({ timeout: 30_000 });
  await page.goto(`${world.url}/progress`);
  await page.getByText('The same as a table').click();
  await expect(page.getByRole('rowheader')).toHaveCount(1);
  await checkLayout(page, 'progress');
  await page.goto(`${world.url}/account`);
  for (const letter of ['a', 'b']) {
    await page.getByRole('button', { name: 'New key' }).click();
    await page.getByLabel('Name', { exact: true }).fill(letter.repeat(100));
    await page.getByRole('button', { name: 'Create the key' }).click();
    await page.getByRole('button', { name: 'Done' }).click();
  }
  await checkLayout(page, 'account');
});

test('the text and the Submit button fit above an on-screen keyboard', async ({ browser, world }) => {
  const context = await browser.newContext({ viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true });
  const page = await context.newPage();
  await registerLong(page, world.url);
  await begin(page, world.url, 1);
  await page.getByLabel('Your answer').tap();
  // The keyboard appears.
  await page.setViewportSize({ width: 320, height: 300 });
  const inSight = async (place: ReturnType<Page['locator']>) => {
    const box = await place.boundingBox();
    return box !== null && box.y >= 0 && box.y + box.height <= 300;
  };
  await expect.poll(() => inSight(page.getByLabel('Your answer'))).toBe(true);
  await expect.poll(() => inSight(page.getByRole('button', { name: 'Submit', exact: true }))).toBe(true);
  await context.close();
});

test('with forced colours, a bar still shows its score, and all words can be read', async ({ page, world }) => {
  await registerLong(page, world.url);
  await begin(page, world.url, 1);
  await submit(page, ANSWER);
  await expect(page.getByText('1 of 1 question evaluated')).toBeVisible({ timeout: 30_000 });
  await page.emulateMedia({ forcedColors: 'active' });
  for (const path of [new URL(page.url()).pathname, '/', '/progress']) {
    await page.goto(`${world.url}${path}`);
    const tracks = page.locator('.track');
    await expect(tracks.first()).toBeAttached();
    // Only what is scored is filled; the rest of a bar is an outline.
    const looks = await tracks.evaluateAll((all) => all.map((one) => [getComputedStyle(one).fill, getComputedStyle(one).stroke]));
    expect(
      looks.filter(([fill, stroke]) => fill !== 'none' || stroke === 'none'),
      path,
    ).toEqual([]);
    expect(await unreadable(page), path).toEqual([]);
  }
});

test('a report on one answer is less than 2,000 pixels high', async ({ page, world }) => {
  await registerLong(page, world.url);
  await begin(page, world.url, 1);
  await submit(page, ANSWER);
  await expect(page.getByText('1 of 1 question evaluated')).toBeVisible({ timeout: 30_000 });
  expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThan(2_000);
});
