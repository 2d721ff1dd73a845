// Controls do not move while you aim at them, and nothing is pressed by accident.
import type { Locator, Page } from '@playwright/test';
import { ANSWER, begin, expect, register, submit, test } from './support/world.js';

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
  test(`the first tap after typing submits, and nothing moves, ${width} px wide`, async ({ browser, world }) => {
    const context = await browser.newContext({ viewport: { width, height: 720 }, hasTouch: true, isMobile: width < 600 });
    const page = await context.newPage();
    await register(page, world.url);
    await begin(page, world.url, 2);
    const button = page.getByRole('button', { name: 'Submit', exact: true });
    const next = page.getByRole('link', { name: 'Next question' });
    await answer(page).fill(ANSWER);
    const { x, y } = await centre(button);
    // Typing continues until the finger is down, so that the draft is saved during the tap.
    await answer(page).pressSequentially(' Then');
    const places = async () => [await button.boundingBox(), await next.boundingBox()];
    const before = await places();
    await page.touchscreen.tap(x, y);
    await expect(page).toHaveURL(/\/2$/);
    await page.getByRole('button', { name: 'Take it back' }).tap();
    await expect(answer(page)).toHaveValue(`${ANSWER} Then`);
    await button.evaluate((element) => element.scrollIntoView({ block: 'center' }));
    expect(await places()).toEqual(before);
    await answer(page).fill('Short');
    await button.click();
    await expect(page.getByText('Answer must be at least 10 characters')).toBeVisible();
    expect(await places()).toEqual(before);
    await answer(page).pressSequentially('er');
    await answer(page).blur();
    await expect(page.getByText(/Draft saved \d\d:\d\d:\d\d/)).toBeVisible();
    expect(await places()).toEqual(before);
    await context.close();
  });
}

test('a slow mouse click presses what it aimed at', async ({ page, world }) => {
  await register(page, world.url);
  await begin(page, world.url, 1);
  await answer(page).pressSequentially(ANSWER.slice(0, 60));
  const { x, y } = await centre(page.getByRole('button', { name: 'Submit', exact: true }));
  await page.mouse.move(x, y);
  await page.mouse.down();
  // The field loses the focus, which saves its draft.
  await expect(page.getByText(/Draft saved/)).toBeVisible();
  await page.mouse.up();
  await expect(page.getByText('Answer 1 submitted.').first()).toBeVisible();
});

test('a double click on Submit, or a second tap, submits one answer and not the draft that takes its place', async ({ page, world }) => {
  await register(page, world.url);
  const interview = await begin(page, world.url, 3);
  await page.getByRole('link', { name: 'Next question' }).click();
  await answer(page).fill('A draft of the second answer.');
  await page.getByRole('link', { name: 'Previous question' }).click();
  await answer(page).fill(ANSWER);
  const { x, y } = await centre(page.getByRole('button', { name: 'Submit', exact: true }));
  await page.mouse.dblclick(x, y);
  await page.mouse.click(x, y);
  await expect(page).toHaveURL(`${world.url}${interview}/2`);
  await expect(answer(page)).toHaveValue('A draft of the second answer.');
  await expect(page.getByText('submitted.').last()).toHaveText('Answer 1 submitted.');
});

test('a double click on Delete opens the dialog and deletes nothing, wherever the dialog appears', async ({ browser, world }) => {
  const context = await browser.newContext({ viewport: { width: 320, height: 640 } });
  const page = await context.newPage();
  await register(page, world.url);
  for (const role of ['First', 'Second', 'Third', 'Fourth']) await begin(page, world.url, 1, role);
  await page.goto(world.url);
  const row = page.getByRole('button', { name: 'Delete Second' });
  await row.click();
  const yes = await boxOf(page.getByRole('button', { name: 'Delete', exact: true }));
  await page.keyboard.press('Escape');
  // The line is scrolled to where the dialog's button will be.
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

test('a message that appears under the pointer lets a press through', async ({ page, world }) => {
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

test('choosing moves no other choice, and nothing below the head moves from one question to the next', async ({ page, world }) => {
  await register(page, world.url);
  const interview = await begin(page, world.url, 2);
  const heading = page.getByRole('heading', { level: 2 });
  await submit(page, ANSWER);
  await expect(page).toHaveURL(/\/2$/);
  const { y } = await boxOf(heading);
  // This one has no clock to pause.
  await page.goto(`${world.url}${interview}/1`);
  await expect(page.getByRole('button', { name: 'Answer again' })).toBeVisible({ timeout: 30_000 });
  expect((await boxOf(heading)).y).toBe(y);

  await page.goto(`${world.url}/new`);
  const staff = page.locator('label', { has: page.getByRole('radio', { name: 'staff', exact: true }) });
  const before = await boxOf(staff);
  for (const level of ['junior', 'senior', 'mid']) {
    await page.getByRole('radio', { name: level, exact: true }).check();
    expect(await boxOf(staff), level).toEqual(before);
  }
});
