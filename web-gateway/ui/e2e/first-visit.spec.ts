// A first visit: what Viva offers, and the first question after one press.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, register, test } from './support/world.js';

async function check(page: Page, what: string): Promise<void> {
  for (const width of [320, 390, 768, 1280, 1920]) {
    await page.setViewportSize({ width, height: 800 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), `${what} at ${width} px`).toBeLessThanOrEqual(0);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${what} at ${width} px: ${id} ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([]);
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  }
}

test('an empty list offers three short interviews, and one press leads to the first question', async ({ page, world }) => {
  test.setTimeout(120_000);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await register(page, world.url);
  const starts = page.getByRole('region', { name: 'Or start right away' }).getByRole('button');
  await expect(starts).toHaveText([/JavaScript\s*10 minutes, junior/, /Rust\s*10 minutes, mid/, /System design\s*10 minutes, senior/]);
  await check(page, 'empty dashboard');
  await starts.nth(1).click();
  await expect(page).toHaveURL(/\/interviews\/\d+\/1$/);
  await expect(page.getByText(/^1 of 2 · rust/i)).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('mid');
  await page.goto(world.url);
  await expect(page.getByRole('region', { name: 'Or start right away' })).toHaveCount(0);
});

test('the sample is marked as one, shows what a report has, and offers nothing that only your own report can do', async ({
  page,
  world,
}) => {
  test.setTimeout(120_000);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await register(page, world.url);
  const scripts: string[] = [];
  page.on('request', (request) => scripts.push(new URL(request.url()).pathname));
  await page.getByRole('link', { name: 'a sample report' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Backend engineer · mid' })).toBeVisible();
  // It is loaded when it is opened, and needs nothing from the server.
  expect(scripts.filter((path) => /sample-[\w-]+\.js$/.test(path))).toHaveLength(1);
  expect(scripts.filter((path) => path.includes('Report'))).toEqual([]);
  await expect(page.getByText('This is a sample: two made-up answers')).toBeVisible();
  await expect(page.getByText('Sample report')).toBeVisible();
  await expect(page.getByText('2 of 2 questions evaluated')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'To work on' })).toBeVisible();
  for (const name of [/Answer .*again/, /^Star$/, 'Note', /Markdown/, /^Practise this/]) {
    await expect(page.getByRole('button', { name })).toHaveCount(0);
    await expect(page.getByRole('link', { name })).toHaveCount(0);
  }
  await check(page, 'sample');
  // Only the topic is practised, which anyone can do.
  await page.getByRole('button', { name: /^Practise databases/ }).click();
  await expect(page).toHaveURL(/\/interviews\/\d+\/1$/);
});
