import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { createSandbox } from '@waybill/iterable-sandbox';
import { ownPostgres, PASSWORD } from '../../packages/delivery/test/postgres/server.ts';
import { fill, smallDisk } from '../attack/small-disk.ts';
import { type Answer, demoWorkspace, openHarness } from '../e2e/harness.ts';
import { arrived, faults, order, track, until } from './support.ts';

const BIN = resolve(import.meta.dirname, '../../packages/cli/bin/waybill.js');
const TOKEN = 'token-of-the-test';

interface Started {
  readonly url: string;
  end(): Promise<unknown>;
}

describe('a server with its events in PostgreSQL', () => {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-postgres-server-'));
  const children = new Set<ChildProcess>();
  let said = '';
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  /** Starts `waybill start`; fails when that ends before it listens. */
  function start(store: string, allowed: string): Promise<Started> {
    const flags = ['--store', store, '--port', '0', '--data', join(folder, 'data')];
    const child = spawn(
      process.execPath,
      [BIN, 'start', ...flags, '--workspace', join(folder, 'workspace.json')],
      {
        env: { ...process.env, WAYBILL_ADMIN_TOKEN: TOKEN, WAYBILL_ALLOWED_HOSTS: allowed },
      },
    );
    children.add(child);
    const ended = new Promise((end) => child.once('exit', end));
    return new Promise((found, failed) => {
      let own = '';
      const read = (part: Buffer): void => {
        said += part.toString();
        own += part.toString();
        const match = /Waybill listens on (http:\S+)/.exec(own);
        if (match !== null)
          found({
            url: match[1]!,
            async end() {
              child.kill('SIGTERM');
              return ended;
            },
          });
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      void ended.then(() => failed(new Error(own)));
    });
  }

  async function send(url: string, messageId: string): Promise<Response> {
    return fetch(`${url}/v1/track`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('demo:')}`, 'content-type': 'application/json' },
      body: JSON.stringify(track(messageId, `u-${messageId}`)),
    });
  }

  async function outcomes(url: string, messageId: string): Promise<readonly string[]> {
    const answer = await fetch(`${url}/api/events/${messageId}`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    const { steps = [] } = (await answer.json()) as Answer;
    return steps.map((step: Answer) => step.status);
  }

  it('delivers, refuses during an outage, recovers automatically, and has everything after a restart', async () => {
    const postgres = await ownPostgres();
    const store = await postgres.database();
    const sandbox = await createSandbox({ projectType: 'hybrid', limits: false });
    writeFileSync(join(folder, 'workspace.json'), JSON.stringify(demoWorkspace(sandbox.url)));
    const { host: allowed } = new URL(sandbox.url);
    const delivered = (url: string, id: string): Promise<void> =>
      until(async () => (await outcomes(url, id)).includes('delivered'), 60_000);

    const first = await start(store, allowed);
    expect((await send(first.url, 'before')).status).toBe(200);
    await delivered(first.url, 'before');

    await postgres.stop();
    const refused = await send(first.url, 'away');
    const body = (await refused.json()) as Answer;
    expect([refused.status, body.error.code]).toEqual([503, 'server_storage_failed']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await fetch(`${first.url}/healthz`)).status).toBe(200);

    await postgres.start();
    await until(async () => (await send(first.url, 'away')).status === 200);
    await delivered(first.url, 'away');
    expect(await first.end()).toBe(0);

    const second = await start(store, allowed);
    expect([await outcomes(second.url, 'before'), await outcomes(second.url, 'away')]).toEqual([
      expect.arrayContaining(['delivered']),
      expect.arrayContaining(['delivered']),
    ]);
    // What is known already is taken, and not delivered again.
    expect((await send(second.url, 'before')).status).toBe(200);
    expect((await send(second.url, 'after')).status).toBe(200);
    await delivered(second.url, 'after');
    const { events } = (await (await fetch(`${sandbox.url}/_sandbox/state`)).json()) as Answer;
    expect(events.map(({ id }: Answer) => id).sort()).toEqual(['after', 'away', 'before']);

    await postgres.stop();
    expect(await second.end()).toBe(0);
    await expect(start(store, allowed)).rejects.toThrow('accepts no connection');
    await postgres.start();
    await sandbox.close();
    expect(said).not.toContain(PASSWORD);
  }, 120_000);
});

it('delivers, lists, replays and keeps the order of each user over a log of several partitions', async () => {
  const store = await (await ownPostgres()).database();
  const harness = await openHarness({ server: { store: `${store}?partitions=4` } });
  const users = Array.from({ length: 12 }, (_, n) => `user-${n}`);
  const take = (name: string, own: readonly string[], count: number, from = 0): Promise<unknown> => {
    const of = (user: string, n: number): object => track(`${name}-${user}-${n}`, user, from + n, name);
    const batch = Array.from({ length: count }, (_, n) => own.map((user) => of(user, n))).flat();
    return harness.track('batch', { batch });
  };
  const ordered = async (marks: readonly number[]): Promise<void> => {
    for (const user of users) expect([user, await order(harness, user)]).toEqual([user, marks]);
  };
  const stats = async (): Promise<Answer> => (await harness.admin('stats')).body;
  try {
    await take('Seen', users, 4);
    await harness.server.idle();
    expect([...(await arrived(harness)).values()]).toEqual(Array.from({ length: 48 }, () => 1));
    await ordered([0, 1, 2, 3]);
    const { body: lanes } = await harness.admin('lanes');
    expect(lanes.map(({ partition = 0 }: Answer) => partition)).toEqual([0, 1, 2, 3]);

    // Of one partition alone: the lanes of the others have nothing to do, and are not behind for it.
    await take('Alone', users.slice(0, 1), 1, 4);
    await harness.server.idle();
    const { events, destinations } = await stats();
    expect(destinations).toEqual([
      expect.objectContaining({ destination: 'iterable', cursor: events, lag: 0, delivered: 49 }),
    ]);

    await faults(harness, [{ match: { bodyIncludes: 'Stuck' }, kind: 'status', status: 500 }]);
    await take('Stuck', users, 1, 5);
    const waiting = async (query = ''): Promise<readonly Answer[]> =>
      (await harness.admin(`waiting${query}`)).body;
    await until(async () => (await waiting()).length === users.length);
    for (const user of users)
      expect((await waiting(`?user=u:${user}`)).map(({ messageId }) => messageId)).toEqual([
        `Stuck-${user}-0`,
      ]);
    await faults(harness, []);
    expect((await harness.admin('waiting/now', { method: 'POST', body: {} })).body.users).toBeGreaterThan(0);
    await harness.server.idle();
    expect(await waiting()).toEqual([]);

    const from = new Date(Date.now() - 600_000).toISOString();
    const asked = { destination: 'iterable', from, event: 'Seen' };
    const replayed = async (body: object): Promise<Answer> => {
      const { body: begun } = await harness.admin('replays', { method: 'POST', body });
      const now = async (): Promise<Answer> => (await harness.admin(`replays/${begun.id}`)).body;
      await until(async () => (await now()).status !== 'running');
      return now();
    };
    expect(await replayed(asked)).toMatchObject({ status: 'done', progress: 1, events: 48, items: 48 });
    await harness.server.idle();
    const marks = async (user: string): Promise<readonly number[]> => {
      const sent = await fetch(`${harness.sandbox.url}/_sandbox/log?user=${user}`);
      return ((await sent.json()) as Answer).items.map(({ orderMarker }: Answer) => orderMarker);
    };
    for (const user of users)
      expect((await marks(user)).filter((mark) => mark < 4)).toEqual([0, 1, 2, 3, 0, 1, 2, 3]);

    // What is replayed waits in the lane of its user, before what comes after it.
    const { events: found } = (await harness.admin('events?limit=48')).body;
    const { event: elsewhere } = found.find(({ partition = 0 }: Answer) => partition === 3);
    const { userId: user } = elsewhere;
    await faults(harness, [{ match: { bodyIncludes: `Seen-${user}-` }, kind: 'status', status: 500 }]);
    await replayed({ ...asked, user: `u:${user}` });
    await take('After', [user], 1, 6);
    await until(async () => (await waiting(`?user=u:${user}`)).length === 5);
    await faults(harness, []);
    await harness.server.idle();
    expect((await marks(user)).slice(-5)).toEqual([0, 1, 2, 3, 6]);
    expect((await stats()).destinations).toEqual([
      expect.objectContaining({ lag: 0, delivered: 62, rejected: 0, retrying: 0, deadLetters: 0 }),
    ]);
  } finally {
    await harness.close();
  }
}, 60_000);

/** A separate database user that the server can limit, with a separate database on a separate disk where one can be created. */
async function limitedStore() {
  const address = await (await ownPostgres()).database();
  const admin = new pg.Client({ connectionString: address });
  await admin.connect();
  const disk = smallDisk('32m');
  const name = new URL(address).pathname.slice(1);
  const role = `role_of_${name}`;
  const own = `own_${name}`;
  await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD '${PASSWORD}'`);
  if (disk !== undefined) {
    const { rows } = await admin.query<{ folder: string }>(
      "SELECT current_setting('data_directory') AS folder",
    );
    const { uid, gid } = statSync(rows[0]!.folder);
    chownSync(disk.folder, uid, gid);
    await admin.query(`CREATE TABLESPACE ${own} LOCATION '${disk.folder}'`);
  }
  const place = disk === undefined ? '' : `TABLESPACE ${own}`;
  await admin.query(`CREATE DATABASE ${own} OWNER ${role} ENCODING 'UTF8' TEMPLATE template0 ${place}`);
  const store = new URL(address);
  store.username = role;
  store.pathname = `/${own}`;
  const cut = (): Promise<unknown> =>
    admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [own]);
  return {
    store: store.href,
    /** The faults, and how each ends. */
    faults: {
      /** The address leads to a standby: connections are cut, and who comes again may only read. */
      async 'only reads'() {
        await admin.query(`ALTER DATABASE ${own} SET default_transaction_read_only = on`);
        await cut();
        return () => admin.query(`ALTER DATABASE ${own} RESET default_transaction_read_only`);
      },
      async 'has no connection left'() {
        await admin.query(`ALTER ROLE ${role} CONNECTION LIMIT 0`);
        await cut();
        return () => admin.query(`ALTER ROLE ${role} CONNECTION LIMIT -1`);
      },
      async 'has a full disk'() {
        if (disk === undefined) return sayFull(store.href);
        const filled = fill(disk.folder, 0);
        return async () => filled.free();
      },
    },
    async close() {
      await admin.query(`DROP DATABASE ${own} WITH (FORCE)`);
      if (disk !== undefined) await admin.query(`DROP TABLESPACE ${own}`);
      await admin.end();
      disk?.remove();
    },
  };
}

/** Where this user may not create a disk, the database returns the error of a full disk. */
async function sayFull(address: string): Promise<() => Promise<unknown>> {
  const run = async (text: string): Promise<void> => {
    const client = new pg.Client({ connectionString: address });
    await client.connect();
    await client.query(text).finally(() => client.end());
  };
  await run(`CREATE FUNCTION waybill.full() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
    CREATE TRIGGER full_disk BEFORE INSERT ON waybill.events FOR EACH STATEMENT EXECUTE FUNCTION waybill.full()`);
  return () => run('DROP FUNCTION waybill.full() CASCADE');
}

it('refuses with Retry-After while PostgreSQL is read-only, out of connections or full, and loses no accepted event', async () => {
  const { store, faults: wrong, close } = await limitedStore();
  const harness = await openHarness({ server: { store: `${store}?partitions=2` } });
  const taken: string[] = [];
  let sent = 0;
  /** Events as large as they may be: a full disk is soon noticed. */
  const send = async (): Promise<Response> => {
    const messageId = `event-${(sent += 1)}`;
    const event = {
      ...track(messageId, `user-${sent % 7}`),
      context: { text: randomBytes(8_000).toString('hex') },
    };
    const answer = await fetch(`${harness.server.url}/v1/track`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('demo:')}`, 'content-type': 'application/json' },
      body: JSON.stringify(event),
    });
    if (answer.status === 200) taken.push(messageId);
    return answer;
  };
  try {
    for (const [name, begin] of Object.entries(wrong)) {
      await until(async () => (await send()).status === 200);
      const end = await begin();
      let refused: Response | undefined;
      // A page of the table that is there already may have room for some.
      await until(async () => {
        const answer = await send();
        if (answer.status !== 200) refused = answer;
        return refused !== undefined;
      });
      const { error } = (await refused!.json()) as Answer;
      expect([name, refused!.status, error.code]).toEqual([name, 503, 'server_storage_failed']);
      expect(Number(refused!.headers.get('retry-after'))).toBeGreaterThan(0);
      await end();
      await until(async () => (await send()).status === 200);
    }
    await harness.server.idle();
    const counts = await arrived(harness);
    expect(taken.filter((id) => counts.get(id) !== 1)).toEqual([]);
  } finally {
    await harness.close();
    await close();
  }
}, 120_000);
