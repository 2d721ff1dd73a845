// Whatever a candidate or a model writes is shown as plain text.
import { readFileSync, readdirSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { begin, expect, register, submit, test as base } from './support/world.js';
import { startModel, type ScriptedModel } from './support/model.js';

const SCRIPT = '<script>alert("script")</script>';
const IMAGE = '<img src=x onerror=alert("image")>';
const LINK = '[press here](javascript:alert("link"))';
const FRAME = '<iframe src="http://evil.example/"></iframe>';
const PICTURE = '![tracker](http://evil.example/pixel.png)';
const BIDI = 'user\u202emoc.live\u2066';
/** The same text as it is shown. */
const SHOWN = 'user<202e>moc.live<2066>';
/** Letters that need invisible characters between them. */
const PERSIAN = '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645';
const FEEDBACK = `**Well done.** ${SCRIPT} ${IMAGE}\n\n- ${LINK}\n- ${PICTURE}\n\n> ${FRAME}\n\n\`\`\`\n${SCRIPT}\n\`\`\``;

const BANK = new URL('../../../server/bank/', import.meta.url);

/** Returns the first point of the question on the page verbatim, so that the model's quote of it counts. */
async function firstPoint(page: Page): Promise<string> {
  const plain = (text: string) => text.replaceAll('`', '').replace(/\s+/g, ' ').trim();
  const asked = plain(await page.locator('.question').innerText()).replace(/^Question 1: /, '');
  const string = (entry: string, key: string) => JSON.parse(new RegExp(`^${key} = (".*")$`, 'm').exec(entry)?.[1] ?? '""') as string;
  const entries = readdirSync(BANK).flatMap((file) => readFileSync(new URL(file, BANK), 'utf8').split(/^\[\[question\]\]$/m));
  const entry = entries.find((text) => plain(string(text, 'question')) === asked);
  expect(entry, asked).toBeDefined();
  return string(entry ?? '', 'point');
}

const test = base.extend<{ model: ScriptedModel }>({
  model: async ({}, use) => {
    const model = await startModel(FEEDBACK, `Suggestion ${IMAGE} ${BIDI}`);
    await use(model);
    model.stop();
  },
  settings: async ({ model }, use) => use({ LLM_API_URL: model.url, LLM_MODEL: IMAGE.replaceAll('"', '') }),
});

test('hostile text from a candidate and from a model stays text', async ({ page, world, model }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).host));
  await register(page, world.url);
  const role = `Engineer ${IMAGE}`;
  const interview = await begin(page, world.url, 1, role);
  model.quote = await firstPoint(page);
  const answer = `${model.quote} ${SCRIPT} ${IMAGE} ${BIDI} **not bold** & &lt;b&gt; \u0007 ${PERSIAN} 👩\u200d💻`;
  await submit(page, answer);
  await expect(page.locator('.markdown strong')).toHaveText('Well done.', { timeout: 30_000 });

  for (const path of [`${interview}/1`, `${interview}/report`, '/']) {
    await page.goto(world.url + path);
    const main = page.locator('main');
    await expect(main.getByText(role).first()).toBeVisible();
    if (path !== '/') {
      await expect(main.locator('.markdown').first()).toContainText(`${SCRIPT} ${IMAGE}`);
      await expect(main.locator('.markdown').first()).toContainText(LINK);
      await expect(main.locator('.markdown').first()).toContainText(PICTURE);
      await expect(main.locator('.answer')).toContainText(`${SCRIPT} ${IMAGE}`);
      await expect(main.locator('.answer')).toContainText('**not bold** & &lt;b&gt;');
      await expect(main.locator('.suggestions')).toContainText(IMAGE);
      // Direction marks are made visible, and joiners that letters and emoji need stay.
      await expect(main.locator('.answer')).toContainText(`${SHOWN} **not bold** & &lt;b&gt; ^G ${PERSIAN} 👩\u200d💻`);
      await expect(main.locator('.suggestions')).toContainText(SHOWN);
    }
    // eslint-disable-next-line no-control-regex -- this is what must not be there
    expect(await page.content()).not.toMatch(/[\u202e\u2066\u0007]/);
    await expect(main.locator('script, img, iframe, object, embed, [onerror], a[href^="javascript:"], a[href^="http"]')).toHaveCount(0);
  }
  expect([...new Set(asked)]).toEqual([new URL(world.url).host]);
});

test('a failed evaluation says why and that the answer is safe, and can be retried', async ({ page, world, model }) => {
  model.status = 401;
  await register(page, world.url);
  await begin(page, world.url, 1);
  model.quote = await firstPoint(page);
  await submit(page, `${model.quote} That is what I would say first.`);
  await expect(page.getByText(/^This answer could not be evaluated: /)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('Your answer is safe.')).toBeVisible();
  await expect(page.locator('main .bar')).toHaveCount(0);
  model.status = 200;
  await page.getByRole('button', { name: 'Evaluate it again' }).click();
  await expect(page.locator('.markdown strong')).toHaveText('Well done.', { timeout: 30_000 });
});
