// What is entered in the form for a new interview is stored until one is started from it.
import { beforeEach, expect, test } from 'vitest';
import { Drafts } from '../src/lib/drafts.js';
import { KeptPlan, type Plan } from '../src/lib/plan.js';
import { browserStore } from '../src/lib/store.js';

beforeEach(() => localStorage.clear());

const plan = (jobDescription: string): Plan => ({
  role: 'Baker',
  templateId: '',
  level: 2,
  numQuestions: 3,
  topics: ['rust'],
  jobDescription,
});
const drafts = () => new Drafts(browserStore(), 1n);

test('a plan comes back as entered, for its account only', () => {
  new KeptPlan(drafts()).keep(plan('We look for "you"\n'));
  expect(new KeptPlan(drafts()).plan).toEqual(plan('We look for "you"\n'));
  expect(new KeptPlan(new Drafts(browserStore(), 11n)).plan).toBeUndefined();
});

test('it is deleted when an interview is started from it, unless it has changed meanwhile', () => {
  const kept = new KeptPlan(drafts());
  kept.keep(plan('one'));
  kept.keep(plan('two'));
  kept.started(plan('one'));
  expect(new KeptPlan(drafts()).plan).toEqual(plan('two'));
  kept.started(plan('two'));
  expect(new KeptPlan(drafts()).plan).toBeUndefined();
});

test('two windows keep both plans, and the remaining one is there when the form is opened again', () => {
  const one = new KeptPlan(drafts());
  const other = new KeptPlan(drafts());
  one.keep(plan('of one'));
  other.keep(plan('of the other'));
  one.keep(plan('of one, more'));
  other.started(plan('of the other'));
  expect(new KeptPlan(drafts()).plan).toEqual(plan('of one, more'));
});

test('it counts as a draft, and is deleted with the drafts', () => {
  const all = drafts();
  const kept = new KeptPlan(all);
  kept.keep(plan('x'));
  expect(all.count()).toBe(1);
  all.close();
  kept.keep(plan('y'));
  expect(new KeptPlan(drafts()).plan).toBeUndefined();
});

test('anything that is not a plan counts as none', () => {
  for (const raw of ['', '{', '[]', '{"plan":3}', '{"plan":{"role":1}}', 'null']) {
    localStorage.setItem('viva.draft.1.0', raw);
    expect(new KeptPlan(drafts()).plan).toBeUndefined();
  }
});
