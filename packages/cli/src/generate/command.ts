import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { destinations } from '@waybill/destinations';
import { errorsPage } from './docs.ts';
import { schemaFiles } from './schemas.ts';

/** Every generated file of the repository: path and text. */
export function generatedFiles(): ReadonlyMap<string, string> {
  const files = new Map<string, string>([['docs/errors.md', errorsPage()]]);
  for (const [name, text] of schemaFiles(destinations)) files.set(`schemas/${name}`, text);
  return files;
}

/** `waybill generate`: writes the generated files below a folder; with `check` only says which are stale. */
export function generate(folder: string, check: boolean): number {
  const stale = [...generatedFiles()].filter(([name, text]) => {
    const file = join(folder, name);
    return !existsSync(file) || readFileSync(file, 'utf8') !== text;
  });
  for (const [name, text] of stale) {
    console.log(`${check ? 'stale' : 'written'}  ${name}`);
    if (check) continue;
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  if (stale.length === 0) console.log('Everything generated is up to date.');
  return check && stale.length > 0 ? 1 : 0;
}
