// Stars and notes on a wide and on a narrow screen, and that the terminal and the page show the same.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { ANSWER, begin, expect, register, submit, test } from './support/world.js';

async function check(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
}

for (const width of [1280, 320]) {
  test(`a question is starred, noted and found again, ${width} px wide`, async ({ browser, world }) => {
    const context = await browser.newContext({ viewport: { width, height: 800 }, reducedMotion: 'reduce' });
    const page = await context.newPage();
    await register(page, world.url);
    const interview = await begin(page, world.url, 1);
    // Readers of the screen hear which question it is, too.
    const asked = (await page.locator('h2.question').innerText()).replace(/^Question 1:\s*/, '');
    const star = page.getByRole('button', { name: 'Star', exact: true });

    // By keyboard alone, beside the answer and not in it.
    await page.getByRole('heading', { level: 1 }).focus();
    await page.keyboard.press('s');
    await expect(star).toHaveAttribute('aria-pressed', 'true');
    await page.keyboard.press('w');
    await expect(page.getByLabel('Your note')).toBeFocused();
    await page.keyboard.type('Say what it costs, s w x a.');
    await check(page);
    // A note that is not saved outlives the page.
    await page.reload();
    await expect(page.getByText('A note that is not saved is kept in this browser')).toBeVisible();
    await page.getByRole('button', { name: 'Note', exact: true }).click();
    await expect(page.getByLabel('Your note')).toHaveValue('Say what it costs, s w x a.');
    await page.keyboard.press('Control+s');
    await expect(page.getByLabel('Your note')).toHaveCount(0);
    await expect(page.getByText('Say what it costs, s w x a.')).toBeVisible();
    await page.getByRole('button', { name: 'Not again' }).click();
    await expect(page.getByRole('button', { name: 'Not again' })).toHaveAttribute('aria-pressed', 'true');
    await check(page);

    await submit(page, ANSWER);
    await expect(page.getByRole('heading', { name: 'What a good answer says' })).toBeVisible({ timeout: 30_000 });
    await page.goto(`${world.url}${interview}/report`);
    const marks = page.getByRole('group', { name: 'Your marks on question 1' });
    await expect(marks.getByRole('button', { name: 'Star', exact: true })).toHaveAttribute('aria-pressed', 'true');
    await expect(page.getByText('Say what it costs, s w x a.')).toBeVisible();
    await marks.getByRole('button', { name: 'Again soon' }).click();
    await expect(marks.getByRole('button', { name: 'Not again' })).toHaveAttribute('aria-pressed', 'false');
    await check(page);
    // What is private is on no paper.
    await page.emulateMedia({ media: 'print' });
    await expect(page.getByText('Say what it costs, s w x a.')).toBeHidden();
    await page.emulateMedia({ media: 'screen' });

    await page.locator('summary').first().click();
    await page.getByRole('link', { name: 'Starred questions' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Starred and noted questions' })).toBeFocused();
    await expect(page.getByRole('heading', { level: 2 })).toHaveText([asked]);
    await check(page);
    await page.goto(world.url);
    await page.getByRole('button', { name: /^Delete / }).click();
    await page.getByRole('dialog').getByRole('button', { name: /^Delete/ }).click();
    await expect(page.getByRole('dialog')).toHaveCount(0);
    // Its interview is gone, and the mark on a question of the bank is not.
    await page.keyboard.press('m');
    await expect(page.getByText('The interview that asked this is deleted.')).toBeVisible();
    await page.getByRole('button', { name: 'Star', exact: true }).click();
    await expect(page.getByRole('button', { name: 'Star', exact: true })).toHaveAttribute('aria-pressed', 'false');
    await check(page);
    await context.close();
  });
}
