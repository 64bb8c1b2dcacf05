import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { ownPostgres } from '../../packages/delivery/test/postgres/server.ts';
import { type Child, killHard, start } from './children.ts';

/** A process of an installation, which is started again in the same folder. */
export interface Slot {
  readonly child: () => Child;
  /** Where it listens; undefined while it is not ready. */
  readonly url: () => string | undefined;
  /** Starts another one in its place. */
  restart(): void;
}

/** Which lane was settled under which epoch. */
export interface HeldLane {
  readonly destination: string;
  readonly partition: number;
  readonly epoch: number;
}

/** Processes with one PostgreSQL, queries of the database, and the sandbox that they deliver to. */
export interface Installation {
  readonly sandbox: string;
  readonly slots: readonly Slot[];
  query<Row extends object>(text: string, ...values: readonly unknown[]): Promise<readonly Row[]>;
  /** The lanes that a process has. */
  lanesOf(child: Child): Promise<readonly HeldLane[]>;
  /** Milliseconds until all of some lanes have another holder. */
  takenOver(lanes: readonly HeldLane[], longest: number): Promise<number>;
  /** The number of replaced outcomes: nothing is replayed, so it must be zero. */
  doubled(): Promise<number>;
  /** Kills PostgreSQL and starts it again. */
  restartPostgres(): Promise<void>;
  close(): Promise<void>;
}

/** The database itself records replaced outcomes. */
const WATCH = `CREATE TABLE public.doubled (destination text, mapping_id text, first bigint);
  CREATE FUNCTION public.note_doubled() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN INSERT INTO public.doubled VALUES (OLD.destination, OLD.mapping_id, OLD.first); RETURN OLD; END $$;
  CREATE TRIGGER doubled AFTER DELETE ON waybill.outcomes FOR EACH ROW EXECUTE FUNCTION public.note_doubled()`;

/** How processes begin. */
export interface Beginning {
  /** Environment variables of each process, besides the store. */
  readonly environments?: readonly Readonly<Record<string, string>>[];
  /** A checkout of an older version that they are of until they are started again. */
  readonly older?: string | undefined;
}

/** Starts a number of processes with a new database; resolves when all are ready. */
export async function startInstallation(
  processes: number,
  partitions: number,
  { environments = [], older }: Beginning = {},
): Promise<Installation> {
  const postgres = await ownPostgres();
  const address = await postgres.database();
  const env = { WAYBILL_STORE: `${address}?partitions=${partitions}` };
  const folder = mkdtempSync(join(tmpdir(), 'waybill-processes-'));
  const sandboxChild = start('sandbox.ts', []);
  const sandbox = await sandboxChild.url;
  let closed = false;
  const slots = Array.from({ length: processes }, (_, n) =>
    slotOf({
      folder: join(folder, `${n}`),
      sandbox,
      env: { ...env, ...environments[n] },
      isClosed: () => closed,
      first: older === undefined ? SERVE : resolve(older, 'test/e2e/serve.ts'),
    }),
  );
  const pool = new pg.Pool({ connectionString: address, max: 2 });
  pool.on('error', () => undefined);
  const query: Installation['query'] = async <Row extends object>(
    text: string,
    ...values: readonly unknown[]
  ) => (await pool.query<Row>(text, [...values])).rows;
  await Promise.all(slots.map((slot) => slot.child().url));
  await pool.query(WATCH);
  return {
    sandbox,
    slots,
    query,
    lanesOf: ({ process: { pid } }) =>
      query<HeldLane>(
        `SELECT destination, partition, epoch::int FROM waybill.lanes WHERE split_part(holder, ' ', 2) = $1`,
        String(pid),
      ),
    async takenOver(lanes, longest) {
      const began = performance.now();
      for (;;) {
        const left = await query(
          `SELECT 1 FROM unnest($1::text[], $2::int[], $3::int[]) AS before (destination, partition, epoch)
             JOIN waybill.lanes USING (destination, partition) WHERE lanes.epoch = before.epoch OR holder IS NULL`,
          lanes.map(({ destination }) => destination),
          lanes.map(({ partition }) => partition),
          lanes.map(({ epoch }) => epoch),
        );
        const passed = performance.now() - began;
        if (left.length === 0 || passed > longest) return passed;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async doubled() {
      const [row] = await query<{ count: number }>('SELECT count(*)::int AS count FROM public.doubled');
      return row!.count;
    },
    async restartPostgres() {
      await postgres.stop();
      await postgres.start();
    },
    async close() {
      closed = true;
      await Promise.all([...slots.map((slot) => killHard(slot.child())), killHard(sandboxChild)]);
      await pool.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The delay before a process that ended is restarted, in milliseconds. */
const AGAIN = 200;

const SERVE = '../e2e/serve.ts';

interface SlotInput {
  readonly folder: string;
  readonly sandbox: string;
  readonly env: Readonly<Record<string, string>>;
  readonly isClosed: () => boolean;
  /** The script of the process that is there first. */
  readonly first: string;
}

function slotOf({ folder, sandbox, env, isClosed, first }: SlotInput): Slot {
  let script = first;
  const begin = (): { readonly child: Child; url?: string } => {
    const child = start(script, [folder, sandbox], env);
    const begun: { readonly child: Child; url?: string } = { child };
    child.url.then(
      (url) => (begun.url = url),
      () => undefined,
    );
    child.process.once('exit', (code) => {
      delete begun.url;
      // A process that finds no PostgreSQL at its start exits, and the process manager restarts it.
      if (code !== 0 && code !== null)
        setTimeout(() => current === begun && !isClosed() && (current = begin()), AGAIN);
    });
    return begun;
  };
  let current = begin();
  return {
    child: () => current.child,
    url: () => current.url,
    restart() {
      script = SERVE;
      current = begin();
    },
  };
}
