import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  createReadStream,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { openStores } from '@waybill/delivery';
import { copyDatabase, damageOf, openLogNotes, sealDatabase } from '@waybill/delivery/sqlite';
import { noteReach } from './reach.ts';
import { Failure } from '../failure.ts';
import { makeFolder, syncFile, syncFolder, writeDurably } from './durable.ts';
import { DATABASES, openDataFolder } from './open.ts';
import { copyResults, isResult, resultsIn } from './results.ts';

/** The manifest of a back-up. Written last: a back-up without one is incomplete. */
export interface BackupManifest {
  readonly format: 1;
  readonly at: string;
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
  /** The cursors of destinations. */
  readonly lanes: Readonly<Record<string, number>>;
}

/** Called with the copied or checked bytes, and the total. */
export type BackupProgress = (doing: 'copied' | 'checked', done: number, total: number) => void;

const silent: BackupProgress = () => undefined;

const MANIFEST = 'manifest.json';
/** Files that are read whole; `workspace.json` is in folders of version 0.1. */
const SMALL = ['secret-key', 'admin-token', 'workspace.json'] as const;
const FILES: readonly string[] = [...SMALL, ...DATABASES];
/** Files of every data folder; a folder of version 0.1 has no others. */
const NEEDED = ['log.db', 'state.db'] as const;
/**
 * The order of copying. The workspace first: a destination that was added since is new to the restored server too. The state
 * before the log, so that no cursor is ahead of the copied log.
 */
const IN_ORDER = ['workspace.db', 'state.db', 'log.db'] as const;

/** Copies the data of a server, which may be running, to a new folder. */
export async function backUp(
  dataDir: string,
  target: string,
  progress: BackupProgress = silent,
): Promise<BackupManifest> {
  const [from, to] = [resolve(dataDir), resolve(target)];
  for (const name of NEEDED) {
    if (!existsSync(join(from, name)))
      throw new Failure(
        'request_not_found',
        `${from} has no ${name}: it is not a data folder. Name it with --data (or WAYBILL_DATA).`,
      );
  }
  if (existsSync(to) && readdirSync(to).length > 0)
    throw new Failure(
      'folder_not_empty',
      `${to} already contains files; use a folder that is empty or does not exist.`,
    );
  makeFolder(to);
  for (const name of SMALL)
    if (existsSync(join(from, name))) writeDurably(join(to, name), readFileSync(join(from, name)));
  copyResults(from, to);
  await copyDatabases(from, to, progress);
  copyResults(from, to);
  await forgetSessions(to);
  const lanes = await pair(to);
  const names = [...FILES.filter((one) => existsSync(join(to, one))), ...resultsIn(to)];
  for (const name of names) syncFile(join(to, name));
  const files = await sumsOf(to, names, progress);
  refuseDamage(to);
  const manifest: BackupManifest = { format: 1, at: new Date().toISOString(), files, lanes };
  writeDurably(join(to, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

async function copyDatabases(from: string, to: string, progress: BackupProgress): Promise<void> {
  const names = IN_ORDER.filter((name) => existsSync(join(from, name)));
  const total = sizeOf(from, names);
  let before = 0;
  for (const name of names) {
    const size = sizeOf(from, [name]);
    await copyDatabase(join(from, name), join(to, name), (share) =>
      progress('copied', before + size * share, total),
    );
    chmodSync(join(to, name), 0o600);
    before += size;
  }
  progress('copied', total, total);
}

/** A copy must not restore sessions that have ended since. */
async function forgetSessions(folder: string): Promise<void> {
  if (!existsSync(join(folder, 'workspace.db'))) return;
  const stores = await openStores(`sqlite:${folder}`, { writes: ['workspace'], only: ['workspace'] });
  try {
    const kept = await stores.workspace.sessions();
    await stores.workspace.keepSessions(
      [],
      kept.map(({ name }) => name),
    );
  } finally {
    await stores.close();
  }
}

/** Reconciles copies of slightly different times: sets the progress of delivery in the log to that in the state. */
async function pair(folder: string): Promise<BackupManifest['lanes']> {
  const stores = await openStores(`sqlite:${folder}`, { writes: ['state'], only: ['state'] });
  const { state } = stores;
  const log = openLogNotes(join(folder, 'log.db'));
  try {
    await noteReach(
      { get: async (key) => log.get(key), set: async (key, value) => log.set(key, value) },
      state,
    );
    return Object.fromEntries((await state.stats()).map(({ destination, cursor }) => [destination, cursor]));
  } finally {
    await stores.close();
    log.close();
    for (const name of databasesIn(folder)) sealDatabase(join(folder, name));
  }
}

/** Verifies a back-up: its files match the manifest, and its databases are intact. */
export async function checkBackup(
  folder: string,
  progress: BackupProgress = silent,
): Promise<BackupManifest> {
  const manifest = readManifest(folder);
  const names = Object.keys(manifest.files);
  const missing = names.find(
    (name) => !(FILES.includes(name) || isResult(name)) || !existsSync(join(folder, name)),
  );
  if (missing !== undefined) throw damaged(`${join(folder, missing)} is missing`);
  const sums = await sumsOf(folder, names, progress);
  for (const [name, { bytes, sha256 }] of Object.entries(manifest.files)) {
    const found = sums[name];
    if (found?.bytes !== bytes || found.sha256 !== sha256) throw damaged(`${join(folder, name)} was changed`);
  }
  for (const name of NEEDED)
    if (!Object.hasOwn(manifest.files, name)) throw damaged(`${name} is not part of it`);
  refuseDamage(folder);
  return manifest;
}

/** Restores a back-up, after verification, to a data folder without data. */
export async function restoreBackup(
  from: string,
  dataDir: string,
  progress: BackupProgress = silent,
): Promise<BackupManifest> {
  const manifest = await checkBackup(from, progress);
  const folder = openDataFolder(dataDir);
  try {
    const { path } = folder;
    const kept = readdirSync(path).filter(
      (name) =>
        /^(log|state|workspace)\.db(-wal)?$|^workspace\.json$/.test(name) &&
        statSync(join(path, name)).size > 0,
    );
    if (kept.length > 0)
      throw new Failure(
        'folder_not_empty',
        `${path} already contains data (${kept.join(', ')}). Move it away first, or restore to another folder with --data.`,
      );
    const names = Object.keys(manifest.files);
    for (const name of names) {
      makeFolder(dirname(join(path, name)));
      copyFileSync(join(from, name), join(path, `${name}.new`));
      chmodSync(join(path, `${name}.new`), 0o600);
      syncFile(join(path, `${name}.new`));
    }
    for (const name of names) renameSync(join(path, `${name}.new`), join(path, name));
    for (const one of new Set(names.map((name) => dirname(join(path, name))))) syncFolder(one);
    return manifest;
  } finally {
    folder.release();
  }
}

function readManifest(folder: string): BackupManifest {
  const file = join(folder, MANIFEST);
  let manifest: Partial<BackupManifest> | null;
  try {
    manifest = JSON.parse(readFileSync(file, 'utf8')) as Partial<BackupManifest> | null;
  } catch {
    throw damaged(`${file} cannot be read: this is not a back-up, or an incomplete one`);
  }
  if (manifest?.format !== 1 || typeof manifest.files !== 'object')
    throw damaged(`${file} was written by another version`);
  return manifest as BackupManifest;
}

function databasesIn(folder: string): readonly string[] {
  return DATABASES.filter((name) => existsSync(join(folder, name)));
}

function refuseDamage(folder: string): void {
  for (const name of databasesIn(folder)) {
    const damage = damageOf(join(folder, name));
    if (damage !== undefined) throw damaged(`${join(folder, name)}: ${damage}`);
  }
}

function damaged(reason: string): Failure {
  return new Failure('backup_damaged', `The back-up cannot be used: ${reason}.`);
}

function sizeOf(folder: string, names: readonly string[]): number {
  return names.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

/** The checksum of each file of a folder. */
async function sumsOf(
  folder: string,
  names: readonly string[],
  progress: BackupProgress,
): Promise<Record<string, BackupManifest['files'][string]>> {
  const total = sizeOf(folder, names);
  const sums: Record<string, BackupManifest['files'][string]> = {};
  let done = 0;
  for (const name of names) {
    const file = join(folder, name);
    const hash = createHash('sha256');
    for await (const part of createReadStream(file)) {
      hash.update(part as Buffer);
      done += (part as Buffer).length;
      progress('checked', done, total);
    }
    sums[name] = { bytes: statSync(file).size, sha256: hash.digest('hex') };
  }
  return sums;
}
