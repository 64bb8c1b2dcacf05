import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStores } from '@waybill/delivery';
import { Failure } from '../failure.ts';
import { createSecretBox, refuseMissingKey } from '../keys.ts';
import { wrongKey } from '../workspace/old-file.ts';
import { type Finding, ok, problem, skipped } from './finding.ts';

/** Checks whether encrypted values can be opened with the key of the data folder, or the configured one. */
export async function checkKey(dataDir: string, store: string, given: string | undefined): Promise<Finding> {
  try {
    if (given === undefined) refuseMissingKey(dataDir);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const [what = '', ...todo] = error.message.split('. ');
    return problem('secret-key', `${what}.`, todo.join('. '));
  }
  const file = join(dataDir, 'secret-key');
  const from = given === undefined ? file : 'WAYBILL_SECRET_KEY';
  const key = given ?? (existsSync(file) ? readFileSync(file, 'utf8').trim() : '');
  if (key === '') return ok('secret-key', `${file} will be created at the first start`);
  const sealed = await sealedIn(store);
  if (sealed instanceof Error)
    return skipped('secret-key', 'The workspace cannot be read, so the key is not tested.');
  if (sealed === undefined) return skipped('secret-key', 'There is nothing encrypted yet to test it with.');
  try {
    createSecretBox(key).open(sealed);
    return ok('secret-key', `${from} decrypts the stored secrets`);
  } catch {
    const [what = '', ...todo] = wrongKey(
      store.startsWith('sqlite:') ? 'workspace.db' : 'the workspace',
      dataDir,
    ).message.split('. ');
    return problem('secret-key', `${what}.`, todo.join('. '));
  }
}

/** Returns an encrypted string; undefined when there is none yet. Another check reports unreadable stores. */
async function sealedIn(store: string): Promise<string | undefined | Error> {
  try {
    const stores = await openStores(store, { writes: [], only: ['workspace'] });
    try {
      return (await stores.workspace.items()).find(({ content }) => content !== undefined)?.content;
    } finally {
      await stores.close();
    }
  } catch (error) {
    return error as Error;
  }
}
