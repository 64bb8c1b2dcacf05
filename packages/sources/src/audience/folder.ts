import {
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { SourcePlace } from '@waybill/core';
import { AudienceError } from './engine.ts';
import { type Change, CHANGES } from './job.ts';
import type { Standing, Wished } from './standing.ts';

/** The folder of a source: a name may have any characters. */
export function folderOf({ id, folder }: Pick<SourcePlace, 'id' | 'folder'>): string {
  const path = join(folder, Buffer.from(id).toString('base64url'));
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return path;
}

/** The file that is meant, when it is below a folder that the operator named; links are followed first. */
export function allowedFile(file: string, folders: readonly string[]): string {
  if (folders.length === 0)
    throw new AudienceError(
      'audience_file_forbidden',
      'No folder is configured whose files may be read: start the server with WAYBILL_AUDIENCE_FILES=<folder>.',
    );
  let real: string;
  try {
    real = realpathSync(file);
  } catch {
    throw new AudienceError('audience_file_invalid', 'The file does not exist, or cannot be read.');
  }
  const isBelow = folders.some((folder) => {
    try {
      return real.startsWith(`${realpathSync(folder)}${sep}`);
    } catch {
      return false;
    }
  });
  if (isBelow) return real;
  throw new AudienceError(
    'audience_file_forbidden',
    'The file is not below a folder of WAYBILL_AUDIENCE_FILES.',
  );
}

const WISH = 'wish.json';

/** What a person wants, as it was left last. */
export function readWish(folder: string): Wished | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, WISH), 'utf8')) as Wished;
  } catch {
    return undefined;
  }
}

/** Leaves what a person wants for whoever reads the source. */
export function leaveWish(folder: string, wished: Wished): void {
  const path = join(folder, WISH);
  writeFileSync(`${path}.new`, JSON.stringify(wished), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** Removes the folders of runs that nothing refers to any more. */
export function clear(folder: string, { last, now, held }: Standing, busy: readonly string[]): void {
  const files = [last, now?.result, held?.result].flatMap((one) => [one?.base, one?.plus, one?.gone]);
  const kept = new Set([
    ...files.flatMap((file) => (file === undefined ? [] : [dirname(file)])),
    ...[now?.folder, held?.folder].flatMap((name) => name ?? []),
    ...busy,
  ]);
  for (const name of readdirSync(folder))
    if (name.startsWith('run-') && !kept.has(name))
      rmSync(join(folder, name), { recursive: true, force: true });
}

/** The most bytes of changes that are read at once. */
const PAGE_BYTES = 1024 * 1024;

/** Changes from an offset on, and the offset behind them; whole lines alone. */
export async function readChanges(
  folder: string,
  offset: number,
  most: number,
): Promise<{ readonly changes: readonly Change[]; readonly next: number; readonly more: boolean }> {
  const file = await open(join(folder, CHANGES), 'r');
  try {
    const { size } = await file.stat();
    for (let bytes = PAGE_BYTES; ; bytes *= 4) {
      const { buffer, bytesRead } = await file.read(
        Buffer.alloc(Math.min(bytes, size - offset)),
        0,
        null,
        offset,
      );
      const ends = lineEnds(buffer.subarray(0, bytesRead), most);
      const end = ends.at(-1);
      // A line that is longer than what was read.
      if (end === undefined && offset + bytesRead < size) continue;
      let at = 0;
      const changes = ends.map((one) => {
        const line = buffer.toString('utf8', at, one);
        at = one + 1;
        return JSON.parse(line) as Change;
      });
      const next = offset + (end === undefined ? bytesRead : end + 1);
      return { changes, next, more: next < size };
    }
  } finally {
    await file.close();
  }
}

function lineEnds(bytes: Buffer, most: number): readonly number[] {
  const ends: number[] = [];
  for (let at = bytes.indexOf(10); at >= 0 && ends.length < most; at = bytes.indexOf(10, at + 1))
    ends.push(at);
  return ends;
}
