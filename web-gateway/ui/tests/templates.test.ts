import { create } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { Level, ListTemplatesResponseSchema, TemplatePartSchema, TemplateSchema } from '#gen/viva/v1/interview_pb.js';
import { partWords, templateGroups, templateLength } from '../src/lib/templates.js';
import { settled } from './support/mount.js';
import { FakeServer, pageOn } from './support/server.js';
import { replyWith } from './support/wire.js';

describe('ready-made interviews', () => {
  const part = (topic: string, level: Level, minutes: number) => create(TemplatePartSchema, { topic, level, minutes });
  const screen = create(TemplateSchema, {
    id: 'screen',
    topics: ['sql', 'rust'],
    minutes: 30,
    parts: [part('sql', Level.MID, 9), part('rust', Level.UNSPECIFIED, 0)],
  });
  const role = create(TemplateSchema, { id: 'role', topics: ['sql', 'rust'] });
  const topic = create(TemplateSchema, { id: 'topic', topics: ['sql'] });

  test('are in groups, and an empty group is not shown', () => {
    const groups = (list: (typeof screen)[]) => templateGroups(list).map(([name, group]) => [name, group.map(({ id }) => id)]);
    expect(groups([role, topic, screen])).toEqual([
      ['Ready-made interviews', ['screen']],
      ['Roles', ['role']],
      ['One topic', ['topic']],
    ]);
    expect(groups([topic])).toEqual([['One topic', ['topic']]]);
  });

  test('say how long they are and what each question is about', () => {
    expect(templateLength(screen)).toBe('2 questions, 30 min');
    expect(screen.parts.map((one) => partWords(one, Level.SENIOR))).toEqual(['sql, mid, 9 min', 'rust, senior']);
  });

  test('say in the form what they test, and set the number of questions', async () => {
    const server = new FakeServer();
    const told = {
      ...screen,
      title: 'Phone screen',
      description: 'Whether you can say it briefly.',
      role: 'Data engineer',
      level: Level.SENIOR,
    };
    server.replies.set('ListTemplates', () => replyWith(ListTemplatesResponseSchema, { templates: [told, role] }));
    const { page } = await pageOn(server, '/new');
    const select = page.querySelector<HTMLSelectElement>('#template')!;
    const choose = async (id: string) => {
      select.value = id;
      select.dispatchEvent(new Event('change', { bubbles: true }));
      await settled();
    };
    expect(page.querySelector('#template-about')).toBeNull();
    await choose('screen');
    const about = page.querySelector('#template-about')?.textContent?.replace(/\s+/g, ' ');
    expect(about).toContain('Whether you can say it briefly. 2 questions, 30 min.');
    expect(about).toContain('sql, mid, 9 min');
    expect(about).toContain('rust, senior');
    expect(select.getAttribute('aria-describedby')).toBe('template-about');
    const count = [...page.querySelectorAll<HTMLInputElement>('input[name="count"]')].findIndex(({ checked }) => checked) + 1;
    expect([page.querySelector<HTMLInputElement>('#role')?.value, count]).toEqual(['Data engineer', 2]);
    await choose('role');
    expect(page.querySelector('#template-about')).toBeNull();
  });
});
