import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

/** Packages that are too large for this repository, temporarily installed in a separate folder. */
export interface Installed {
  readonly folder: string;
  /** Loads one of them. */
  load(name: string): Promise<unknown>;
  remove(): Promise<void>;
}

/** Installs packages, `name@version`, without running scripts of theirs. */
export async function install(packages: readonly string[]): Promise<Installed> {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-ladder-'));
  await writeFile(join(folder, 'package.json'), '{"name":"ladder","private":true,"type":"module"}\n');
  const flags = [
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    '--install-links',
    '--loglevel=error',
  ];
  await promisify(execFile)('npm', ['install', ...flags, ...packages], { cwd: folder });
  const loader = join(folder, 'load.js');
  // Imports are resolved relative to the importing file.
  await writeFile(loader, 'export const load = (name) => import(name);\n');
  const { load } = (await import(pathToFileURL(loader).href)) as Pick<Installed, 'load'>;
  return { folder, load, remove: () => rm(folder, { recursive: true, force: true }) };
}
