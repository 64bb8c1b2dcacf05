import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  type CopyOutcome,
  type CopyProgress,
  copyStores,
  openTransfer,
  type Transfer,
} from '@waybill/delivery';
import { Failure } from '../failure.ts';
import { type DataFolder, openDataFolder } from './open.ts';

/** The copied rows, with a checksum of each kind. */
export interface StoreCopied {
  readonly from: string;
  readonly to: string;
  /** Whether an interrupted copy was continued. */
  readonly resumed: boolean;
  readonly nouns: Extract<CopyOutcome, { readonly status: 'copied' }>['nouns'];
}

interface Side {
  /** The address without user and password. */
  readonly name: string;
  readonly transfer: Transfer;
  readonly folder?: DataFolder;
}

const POSTGRES = /^postgres(ql)?:/;

/**
 * Copies the stores of a stopped server, `from` a data folder to PostgreSQL or back, and compares both at the end. Continues an
 * interrupted copy when called again.
 */
export async function copyStore(
  from: string,
  to: string,
  { now, progress }: { readonly now: () => number; readonly progress: CopyProgress },
): Promise<StoreCopied> {
  if (POSTGRES.test(from) === POSTGRES.test(to))
    throw new Failure(
      'request_invalid',
      'One of --from and --to is a data folder, the other postgres://…. Folders are copied by "waybill backup", databases by the tools of PostgreSQL.',
    );
  const source = await open(from, now, false);
  try {
    const target = await open(to, now, true);
    try {
      const outcome = await said(
        copyStores(source.transfer, target.transfer, { from: source.name, progress }),
      );
      if (outcome.status !== 'copied') throw refusal(outcome, source, target);
      return { from: source.name, to: target.name, resumed: outcome.resumed, nouns: outcome.nouns };
    } finally {
      await close(target);
    }
  } finally {
    await close(source);
  }
}

async function open(url: string, now: () => number, writes: boolean): Promise<Side> {
  if (POSTGRES.test(url))
    return { name: shown(url), transfer: await said(openTransfer(url, { now, writes })) };
  const path = resolve(url.replace(/^sqlite:/, ''));
  if (!writes && !existsSync(join(path, 'log.db')))
    throw new Failure('request_not_found', `${path} has no log.db: it is not a data folder.`);
  const folder = openDataFolder(path);
  try {
    const transfer = await said(openTransfer(`sqlite:${path}`, { now, writes }));
    return { name: `sqlite:${path}`, transfer, folder };
  } catch (error) {
    folder.release();
    throw error;
  }
}

async function close({ transfer, folder }: Side): Promise<void> {
  try {
    await transfer.close();
    folder?.note();
  } finally {
    folder?.release();
  }
}

/** Converts exceptions of a driver, which are expected here: an unreachable server, a full disk, a damaged log. */
async function said<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new Failure('store_copy_failed', (error as Error).message);
  }
}

/** Returns host, port, database and schema of an address. */
function shown(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null) return 'postgres:';
  const schema = parsed.searchParams.get('schema') ?? 'waybill';
  return `postgres://${parsed.hostname}:${parsed.port || '5432'}${parsed.pathname}?schema=${schema}`;
}

function refusal(
  outcome: Exclude<CopyOutcome, { readonly status: 'copied' }>,
  source: Side,
  target: Side,
): Failure {
  switch (outcome.status) {
    case 'in-use': {
      const { name } = outcome.which === 'source' ? source : target;
      return new Failure('store_in_use', `A server uses ${name}. Stop it, then copy.`);
    }
    case 'unfinished-source':
      return new Failure('store_copy_failed', `${source.name} is itself an unfinished copy.`);
    case 'other-copy':
      return new Failure(
        'store_not_empty',
        `${target.name} is an unfinished copy of ${outcome.from}, not of ${source.name}. Continue from there, or remove it.`,
      );
    case 'not-empty':
      return new Failure(
        'store_not_empty',
        `${target.name} already contains data (${outcome.noun}). ${target.folder === undefined ? 'Name another schema with ?schema=… or drop this one.' : 'Name another folder, or move log.db, state.db and workspace.db away.'}`,
      );
    case 'differs':
      return new Failure(
        'store_copy_differs',
        `${outcome.noun}: ${source.name} has ${outcome.source.rows} (${outcome.source.checksum}), ${target.name} has ${outcome.target.rows} (${outcome.target.checksum}). Was one of them used in the meantime? Remove the copy and start again.`,
      );
  }
}
