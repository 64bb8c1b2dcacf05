import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { git } from './git.ts';

/** The files of this folder as they were at a commit, in a separate folder. */
export interface Checkout {
  readonly folder: string;
  remove(): void;
}

/**
 * Writes the repository as it was at a commit into a temporary folder; the index and files of the repository are unchanged. The
 * old code uses the currently installed dependencies.
 */
export function checkedOut(hash: string): Checkout {
  const top = git(['rev-parse', '--show-toplevel']).text.trim();
  const scratch = mkdtempSync(join(tmpdir(), 'waybill-diff-'));
  const files = join(scratch, 'files');
  mkdirSync(files);
  const index = { GIT_INDEX_FILE: join(scratch, 'index') };
  git(['read-tree', hash], top, index);
  git(['checkout-index', '--all', `--prefix=${files}/`], top, index);
  const here = relative(top, resolve('.'));
  const folder = join(files, here);
  mkdirSync(folder, { recursive: true });
  for (let at = here; ; at = dirname(at)) {
    link(join(top, at), join(files, at));
    if (at === '' || at === '.') break;
  }
  const above = ancestors(top).find((one) => existsSync(join(one, 'node_modules')));
  if (above !== undefined) link(above, scratch);
  return { folder, remove: () => rmSync(scratch, { recursive: true, force: true }) };
}

function link(from: string, to: string): void {
  const [installed, place] = [join(from, 'node_modules'), join(to, 'node_modules')];
  if (existsSync(installed) && !existsSync(place)) symlinkSync(installed, place, 'junction');
}

function ancestors(folder: string): readonly string[] {
  const parent = dirname(folder);
  return parent === folder ? [] : [parent, ...ancestors(parent)];
}
