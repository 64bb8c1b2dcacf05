import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { SourcePlace } from '@waybill/core';
import { databaseOf } from './database.ts';
import { AudienceError } from './engine.ts';
import { allowedFile, folderOf } from './folder.ts';
import type { Compared, Job, LastResult, Said } from './job.ts';
import type { AudienceSettings } from './settings.ts';
import { filesOfResult } from './standing.ts';

/** The input of a comparison. */
export interface Comparison {
  readonly place: SourcePlace;
  readonly settings: AudienceSettings;
  readonly last: LastResult | undefined;
}

/** Returns the folder of a run that has not started. */
export function newRunFolder(run: number): string {
  return `run-${run}-${randomUUID()}`;
}

/** Compares in a separate process, which is killed after a timeout. Rejects with an AudienceError. */
export async function compareApart({ place, settings, last }: Comparison, name: string): Promise<Compared> {
  const folder = folderOf(place);
  const out = join(folder, name);
  checkKept(folder, last);
  const { query, key, email, userId, memoryMb = 256, maxMinutes = 30 } = settings;
  const named = [userId, email].flatMap((name) => (name === undefined || name === '' ? [] : [name]));
  const job: Job = {
    from: await originOf(settings, place),
    ...(query === undefined ? {} : { query }),
    ...(last === undefined ? {} : { last }),
    ...{ key, named, folder, out, memoryMb },
    most: maxMinutes * 60_000,
  };
  mkdirSync(out, { recursive: true, mode: 0o700 });
  const said = await ask(job);
  rmSync(join(out, 'temporary'), { recursive: true, force: true });
  if ('failure' in said) {
    rmSync(out, { recursive: true, force: true });
    throw new AudienceError(said.failure.code, said.failure.message);
  }
  return said.compared;
}

/** Returns the location of the rows, after the access check. */
async function originOf(
  { file = '', url = '', query = '' }: AudienceSettings,
  { files, reach }: SourcePlace,
): Promise<Job['from']> {
  if (url === '') return { file: allowedFile(file, files) };
  if (file !== '')
    throw new AudienceError('audience_url_invalid', 'Name a file or the URL of a database, not both.');
  if (query.trim() === '')
    throw new AudienceError(
      'audience_query_invalid',
      'A database needs a query: one SELECT over its tables.',
    );
  return { database: await databaseOf(url, reach) };
}

/** Rows use DuckDB memory that is owned by JavaScript objects: a small young generation releases them often. */
export const SPARING = ['--max-semi-space-size=1'] as const;

/** Files can be missing from a restored or emptied folder. */
export function checkKept(folder: string, last: LastResult | undefined): void {
  if (filesOfResult(last).every((file) => existsSync(join(folder, file)))) return;
  throw new AudienceError(
    'audience_file_invalid',
    'The previous result is no longer in the data folder. Start over, with every row as added: waybill audience run <source> --reset',
  );
}

async function ask(job: Job): Promise<Said> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const module = new URL(`./process.${extension}`, import.meta.url);
  const child = fork(module, {
    stdio: 'ignore',
    // Without the environment: a query could read it.
    env: {},
    serialization: 'advanced',
    execArgv: [...process.execArgv, ...SPARING],
  });
  const { promise, resolve } = Promise.withResolvers<Said>();
  const failed = (code: string, message: string): void => resolve({ failure: { code, message } });
  const timer = setTimeout(() => {
    child.kill('SIGKILL');
    failed('audience_limit_reached', 'The comparison took too long and was stopped.');
  }, job.most);
  child.once('message', (said) => resolve(said as Said));
  child.once('error', ({ message }) => failed('source_failed', message));
  child.once('exit', (code, signal) =>
    failed('audience_limit_reached', `The comparison process ended unexpectedly (${signal ?? code}).`),
  );
  child.send(job);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    child.kill('SIGKILL');
  }
}
