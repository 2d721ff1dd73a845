// Takes pictures of every screen on the mock server in both themes and five widths, and reports screens that are wider than
// their window. docs/pictures has four of them. THEMES and WIDTHS restrict them; THEMES=forced is
// with forced colours.
//
//   node tests/mock/pictures.mjs FOLDER [SCREEN]
import { mkdirSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { start } from './server.mjs';

const folder = process.argv[2] ?? 'test-results/pictures';
const only = process.argv[3];
mkdirSync(folder, { recursive: true });
const server = await start();
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
const senior = server.options.list.at(-1);
const practised = server.options.list.at(-2);
const real = server.options.list.at(-3);
const screens = {
  'sign-in': ['/sign-in', false],
  register: ['/register', false],
  dashboard: ['/', true],
  search: ['/', true],
  new: ['/new', true],
  interview: [`/interviews/${senior.id}/5`, true],
  evaluated: [`/interviews/${senior.id}/1`, true],
  failed: [`/interviews/${senior.id}/3`, true],
  unscored: [`/interviews/${server.options.list.at(-4).id}/4`, true],
  'unscored-again': [`/interviews/${server.options.list.at(-4).id}/4?again`, true],
  waiting: [`/interviews/${senior.id}/4`, true],
  hints: [`/interviews/${senior.id}/5`, true],
  'show-me': [`/interviews/${senior.id}/5`, true],
  shown: [`/interviews/${practised.id}/3`, true],
  'shown-again': [`/interviews/${practised.id}/3?again`, true],
  compared: [`/interviews/${practised.id}/1`, true],
  again: [`/interviews/${practised.id}/1?again`, true],
  report: [`/interviews/${senior.id}/report`, true],
  real: [`/interviews/${real.id}/2`, true],
  withheld: [`/interviews/${real.id}/1`, true],
  'real-report': [`/interviews/${real.id}/report`, true],
  practised: [`/interviews/${practised.id}/report`, true],
  progress: ['/progress', true],
  review: ['/review', true],
  recalled: ['/review', true],
  declined: ['/review', true],
  reviewed: ['/review', true],
  account: ['/account', true],
  missing: [`/interviews/999999/report`, true],
};
const listed = (name, all) => process.env[name]?.split(',') ?? all;
for (const theme of listed('THEMES', ['light', 'dark']))
  for (const width of listed('WIDTHS', [320, 390, 768, 1280, 1920]).map(Number)) {
    const context = await browser.newContext({
      viewport: { width, height: width > 1300 ? 1000 : 800 },
      colorScheme: theme === 'light' ? 'light' : 'dark',
      forcedColors: theme === 'forced' ? 'active' : 'none',
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    page.on('console', (m) => ['error', 'warning'].includes(m.type()) && !/401/.test(m.text()) && console.log(theme, width, m.text()));
    page.on('pageerror', (e) => console.log(theme, width, String(e)));
    for (const [name, [path, signedIn]] of Object.entries(screens)) {
      if (only && only !== name) continue;
      server.signedIn.now = signedIn;
      senior.questions[4].hintsGiven = 0;
      server.options.reviewed = name === 'reviewed' ? [1n, 2n, 3n] : [];
      await page.goto(server.url + path);
      await page.locator('h1').first().waitFor();
      await page.waitForLoadState('load');
      await page.locator('.bone').first().waitFor({ state: 'detached' });
      if (name === 'interview')
        await page
          .getByLabel('Your answer')
          .fill('I want the error rate by endpoint and by version, so that I can tell at once whether a deploy did it.');
      if (name === 'recalled' || name === 'declined') {
        await page
          .getByLabel('Your answer')
          .fill(
            name === 'declined'
              ? 'weather'
              : 'A lock lets one thread in at a time, so the others wait and the queue grows with the time that it is held.',
          );
        await page.getByRole('button', { name: 'Submit', exact: true }).click();
        await page
          .getByText(name === 'declined' ? 'No rating.' : 'It comes back')
          .first()
          .waitFor();
      }
      if (name === 'hints') for (const words of ['Hint', 'Next hint']) await page.getByRole('button', { name: words, exact: true }).click();
      if (name === 'search') {
        await page.getByLabel('Search interviews and answers').fill('mutex');
        await page.locator('mark').first().waitFor();
      }
      if (name === 'show-me') await page.getByRole('button', { name: 'show me' }).click();
      await page.waitForTimeout(150);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (wide > 0) console.log(`${name} ${theme} ${width}: ${wide} px too wide`);
      await page.screenshot({
        path: `${folder}/${name}-${width}-${theme}.png`,
        fullPage: !['interview', 'report', 'practised'].includes(name),
      });
    }
    await context.close();
  }
await browser.close();
await server.stop();
