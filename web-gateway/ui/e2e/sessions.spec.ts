// Sessions in the account screen: the list, and ending one of them.
import { AxeBuilder } from '@axe-core/playwright';
import type { BrowserContextOptions } from '@playwright/test';
import { expect, register, signIn, test } from './support/world.js';

test('all sessions of the account are listed, and one of them can be ended alone', async ({ page, browser, world }) => {
  test.setTimeout(120_000);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await register(page, world.url);
  const device = async (options: BrowserContextOptions) => {
    const other = await (await browser.newContext(options)).newPage();
    await other.goto(world.url);
    await signIn(other);
    await expect(other.getByRole('heading', { name: 'Interviews', level: 1 })).toBeVisible();
    return other;
  };
  const laptop = await device({ userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0' });
  const tablet = await device({});
  await page.goto(`${world.url}/account`);
  const rows = page.getByRole('list', { name: 'Your sessions' }).getByRole('listitem');
  await expect(rows).toHaveCount(3);
  await expect(rows.filter({ hasText: 'this browser' })).toHaveCount(1);
  await expect(rows.filter({ hasText: 'this browser' }).getByRole('button')).toHaveCount(0);
  const firefox = rows.filter({ hasText: 'Firefox on Linux' });
  await expect(firefox).toContainText('last used today · signed in today');
  for (const width of [320, 390, 768, 1280, 1920]) {
    await page.setViewportSize({ width, height: 800 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), `${width} px`).toBeLessThanOrEqual(0);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${width} px: ${id} ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([]);
  }
  await firefox.getByRole('button', { name: 'Sign out Firefox on Linux' }).click();
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText('Firefox on Linux is signed out.');
  await expect(rows).toHaveCount(2);
  await laptop.goto(`${world.url}/progress`);
  await expect(laptop.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await tablet.goto(`${world.url}/progress`);
  await expect(tablet.getByRole('heading', { name: 'Progress', level: 1 })).toBeVisible();
  await page.reload();
  await expect(rows).toHaveCount(2);
  await Promise.all([laptop, tablet].map((other) => other.context().close()));
});
