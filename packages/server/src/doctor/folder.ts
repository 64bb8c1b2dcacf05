import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { takeFileLock } from '@waybill/delivery/sqlite';
import { LOCK, ownerOf } from '../folder/open.ts';
import { type Finding, ok, problem, warning } from './finding.ts';
import { nearest } from './machine.ts';

/** The state of a data folder. */
export interface CheckedFolder {
  readonly findings: readonly Finding[];
  /** Whether files in it can be inspected. */
  readonly isThere: boolean;
  /** Whether a process uses it. */
  readonly isTaken: boolean;
}

const OTHER =
  'Make it writable for the user of the server, or choose another folder with --data (or WAYBILL_DATA).';

/** Checks a data folder without changes. */
export function checkFolder(path: string): CheckedFolder {
  const nothing = { isThere: false, isTaken: false };
  const place = nearest(path);
  if (!statSync(place).isDirectory())
    return { ...nothing, findings: [problem('data', `${place} is a file, not a folder.`, OTHER)] };
  try {
    accessSync(place, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    return { ...nothing, findings: [problem('data', `${place} cannot be written.`, OTHER)] };
  }
  if (!existsSync(path))
    return { ...nothing, findings: [ok('data', `${path} will be created at the first start`)] };
  const isTaken = lockIsTaken(path);
  const owner = ownerOf(path);
  const used = isTaken ? `, in use by ${owner}` : '';
  return { isThere: true, isTaken, findings: [ok('data', `${path}${used}`), ...checkMode(path)] };
}

function lockIsTaken(path: string): boolean {
  const file = join(path, LOCK);
  if (!existsSync(file)) return false;
  const lock = takeFileLock(file);
  if (lock === 'taken') return true;
  lock.release();
  return false;
}

/** Other users can read a key file if they may enter the folder and it was copied without its mode. */
function checkMode(path: string): readonly Finding[] {
  const open = ['secret-key', 'admin-token']
    .map((name) => join(path, name))
    .filter((file) => existsSync(file) && (statSync(file).mode & 0o077) !== 0);
  if (process.platform === 'win32' || open.length === 0) return [];
  return [
    warning(
      'data',
      `${open.join(' and ')} can be read by other users of the machine.`,
      `chmod 600 ${open.join(' ')}; change the admin token if others may have read it.`,
    ),
  ];
}
