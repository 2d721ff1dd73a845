// Writes each file of dist that gets shorter by it once more with gzip and with brotli, as FILE.gz and
// FILE.br. The gateway sends those as they are to browsers that read them, and has nothing to compress.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
// A header of a reply costs about as much as is saved on less.
const LEAST = 512;

const brotli = (data) =>
  brotliCompressSync(data, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: data.length } });
const CODINGS = { '.gz': (data) => gzipSync(data, { level: constants.Z_BEST_COMPRESSION }), '.br': brotli };

for (const name of readdirSync(dist, { recursive: true })) {
  const path = join(dist, name);
  if (!statSync(path).isFile() || statSync(path).size < LEAST || Object.keys(CODINGS).some((end) => name.endsWith(end))) continue;
  const data = readFileSync(path);
  for (const [end, code] of Object.entries(CODINGS)) {
    const coded = code(data);
    if (coded.length < data.length) writeFileSync(path + end, coded);
  }
}
