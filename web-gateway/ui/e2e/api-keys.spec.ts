// API keys in the account screen: created with their scopes, shown once, and revoked.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, register, test } from './support/world.js';

/** Whether a key is accepted when another program uses it. */
async function works(url: string, key: string): Promise<boolean> {
  const reply = await fetch(`${url}/viva.v1.AuthService/GetMe`, {
    method: 'POST',
    headers: { 'content-type': 'application/grpc-web+proto', authorization: `Bearer ${key}` },
    body: new Uint8Array(5),
  });
  const text = await reply.text();
  return reply.headers.get('grpc-status') === null && text.includes('ada@example.org');
}

async function check(page: Page, what: string): Promise<void> {
  for (const width of [320, 390, 768, 1280, 1920]) {
    await page.setViewportSize({ width, height: 800 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), `${what} at ${width} px`).toBeLessThanOrEqual(0);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${what} at ${width} px: ${id} ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([]);
  }
}

test('a key is created with scopes, shown only once, and works until it is revoked', async ({ page, context, world }) => {
  test.setTimeout(180_000);
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: world.url });
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await register(page, world.url);
  await page.goto(`${world.url}/account`);
  await page.getByRole('button', { name: 'New key' }).click();
  await expect(page.getByLabel('Name', { exact: true })).toBeFocused();
  await page.getByRole('checkbox', { name: /^read/ }).uncheck();
  await page.getByRole('button', { name: 'Create the key' }).click();
  await expect(page.getByText('Please enter a name')).toBeVisible();
  await expect(page.getByText('Choose at least one')).toBeVisible();
  await check(page, 'a new key with faults');
  await page.getByLabel('Name', { exact: true }).fill('Nightly run of the team’s mock interviews');
  await page.getByRole('checkbox', { name: /^read/ }).check();
  await page.getByRole('checkbox', { name: /^grade/ }).check();
  await page.getByRole('radio', { name: '30 days' }).check();
  await page.getByRole('button', { name: 'Create the key' }).click();
  await expect(page.getByRole('button', { name: 'Copy the key' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
  const secret = await page.evaluate(() => navigator.clipboard.readText());
  expect(secret).toMatch(/^viva_[\w-]{59}$/);
  await expect(page.getByRole('status').filter({ hasText: secret })).toBeVisible();
  expect(await works(world.url, secret)).toBe(true);
  await check(page, 'the key, shown once');
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('button', { name: 'New key' })).toBeFocused();
  await page.reload();
  const row = page.getByRole('list', { name: 'Your API keys' }).getByRole('listitem');
  await expect(row).toContainText(/Nightly run .*viva_\w+….*read, grade · works until (\w+ )?\d+ \w+.* · used today/);
  expect(await page.content()).not.toContain(secret);
  await check(page, 'the list of keys');

  await row.getByRole('button', { name: /^Revoke/ }).click();
  await page.keyboard.press('Escape');
  expect(await works(world.url, secret)).toBe(true);
  await row.getByRole('button', { name: /^Revoke/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText('has been revoked.');
  await expect(row).toHaveCount(0);
  expect(await works(world.url, secret)).toBe(false);
});

test('if a key cannot be created or revoked, the page says so and keeps what was entered', async ({ page, world }) => {
  await register(page, world.url);
  await page.goto(`${world.url}/account`);
  await page.getByRole('button', { name: 'New key' }).click();
  await page.getByLabel('Name', { exact: true }).fill('first');
  await page.getByRole('button', { name: 'Create the key' }).click();
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: 'New key' }).click();
  await page.getByLabel('Name', { exact: true }).fill('second');
  await world.killServer();
  await page.getByRole('button', { name: 'Create the key' }).click();
  await expect(page.getByRole('alert')).toContainText('The key was not created.');
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('second');
  await page.getByRole('button', { name: 'Revoke first' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click();
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText('The key still works.');
});
