import { fork } from 'node:child_process';
import { join } from 'node:path';
import pg from 'pg';
import { type Log, openStores } from '@waybill/delivery';
import { ownPostgres } from '../../packages/delivery/test/postgres/server.ts';

/** What readers saw while several processes appended. */
export interface Visibility {
  readonly events: number;
  /** Positions that a reader has skipped, by partition. */
  readonly passedOver: readonly (readonly number[])[];
  /** Positions that a reader saw before an earlier one, or twice. */
  readonly outOfOrder: number;
  /** Reads that ended before a position that had been committed when they began: they waited for an earlier one. */
  readonly heldBack: number;
  readonly seconds: number;
}

/** What is checked. */
export interface VisibilityInput {
  readonly events: number;
  readonly writers: number;
  readonly partitions: number;
  /** The longest that a transaction lasts between drawing its positions and its commit, in milliseconds. */
  readonly delay: number;
}

/** Events of a read: small ones, so that readers are often at the end of the log. */
const LIMIT = 500;

/**
 * Has processes append to one log, each commit after a random delay, while a reader of each partition follows like a lane: from the
 * last position it saw. The readers must see all positions.
 */
export async function checkVisibility(input: VisibilityInput): Promise<Visibility> {
  const began = performance.now();
  const address = await (await ownPostgres()).database();
  const store = `${address}?partitions=${input.partitions}`;
  const { log, close } = await openStores(store, { writes: ['log'], only: ['log'] });
  const client = new pg.Pool({ connectionString: address, max: input.partitions });
  try {
    // A rare long one lets many others commit before it.
    await client.query(
      `CREATE FUNCTION waybill.dawdle() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN PERFORM pg_sleep(random() ^ 4 * ${input.delay} / 1000.0); RETURN NULL; END $$;
       CREATE TRIGGER dawdle AFTER INSERT ON waybill.events FOR EACH STATEMENT EXECUTE FUNCTION waybill.dawdle()`,
    );
    let appending = true;
    const readers = Array.from({ length: input.partitions }, (_one, partition) =>
      follow(log, client, partition, () => appending),
    );
    await Promise.all(Array.from({ length: input.writers }, (_one, n) => write(store, n, input)));
    appending = false;
    const seen = await Promise.all(readers);
    const passedOver: number[][] = [];
    for (const [partition, { seqs }] of seen.entries())
      passedOver.push(await missedOf(client, partition, new Set(seqs)));
    return {
      events: seen.reduce((sum, { seqs }) => sum + seqs.length, 0),
      passedOver,
      outOfOrder: seen.reduce((sum, { seqs }) => sum + unordered(seqs), 0),
      heldBack: seen.reduce((sum, one) => sum + one.heldBack, 0),
      seconds: (performance.now() - began) / 1_000,
    };
  } finally {
    await client.end();
    await close();
  }
}

interface Seen {
  readonly seqs: readonly number[];
  readonly heldBack: number;
}

/** Reads until all writers have ended and nothing is left. */
async function follow(
  log: Log,
  client: pg.Pool,
  partition: number,
  isAppending: () => boolean,
): Promise<Seen> {
  const seqs: number[] = [];
  let heldBack = 0;
  for (let reads = 0; ; reads += 1) {
    const isLast = !isAppending();
    const after = seqs.at(-1) ?? 0;
    const committed = reads % 4 === 0 ? await lastOf(client, partition) : 0;
    const rows = await log.read({ after, limit: LIMIT, partition });
    for (const { seq } of rows) seqs.push(seq);
    if (rows.length < LIMIT && isLast) return { seqs, heldBack };
    if (rows.length < LIMIT && (seqs.at(-1) ?? 0) < committed) heldBack += 1;
  }
}

/** The last committed position of a partition, regardless of gaps before it. */
async function lastOf(client: pg.Pool, partition: number): Promise<number> {
  const { rows } = await client.query<{ seq: string }>(
    'SELECT seq FROM waybill.events WHERE partition = $1 ORDER BY seq DESC LIMIT 1',
    [partition],
  );
  return Number(rows[0]?.seq ?? 0);
}

async function missedOf(client: pg.Pool, partition: number, seen: ReadonlySet<number>): Promise<number[]> {
  const { rows } = await client.query<{ seq: string }>(
    'SELECT seq FROM waybill.events WHERE partition = $1 ORDER BY seq',
    [partition],
  );
  return rows.map(({ seq }) => Number(seq)).filter((seq) => !seen.has(seq));
}

function unordered(seqs: readonly number[]): number {
  return seqs.filter((seq, index) => index > 0 && seq <= seqs[index - 1]!).length;
}

function write(store: string, n: number, { events, writers }: VisibilityInput): Promise<void> {
  const share = Math.floor((events * (n + 1)) / writers) - Math.floor((events * n) / writers);
  const child = fork(join(import.meta.dirname, 'writer.ts'), [store, `writer ${n}`, String(share)], {
    execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`A writer ended with ${code}.`)),
    );
  });
}
