// Compresses each file of dist with gzip and brotli, as FILE.gz and FILE.br if that is shorter. The gateway sends those to
// browsers that accept them, and compresses nothing itself.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
// Smaller files gain about as little as one header costs.
const LEAST = 512;

const brotli = (data) =>
  brotliCompressSync(data, {
    params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: data.length },
  });
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
