/** Builds the console to `dist/site`, precompressed; does nothing when no input has changed. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const here = import.meta.dirname;
const root = join(here, '../..');
const site = join(here, 'dist/site');
const mark = join(site, '.made-of');

const madeOf = ['packages/console/src', 'packages/api/src', 'packages/core/src']
  .flatMap((folder) => filesIn(join(root, folder)))
  .concat(
    ['index.html', 'serve.html', 'vite.config.mjs', 'build.mjs', 'package.json'].map((name) =>
      join(here, name),
    ),
  )
  .concat(join(root, 'package-lock.json'));
const hash = createHash('sha256');
for (const file of madeOf.sort()) hash.update(file.slice(root.length)).update(readFileSync(file));
const digest = hash.digest('hex');

if (markOf() !== digest) {
  const { build } = await import('vite');
  await build({ root: here, configFile: join(here, 'vite.config.mjs'), logLevel: 'error' });
  for (const file of filesIn(site)) {
    if (!['.js', '.css', '.svg'].includes(extname(file))) continue;
    const plain = readFileSync(file);
    writeFileSync(`${file}.br`, brotliCompressSync(plain));
    writeFileSync(`${file}.gz`, gzipSync(plain, { level: 9 }));
  }
  writeFileSync(mark, digest);
}

function markOf() {
  try {
    return readFileSync(mark, 'utf8');
  } catch {
    return undefined;
  }
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
