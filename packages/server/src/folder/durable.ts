import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Replaces a file as a whole; when it returns, the new content survives a power cut, and when it throws, the old one stands. */
export function writeDurably(file: string, content: string | Uint8Array): void {
  const temporary = `${file}.new`;
  try {
    const handle = openSync(temporary, 'w', 0o600);
    try {
      // Goes on after a short write, which a nearly full disk makes; a bare `writeSync` would skip it.
      writeFileSync(handle, content);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncFolder(dirname(file));
}

/** Makes the names in a folder survive a power cut: syncing a file does not say that it is there. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  syncFile(path);
}

/** Makes the content of a file survive a power cut. */
export function syncFile(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Makes a folder that only its owner can enter, with its parents; none of them is lost in a power cut. */
export function makeFolder(path: string): void {
  const first = mkdirSync(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  const top = dirname(resolve(first));
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    syncFolder(folder);
    if (folder === top) return;
  }
}
