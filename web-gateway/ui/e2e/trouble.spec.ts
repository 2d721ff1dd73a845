// Failures in the middle of an answer, which lose nothing.
import { ANSWER, begin, expect, register, signIn, submit, test } from './support/world.js';

test('losing the server in the middle of an answer loses none of it', async ({ page, world }) => {
  await register(page, world.url);
  const interview = await begin(page, world.url, 2);
  await page.getByLabel('Your answer').fill(ANSWER);

  await world.killServer();
  await page.getByRole('button', { name: 'Submit', exact: true }).click();
  await expect(page.getByText('Sending 1 answer')).toBeVisible();
  await page.goto(`${world.url}${interview}/1`);

  // The page was closed and reopened with the server still away: it says so, shows what it has, and waits.
  await expect(page.getByRole('status').filter({ hasText: 'The server cannot be reached: this is what was loaded' })).toBeVisible();
  await expect(page.getByText('Sending 1 answer')).toBeVisible();

  await world.startServer();
  // Without any press, it comes back, sends the answer and shows its evaluation.
  await expect(page.getByRole('heading', { name: 'What a good answer says' })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('Sending 1 answer')).toHaveCount(0);
  await expect(page.locator('.answer')).toContainText('I would measure first');
  // Stored once: a second one would be attempt 2.
  await expect(page.getByText(/attempt 2/)).toHaveCount(0);
});

test('an answer that waits for the server can be seen, edited and sent later', async ({ page, world }) => {
  await register(page, world.url);
  await begin(page, world.url, 1);
  await world.killServer();
  await submit(page, ANSWER);
  await expect(page.getByText('Your answer is saved in this browser and will be sent when the server is back.')).toBeVisible();
  await page.getByRole('button', { name: 'Edit it' }).click();
  await expect(page.getByLabel('Your answer')).toHaveValue(ANSWER);
  await submit(page, `${ANSWER} That is all.`);
  await world.startServer();
  await expect(page.getByRole('heading', { name: 'What a good answer says' })).toBeVisible({ timeout: 30_000 });
  await expect(page.locator('.answer')).toContainText('That is all.');
});

test('a draft outlives the page, a crash of the browser, and signing out', async ({ page, world }) => {
  await register(page, world.url);
  const interview = await begin(page, world.url, 1);
  await page.getByLabel('Your answer').pressSequentially('A thought that is not finished');
  await expect(page.getByText(/Draft saved \d\d:\d\d:\d\d/)).toBeVisible();
  await page.goto('about:blank');
  await page.goto(world.url + interview);
  await expect(page.getByLabel('Your answer')).toHaveValue('A thought that is not finished');
  await page.evaluate(() =>
    fetch('/session/logout', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"everywhere":true}' }),
  );
  await page.goto(world.url + interview);
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await signIn(page);
  await expect(page.getByLabel('Your answer')).toHaveValue('A thought that is not finished');
});

test('a token that expires in the middle of an interview is replaced unnoticed', async ({ page, world }) => {
  await register(page, world.url);
  await begin(page, world.url, 1);
  let refreshes = 0;
  page.on('request', (request) => (refreshes += Number(request.url().endsWith('/session/refresh'))));
  await page.getByLabel('Your answer').fill(ANSWER);
  // With another key, the page's token is rejected from now on, but the cookie's is not.
  await world.killServer();
  await world.startServer({ SECRET_KEY: 'another key of this server, long enough too' });
  await submit(page, ANSWER);
  await expect(page.getByRole('heading', { name: 'What a good answer says' })).toBeVisible({ timeout: 30_000 });
  expect(refreshes).toBeGreaterThan(0);
  // The only answer has led to its report, without signing in again.
  await expect(page).toHaveURL(/\/interviews\/\d+\/report$/);
});

test('a session that has ended leads to signing in, and back to the words that were typed', async ({ page, browser, world }) => {
  await register(page, world.url);
  const interview = await begin(page, world.url, 1);
  await page.getByLabel('Your answer').fill(ANSWER);
  // The same person signs out everywhere on another device.
  const device = await browser.newContext();
  const other = await device.newPage();
  await other.goto(world.url);
  await signIn(other);
  await other.getByText('ada', { exact: true }).click();
  await other.getByRole('button', { name: 'Sign out everywhere' }).click();
  await expect(other.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await device.close();

  // The page notices without any press.
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Messages' }).getByText('What you typed is saved')).toBeVisible();
  await signIn(page);
  await expect(page).toHaveURL(`${world.url}${interview}/1`);
  await expect(page.getByLabel('Your answer')).toHaveValue(ANSWER);
});

test('wrong input is reported beside its field, and what was typed stays', async ({ page, world }) => {
  await register(page, world.url);
  await page.getByText('ada', { exact: true }).click();
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.getByLabel('Username').fill('ada');
  await page.getByLabel('Password').fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toHaveText('Invalid username or password');
  await expect(page.getByLabel('Username')).toHaveValue('ada');

  await page.getByRole('link', { name: 'Create an account' }).click();
  await page.getByRole('button', { name: 'Create an account' }).click();
  await expect(page.getByText('Please enter a valid email address')).toBeVisible();
  await expect(page.getByLabel('Username')).toBeFocused();
  await page.getByLabel('Username').fill('ada');
  await page.getByLabel('Email').fill('someone@example.org');
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByRole('button', { name: 'Create an account' }).click();
  await expect(page.getByText('This username is taken. Choose another one.')).toBeVisible();
  await expect(page.getByLabel('Email')).toHaveValue('someone@example.org');
});

test('an interview that is another account’s or does not exist is reported, with a way back', async ({ page, world }) => {
  await register(page, world.url);
  await page.goto(`${world.url}/interviews/999999/report`);
  await expect(page.getByRole('alert')).toContainText('Resource not found.');
  await page.goto(`${world.url}/no/such/page`);
  await expect(page.getByRole('heading', { name: 'Page not found' })).toBeVisible();
  await page.getByRole('link', { name: 'Back to your interviews' }).click();
  await expect(page.getByRole('heading', { name: 'Interviews', level: 1 })).toBeVisible();
});

test('an interview is deleted only after confirmation', async ({ page, world }) => {
  await register(page, world.url);
  await begin(page, world.url, 1, 'Role to delete');
  await page.goto(world.url);
  await page.getByRole('button', { name: 'Delete Role to delete' }).click();
  await expect(page.getByRole('button', { name: 'Keep it' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('link', { name: 'Role to delete', exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Delete Role to delete' }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByRole('link', { name: 'Start your first interview' })).toBeVisible();
});
