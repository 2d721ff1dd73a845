// The report as a file.
import { afterEach, expect, test, vi } from 'vitest';
import { GetMeResponseSchema } from '#gen/viva/v1/auth_pb.js';
import { ExportReportResponseSchema, GetReportResponseSchema } from '#gen/viva/v1/report_pb.js';
import App from '../src/App.svelte';
import { Code } from '@connectrpc/connect';
import { settled, shown, vivaOver } from './support/mount.js';
import { control } from './support/server.js';
import { opened, refusal, replyWith } from './support/wire.js';

afterEach(() => void vi.restoreAllMocks());

/** Opens a report on a server with this reply to ExportReport and presses the button. */
async function saved(reply: () => Response): Promise<{ page: HTMLElement; files: Blob[]; names: string[] }> {
  const files: Blob[] = [];
  const names: string[] = [];
  vi.spyOn(URL, 'createObjectURL').mockImplementation((file) => (files.push(file as Blob), 'blob:1'));
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    names.push(this.download);
  });
  history.replaceState(null, '', '/interviews/5/report');
  const viva = vivaOver(async (input) => {
    const path = new URL(String(input), 'http://viva.example').pathname;
    if (path.startsWith('/session/')) return opened('a.b.c');
    if (path.endsWith('/GetMe')) return replyWith(GetMeResponseSchema, { user: { id: 7n, username: 'ada' } });
    if (path.endsWith('/GetReport')) return replyWith(GetReportResponseSchema, { report: { interviewId: 5n, role: 'Rust engineer' } });
    return path.endsWith('/ExportReport') ? reply() : refusal(Code.Unavailable, '');
  });
  await viva.screens.load();
  const page = shown(App, { viva });
  await viva.start(undefined);
  await settled();
  [...page.querySelectorAll('button')].find((button) => button.getAttribute('aria-label') === 'Save as Markdown')?.click();
  await settled();
  return { page, files, names };
}

test('a report is saved as the server sent it, under its name', async () => {
  const content = new TextEncoder().encode('# Rust engineer\n');
  const file = { content, mediaType: 'text/markdown; charset=utf-8', fileName: 'viva-report-5.md' };
  const { files, names } = await saved(() => replyWith(ExportReportResponseSchema, file));
  expect(names).toEqual(['viva-report-5.md']);
  expect(await files[0]?.text()).toBe('# Rust engineer\n');
  expect(files[0]?.type).toBe('text/markdown; charset=utf-8');
});

test('a server without PDF export says so once, and the button disappears', async () => {
  const { page } = await saved(() => refusal(Code.Unimplemented, ''));
  control(page, 'PDF').click();
  await settled();
  expect(page.textContent).toContain('This server cannot create PDFs. Use “Print” and save as PDF.');
  expect(() => control(page, 'PDF')).toThrow();
  expect(control(page, 'Markdown')).toBeDefined();
});

test('a report that the server cannot export is reported and not saved', async () => {
  const { page, files } = await saved(() => refusal(Code.Unimplemented, ''));
  expect(files).toEqual([]);
  expect(page.textContent).toContain('The report was not saved. This server cannot do that yet.');
});
