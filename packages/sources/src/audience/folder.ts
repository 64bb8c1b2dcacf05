import { existsSync, mkdirSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { SourcePlace } from '@waybill/core';
import { AudienceError } from './engine.ts';
import { type Change, CHANGES } from './job.ts';
import { filesOf, type Standing } from './standing.ts';

/** Returns the folder of a source: a name may have any characters. */
export function folderOf({ id, folder }: Pick<SourcePlace, 'id' | 'folder'>): string {
  const path = join(folder, nameOf(id));
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return path;
}

function nameOf(id: string): string {
  return Buffer.from(id).toString('base64url');
}

/** Returns the named file when it is below a folder that the operator allowed; symbolic links are resolved first. */
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

/** Deletes the folders of all other sources. */
export function keepFolders(folder: string, ids: readonly string[]): void {
  if (!existsSync(folder)) return;
  const kept = new Set(ids.map(nameOf));
  for (const name of readdirSync(folder))
    if (!kept.has(name)) rmSync(join(folder, name), { recursive: true, force: true });
}

/** Deletes the folders of unreferenced runs. */
export function clear(folder: string, standing: Standing, busy: readonly string[]): void {
  const kept = new Set([...filesOf(standing).map((file) => dirname(file)), ...busy]);
  for (const name of readdirSync(folder))
    if (name.startsWith('run-') && !kept.has(name))
      rmSync(join(folder, name), { recursive: true, force: true });
}

/** The maximum number of bytes of changes per read. */
const PAGE_BYTES = 1024 * 1024;

/** Reads changes from an offset on, and returns the next offset; whole lines only. */
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
      // A line longer than the buffer.
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
