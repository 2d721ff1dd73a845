// Controls do not move while somebody aims at them, and nothing is pressed that nobody meant.
import type { Locator, Page } from '@playwright/test';
import { ANSWER, begin, expect, register, test } from './support/world.js';

const answer = (page: Page) => page.getByLabel('Your answer');

async function boxOf(place: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await place.boundingBox();
  if (!box) throw new Error('it is not to be seen');
  return box;
}

async function centre(place: Locator): Promise<{ x: number; y: number }> {
  await place.evaluate((element) => element.scrollIntoView({ block: 'center' }));
  const { x, y, width, height } = await boxOf(place);
  return { x: x + width / 2, y: y + height / 2 };
}

for (const width of [320, 390, 700, 1280]) {
  test(`the first tap after typing submits, and nothing moves by it, ${width} px wide`, async ({ browser, world }) => {
    const context = await browser.newContext({ viewport: { width, height: 720 }, hasTouch: true, isMobile: width < 600 });
    const page = await context.newPage();
    await register(page, world.url);
    await begin(page, world.url, 2);
    const button = page.getByRole('button', { name: 'Submit', exact: true });
    const next = page.getByRole('link', { name: 'Next question' });
    await answer(page).fill(ANSWER);
    const { x, y } = await centre(button);
    // Typing goes on until the finger comes down, so that the draft is saved under it.
    await answer(page).pressSequentially(' Then');
    const places = async () => [await button.boundingBox(), await next.boundingBox()];
    const before = await places();
    await page.touchscreen.tap(x, y);
    await expect(page.getByRole('button', { name: 'Yes, submit' })).toBeVisible();
    expect(await places()).toEqual(before);
    await page.getByRole('button', { name: 'Keep writing' }).click();
    await expect(page.getByText(/Draft saved \d\d:\d\d:\d\d/)).toBeVisible();
    expect(await places()).toEqual(before);
    await answer(page).fill('Short');
    await button.click();
    await expect(page.getByText('Answer must be at least 10 characters')).toBeVisible();
    expect(await places()).toEqual(before);
    await context.close();
  });
}

test('a mouse that is slow to let go presses what it aimed at', async ({ page, world }) => {
  await register(page, world.url);
  await begin(page, world.url, 1);
  await answer(page).pressSequentially(ANSWER.slice(0, 60));
  const { x, y } = await centre(page.getByRole('button', { name: 'Submit', exact: true }));
  await page.mouse.move(x, y);
  await page.mouse.down();
  // The field loses the focus, and its draft is saved.
  await expect(page.getByText(/Draft saved/)).toBeVisible();
  await page.mouse.up();
  await expect(page.getByRole('button', { name: 'Yes, submit' })).toBeVisible();
});

test('a double click on Submit asks for confirmation and does not give it', async ({ page, world }) => {
  await register(page, world.url);
  await begin(page, world.url, 2);
  await answer(page).fill(ANSWER);
  await page.getByRole('button', { name: 'Submit', exact: true }).dblclick();
  await expect(page.getByText(/^Submit \d+ words\?$/)).toBeVisible();
  await page.getByRole('button', { name: 'Yes, submit' }).dblclick();
  await expect(page).toHaveURL(/\/2$/);
  await expect(answer(page)).toHaveValue('');
});

test('a double click on Delete asks, wherever the question comes up, and deletes nothing', async ({ browser, world }) => {
  const context = await browser.newContext({ viewport: { width: 320, height: 640 } });
  const page = await context.newPage();
  await register(page, world.url);
  for (const role of ['First', 'Second', 'Third', 'Fourth']) await begin(page, world.url, 1, role);
  await page.goto(world.url);
  const row = page.getByRole('button', { name: 'Delete Second' });
  await row.click();
  const yes = await boxOf(page.getByRole('button', { name: 'Delete', exact: true }));
  await page.keyboard.press('Escape');
  // The line is brought to where the question's own button will be.
  const away = (await boxOf(row)).y - yes.y;
  await page.evaluate((by) => scrollBy(0, by), away);
  const there = await boxOf(row);
  const [left, right] = [Math.max(yes.x, there.x), Math.min(yes.x + yes.width, there.x + there.width)];
  const [top, bottom] = [Math.max(yes.y, there.y), Math.min(yes.y + yes.height, there.y + there.height)];
  expect([right > left, bottom > top]).toEqual([true, true]);
  await page.mouse.dblclick((left + right) / 2, (top + bottom) / 2);
  await expect(page.getByRole('dialog', { name: 'Delete this interview?' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('listitem')).toHaveCount(4);
  await context.close();
});

test('news that comes up under the pointer lets a press through to what was there', async ({ page, world }) => {
  await register(page, world.url);
  await begin(page, world.url, 1, 'Role to delete');
  await page.goto(world.url);
  await page.getByRole('button', { name: 'Delete Role to delete' }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  const notice = page.locator('.notice');
  await expect(notice).toHaveCSS('pointer-events', 'none', { timeout: 2_000 });
  await expect(notice).toHaveCSS('pointer-events', 'auto');
  await notice.getByRole('button').click();
  await expect(notice).toHaveCount(0);
});
