import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, truncateSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A small file system. */
export interface SmallDisk {
  readonly folder: string;
  remount(mode: 'ro' | 'rw'): void;
  remove(): void;
}

/** Mounts a small disk; undefined where this user may not. */
export function smallDisk(size: string): SmallDisk | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-small-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
  return {
    folder,
    remount: (mode) => void execFileSync('mount', ['-o', `remount,${mode}`, folder]),
    remove() {
      execFileSync('umount', ['-l', folder]);
      rmSync(folder, { recursive: true });
    },
  };
}

/** Fills a disk but for some bytes. */
export function fill(folder: string, leave: number): { free(): void } {
  const file = join(folder, 'filler');
  const handle = openSync(file, 'w');
  let size = 0;
  try {
    for (;;) size += writeSync(handle, Buffer.alloc(4_096));
  } catch {
    closeSync(handle);
  }
  truncateSync(file, Math.max(0, size - leave));
  return { free: () => rmSync(file) };
}
