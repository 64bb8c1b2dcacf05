/** Builds a script for each platform to `dist/scripts`; does nothing when no input has changed. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;
const scripts = join(here, 'dist/scripts');
const mark = join(scripts, '.made-of');
const platforms = readdirSync(join(here, 'src/platforms')).map((name) => name.replace(/\.ts$/, ''));

const hash = createHash('sha256');
const madeOf = readdirSync(join(here, 'src'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name))
  .concat(join(here, 'build.mjs'), join(here, '../../package-lock.json'));
for (const file of madeOf.sort()) hash.update(file.slice(here.length)).update(readFileSync(file));
const digest = hash.digest('hex');

if (markOf() !== digest) {
  const { build } = await import('vite');
  for (const [index, name] of platforms.entries()) {
    await build({
      root: here,
      configFile: false,
      logLevel: 'error',
      build: {
        outDir: 'dist/scripts',
        emptyOutDir: index === 0,
        // Visitors of shops use browsers that are years old.
        target: 'es2019',
        lib: {
          entry: join(here, 'src/platforms', `${name}.ts`),
          formats: ['iife'],
          name: 'waybillStorefront',
          fileName: () => `${name}.js`,
        },
      },
    });
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
