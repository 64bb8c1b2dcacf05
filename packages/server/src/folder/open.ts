import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { damageOf, type FileLock, takeFileLock } from '@waybill/delivery/sqlite';
import { Failure } from '../failure.ts';
import { makeFolder, writeDurably } from './durable.ts';

/** A locked data folder, until it is released or this process ends. */
export interface DataFolder {
  readonly path: string;
  /** Records the identity of the files, so that a copy is recognised. Call it when the databases are open. */
  note(): void;
  release(): void;
}

/** The databases of a data folder. */
export const DATABASES = ['log.db', 'state.db', 'workspace.db'] as const;

/** The lock file that excludes a second server. */
export const LOCK = 'lock.db';
const NOTES = 'server.json';
/** All entries of Waybill in its folder. */
const OURS = new Set([
  ...[...DATABASES, LOCK].flatMap((name) => [
    name,
    `${name}.new`,
    `${name}-wal`,
    `${name}-shm`,
    `${name}-journal`,
  ]),
  ...['admin-token', 'secret-key', 'workspace.json', NOTES].flatMap((name) => [name, `${name}.new`]),
  'sandbox.json',
]);

interface Notes {
  readonly pid: number;
  readonly host: string;
  readonly since: string;
  /** The identity of each database in the file system. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Creates the folder if missing and locks it, or throws a Failure with a remedy. The lock ends with the process. */
export function openDataFolder(folder: string): DataFolder {
  const path = resolve(folder);
  prepare(path);
  const lock = takeLock(path);
  try {
    tighten(path);
    const before = readNotes(path);
    refuseDamage(path, before);
    const notes: Notes = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
    saveNotes(path, before?.files === undefined ? notes : { ...notes, files: before.files });
    return {
      path,
      note: () => saveNotes(path, { ...notes, files: namesOf(path) }),
      release: () => lock.release(),
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function prepare(path: string): void {
  try {
    makeFolder(path);
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    // Created here, readable by the owner only; files of the driver inherit that. An existing lock file must not be opened:
    // closing it would release a lock of this process.
    for (const name of [LOCK, ...DATABASES]) {
      if (!existsSync(join(path, name))) closeSync(openSync(join(path, name), 'wx', 0o600));
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && existsSync(path) && statSync(path).isDirectory()) return;
    throw notWritable(path, message);
  }
}

function takeLock(path: string): FileLock {
  let lock: FileLock | 'taken';
  try {
    lock = takeFileLock(join(path, LOCK));
  } catch (error) {
    throw notWritable(path, `${LOCK}: ${(error as Error).message}`);
  }
  if (lock !== 'taken') return lock;
  throw new Failure(
    'folder_in_use',
    `The data folder ${path} is in use by ${ownerOf(path)}. Stop that server first, or choose another folder with --data (or WAYBILL_DATA).`,
  );
}

/** Returns the recorded owner of the folder, for messages. */
export function ownerOf(path: string): string {
  const owner = readNotes(path);
  if (owner === undefined) return 'another process';
  return `process ${owner.pid}${owner.host === hostname() ? '' : ` on ${owner.host}`}, since ${owner.since}`;
}

function notWritable(path: string, reason: string): Failure {
  return new Failure(
    'folder_not_writable',
    `The data folder ${path} cannot be written (${reason}). Make it writable for this user, or choose another one with --data (or WAYBILL_DATA).`,
  );
}

/** Restricts a folder from an older version, or created by hand, to its owner, unless it has other files. */
function tighten(path: string): void {
  if (process.platform === 'win32') return;
  const names = readdirSync(path);
  if (names.every((name) => OURS.has(name))) chmodSync(path, 0o700);
  for (const name of names) if (OURS.has(name)) chmodSync(join(path, name), 0o600);
}

/** A copy of files in use can be damaged: databases that are new here are verified once. */
function refuseDamage(path: string, notes: Notes | undefined): void {
  const names = namesOf(path);
  for (const name of DATABASES) {
    const file = join(path, name);
    if (statSync(file).size === 0 || notes?.files?.[name] === names[name]) continue;
    const damage = damageOf(file);
    if (damage !== undefined)
      throw new Failure(
        'folder_damaged',
        `The database ${file} is damaged (${damage}). Was it copied while a server was running? Restore a back-up with "waybill restore".`,
      );
  }
}

function namesOf(path: string): Readonly<Record<string, string>> {
  return Object.fromEntries(DATABASES.map((name) => [name, String(statSync(join(path, name)).ino)]));
}

function readNotes(path: string): Notes | undefined {
  try {
    return JSON.parse(readFileSync(join(path, NOTES), 'utf8')) as Notes;
  } catch {
    return undefined;
  }
}

function saveNotes(path: string, notes: Notes): void {
  try {
    writeDurably(join(path, NOTES), JSON.stringify(notes));
  } catch {
    // A full disk: the lock works without it.
  }
}
