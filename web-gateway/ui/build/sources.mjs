// Prints a digest of the page's sources: sha256 over "path\0sha256\n" of every source in the order of the paths, which are
// relative to the repository. A test of viva-web computes the same and compares it with dist/.sources.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const SOURCES = ['index.html', 'package-lock.json', 'src', 'tsconfig.json', 'vite.config.ts'].map((name) => `web-gateway/ui/${name}`);

const sha256 = (data) => createHash('sha256').update(data).digest('hex');

function filesIn(path) {
  if (statSync(join(root, path)).isFile()) return [path];
  return readdirSync(join(root, path)).flatMap((name) => filesIn(`${path}/${name}`));
}

const files = [...SOURCES.flatMap(filesIn), ...filesIn('proto').filter((path) => path.endsWith('.proto'))];
// By bytes, as other languages sort, independent of the locale.
files.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
const lines = files.map((path) => `${path}\0${sha256(readFileSync(join(root, path)))}\n`);
console.log(sha256(lines.join('')));
