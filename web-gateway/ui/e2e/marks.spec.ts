// Stars and notes on a wide and a narrow screen, the same in the terminal and the page.
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
    // Screen readers also hear which question it is.
    const asked = (await page.locator('h2.question').innerText()).replace(/^Question 1:\s*/, '');
    const star = page.getByRole('button', { name: 'Star', exact: true });

    // By keyboard alone, with the focus outside the answer.
    await page.getByRole('heading', { level: 1 }).focus();
    await page.keyboard.press('s');
    await expect(star).toHaveAttribute('aria-pressed', 'true');
    await page.keyboard.press('w');
    await expect(page.getByLabel('Your note')).toBeFocused();
    await page.keyboard.type('Say what it costs, s w x a.');
    await check(page);
    // An unsaved note outlives the page.
    await page.reload();
    await expect(page.getByText('You have an unsaved note in this browser')).toBeVisible();
    await page.getByRole('button', { name: 'Note', exact: true }).click();
    await expect(page.getByLabel('Your note')).toHaveValue('Say what it costs, s w x a.');
    await page.keyboard.press('Control+s');
    await expect(page.getByLabel('Your note')).toHaveCount(0);
    await expect(page.getByText('Say what it costs, s w x a.')).toBeVisible();
    await page.getByRole('button', { name: 'Don’t ask again' }).click();
    await expect(page.getByRole('button', { name: 'Don’t ask again' })).toHaveAttribute('aria-pressed', 'true');
    await check(page);

    await submit(page, ANSWER);
    await expect(page.getByRole('heading', { name: 'What a good answer says' })).toBeVisible({ timeout: 30_000 });
    await page.goto(`${world.url}${interview}/report`);
    const marks = page.getByRole('group', { name: 'Your marks on question 1' });
    await expect(marks.getByRole('button', { name: 'Star', exact: true })).toHaveAttribute('aria-pressed', 'true');
    await expect(page.getByText('Say what it costs, s w x a.')).toBeVisible();
    await marks.getByRole('button', { name: 'Ask again soon' }).click();
    await expect(marks.getByRole('button', { name: 'Don’t ask again' })).toHaveAttribute('aria-pressed', 'false');
    await check(page);
    // Private marks are not printed.
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
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Delete/ })
      .click();
    await expect(page.getByRole('dialog')).toHaveCount(0);
    // The interview is deleted, but the mark on a question of the bank is not.
    await page.keyboard.press('m');
    await expect(page.getByText('The interview with this question has been deleted.')).toBeVisible();
    await page.getByRole('button', { name: 'Star', exact: true }).click();
    await expect(page.getByRole('button', { name: 'Star', exact: true })).toHaveAttribute('aria-pressed', 'false');
    await check(page);
    await context.close();
  });
}
