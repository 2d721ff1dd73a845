// By keyboard alone, through what the journey does not cover.
import { ANSWER, begin, expect, register, signIn, submit, tabTo, test } from './support/world.js';

test('the focus is on the heading of every new screen, even after going back', async ({ page, world }) => {
  await register(page, world.url);
  const interview = await begin(page, world.url, 1);
  await submit(page, ANSWER);
  await expect(page.getByRole('heading', { name: 'What a good answer says' })).toBeVisible({ timeout: 30_000 });
  const focused = (name: string) => expect(page.getByRole('heading', { level: 1, name })).toBeFocused();
  await page.keyboard.press('r');
  await focused('Backend engineer · mid');
  await page.keyboard.press('i');
  await focused('Interviews');
  await page.keyboard.press('p');
  await focused('Progress');
  await page.keyboard.press('n');
  await focused('New interview');
  await page.goBack();
  await focused('Progress');
  await tabTo(page, page.locator('header summary'));
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('link', { name: 'Account' }));
  await page.keyboard.press('Enter');
  await focused('Account');
  await page.goBack();
  await focused('Progress');
  await page.evaluate((path) => history.pushState(null, '', path), `${interview}/x`);
  await page.evaluate(() => dispatchEvent(new PopStateEvent('popstate')));
  await focused('Page not found');
});

test('the list can be filtered and moved through, and an interview deleted', async ({ page, world }) => {
  await register(page, world.url);
  for (const role of ['Data engineer', 'Rust engineer', 'Web engineer', 'Rust architect', 'Tester']) await begin(page, world.url, 1, role);
  await page.goto(world.url);
  await expect(page.getByRole('listitem')).toHaveCount(5);
  await page.keyboard.press('/');
  await expect(page.getByLabel('Search interviews and answers')).toBeFocused();
  await page.keyboard.type('rust');
  await expect(page.getByRole('listitem')).toHaveCount(2);
  await expect(page.getByRole('status').filter({ hasText: '2 of 5 interviews' })).toHaveCount(1);
  await tabTo(page, page.getByRole('radio', { name: 'all' }));
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByRole('radio', { name: 'finished', exact: true })).toBeChecked();
  await expect(page.getByText('0 of 5 interviews')).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await expect(page.getByRole('link', { name: 'Rust engineer', exact: true })).toBeFocused();
  await page.keyboard.press('x');
  await expect(page.getByRole('button', { name: 'Keep it' })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('listitem')).toHaveCount(1);
  await expect(page.getByRole('link', { name: 'Rust architect', exact: true })).toBeFocused();
});

test('signing out everywhere ends the sessions on other devices too', async ({ page, browser, world }) => {
  await register(page, world.url);
  const device = await browser.newContext();
  const other = await device.newPage();
  await other.goto(world.url);
  await signIn(other);
  await expect(other.getByRole('heading', { level: 1, name: 'Interviews' })).toBeVisible();
  await tabTo(page, page.locator('header summary'));
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('button', { name: 'Sign out everywhere' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in' })).toBeFocused();
  await other.reload();
  await expect(other.getByRole('heading', { level: 1, name: 'Sign in' })).toBeVisible();
  await device.close();
});
