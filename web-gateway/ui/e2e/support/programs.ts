/** The real programs, each with its own folder and port. */

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const FOLDER = resolve(process.env['VIVA_PROGRAMS'] ?? '../../target/debug');

/** The longest that a program may take to start or stop, in milliseconds. */
const PATIENCE_MS = 30_000;

/** A running program. */
export interface Program {
  url: string;
  /** What it has printed. */
  output: () => string;
  /** Kills it with SIGKILL, like a power cut. */
  kill: () => Promise<void>;
}

/** A free port of this machine. */
export async function freePort(): Promise<number> {
  return new Promise((done) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Creates a folder, with a function that removes it. */
export function newFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'viva-page-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** The environment of a program, without the user's own settings. */
export function environment(folder: string, more: Record<string, string> = {}): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: folder, VIVA_DATA_DIR: folder, ...more };
}

/** Runs a program to its end and returns its output. */
export function run(name: string, args: string[], env: Record<string, string>): Promise<string> {
  return new Promise((done, fail) => {
    const child = spawn(join(FOLDER, name), args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const said = collect(child);
    child.on('error', fail);
    child.on('close', (code) => (code === 0 ? done(said()) : fail(new Error(`${name} ${code}: ${said()}`))));
  });
}

/** Starts a program and waits until `isUp` says so. */
export async function start(
  name: string,
  args: string[],
  env: Record<string, string>,
  url: string,
  isUp: (output: string) => Promise<boolean>,
): Promise<Program> {
  const child = spawn(join(FOLDER, name), args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = collect(child);
  const closed = new Promise<void>((done) => child.on('close', () => done()));
  let hasEnded = false;
  void closed.then(() => (hasEnded = true));
  const end = Date.now() + PATIENCE_MS;
  while (!(await isUp(output()).catch(() => false))) {
    if (hasEnded || Date.now() > end) throw new Error(`${name} did not start: ${output()}`);
    await new Promise((done) => setTimeout(done, 50));
  }
  const kill = async () => (child.kill('SIGKILL'), closed);
  return { url, output, kill };
}

/** Starts a server on a port, with its data in a folder. */
export function startServer(port: number, folder: string, more: Record<string, string> = {}): Promise<Program> {
  const env = environment(folder, { SECRET_KEY: 'the first key of this server, long enough', ...more });
  const url = `http://127.0.0.1:${port}`;
  const args = ['serve', '--listen', `127.0.0.1:${port}`];
  return start('viva-server', args, env, url, async (output) => output.includes(': serving '));
}

/** Starts a gateway on a port; without `upstream` it embeds a server. */
export function startGateway(port: number, folder: string, upstream?: string): Promise<Program> {
  const url = `http://127.0.0.1:${port}`;
  const args = ['--listen', `127.0.0.1:${port}`, ...(upstream ? ['--upstream', upstream] : [])];
  return start('viva-web', args, environment(folder), url, async (output) => {
    const isServing = (await fetch(`${url}/healthz`)).status === 200;
    return isServing && (upstream !== undefined || output.includes('#code='));
  });
}

function collect(child: ChildProcess): () => string {
  let text = '';
  child.stdout?.on('data', (part) => (text += String(part)));
  child.stderr?.on('data', (part) => (text += String(part)));
  return () => text;
}
