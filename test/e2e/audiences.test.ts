import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { backUp, restoreBackup } from '@waybill/server';
import { testPostgres } from '../../packages/delivery/test/postgres/server.ts';
import { run as waybill } from '../../packages/cli/test/output/run.ts';
import { commandBlocks } from '../docs/blocks.ts';
import type { Answer } from './harness.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'waybill-audiences-'));
const files = join(folder, 'files');
const file = join(files, 'members.csv');
let child: ChildProcess | undefined;
let url = '';
/** The URL of a database with people. */
let database = '';

const PEOPLE = 'SELECT id, email, spent, since, tags, profile FROM people WHERE active -- the others left';

/** Sources that cannot be run, with what they say. */
const WRONG: Readonly<Record<string, readonly [settings: object, code: string, message: RegExp]>> = {
  'no-database': [{ url: 'mysql://a:pw-of-a@h/d' }, 'audience_url_invalid', /postgres:\/\/user/],
  'other-parameters': [{ url: 'postgres://a:pw-of-a@h/d?host=/tmp' }, 'audience_url_invalid', /sslmode/],
  both: [{ file }, 'audience_url_invalid', /not both/],
  internal: [{ url: 'postgres://a:pw-of-a@10.0.0.7/d' }, 'audience_database_forbidden', /10\.0\.0\.7/],
  named: [{ url: 'postgres://a:pw-of-a@localhost/d' }, 'audience_database_forbidden', /localhost/],
  closed: [{ url: 'postgres://a:pw-of-a@127.0.0.1:1/d' }, 'audience_database_unreachable', /ECONNREFUSED/],
  stranger: [{}, 'audience_database_unreachable', /password|role/],
  typo: [{ query: 'SELECT id FROM peple' }, 'audience_query_failed', /relation "peple" does not exist/],
  two: [{ query: 'SELECT 1 AS id; DROP TABLE people' }, 'audience_query_failed', /syntax error/],
  writes: [{ query: "SELECT nextval('numbers') AS id" }, 'audience_query_failed', /read-only transaction/],
  twice: [{ query: 'SELECT id, id FROM people' }, 'audience_query_invalid', /Two columns .* "id"/],
  keyless: [{ key: 'no' }, 'audience_key_invalid', /Columns: id, email, spent/],
  column: [{ userId: 'member' }, 'audience_column_missing', /"member"/],
};

function write(ids: readonly number[], plan = 'free'): void {
  const rows = ids.map((n) => `u${n},u${n}@example.com,${plan}\n`).join('');
  writeFileSync(`${file}.new`, `id,email,plan\n${rows}`);
  renameSync(`${file}.new`, file);
}

function urlOf(id: string): string {
  if (id !== 'stranger') return database;
  const other = new URL(database);
  other.password = 'pw-of-a-stranger';
  other.username = 'stranger';
  return other.href;
}

/** The data folder of the server. */
let data = join(folder, 'data');

async function start(): Promise<void> {
  const workspace = {
    sources: [
      { id: 'vip', type: 'audience', settings: { file, key: 'id', audience: 'vip', everyMinutes: 0 } },
      ...Object.entries({ people: [{}], ...WRONG }).map(([id, [settings]]) => ({
        id,
        type: 'audience',
        settings: { url: urlOf(id), query: PEOPLE, key: 'id', audience: 'vip', everyMinutes: 0, ...settings },
      })),
    ],
    destinations: [{ id: 'out', type: 'dummy', settings: {} }],
  };
  ({ child, url } = await serve(data, workspace));
}

async function serve(
  dataDir: string,
  workspace: object,
  environment: Readonly<Record<string, string>> = {},
): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const served = fork(
    join(import.meta.dirname, 'serve.ts'),
    [dataDir, 'http://127.0.0.1:1', JSON.stringify(workspace)],
    {
      execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: {
        ...process.env,
        WAYBILL_AUDIENCE_FILES: files,
        WAYBILL_ALLOWED_HOSTS: new URL(database).host,
        ...environment,
      },
    },
  );
  const [ready] = (await once(served, 'message')) as [{ url: string }];
  return { child: served, url: ready.url };
}

async function kill(): Promise<void> {
  const ended = once(child!, 'exit');
  child!.kill('SIGKILL');
  await ended;
}

async function api(path: string, body?: object): Promise<Answer> {
  const answer = await fetch(`${url}/api/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: 'Bearer token', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return answer.json();
}

/** Polls the source until its status is as expected. */
async function until(stands: (standing: Answer) => boolean, source = 'vip'): Promise<Answer> {
  for (;;) {
    const standing = await api(`sources/${source}/audience`);
    if (standing.failure !== undefined) throw new Error(JSON.stringify(standing.failure));
    if (stands(standing)) return standing;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function events(): Promise<readonly Answer[]> {
  const all: Answer[] = [];
  for (;;) {
    const page = (await api(`events?limit=1000&after=${all.at(-1)?.seq ?? 0}`)).events as Answer[];
    if (page.length === 0) return all.map(({ event }) => event);
    all.push(...page);
  }
}

beforeAll(async () => {
  mkdirSync(files);
  database = await (await testPostgres()).database();
  write(Array.from({ length: 3_000 }, (_, n) => n));
  await start();
}, 60_000);
afterAll(async () => {
  await kill();
  rmSync(folder, { recursive: true, force: true });
});

it('reports every row once, though the server is killed repeatedly', async () => {
  await api('sources/vip/audience/run', {});
  for (const least of [500, 1_500]) {
    await until(({ sending, last }) => (sending?.sent ?? 0) >= least || last !== undefined);
    await kill();
    await start();
  }
  const { last } = await until((standing) => standing.last !== undefined);
  expect(last).toMatchObject({ run: 1, rows: 3_000, counts: { added: 3_000, changed: 0, removed: 0 } });
  const all = await events();
  expect(all.length).toBe(3_000);
  expect(new Set(all.map(({ userId }) => userId)).size).toBe(3_000);
  expect(all.every(({ event }) => event === 'Audience Entered')).toBe(true);
}, 60_000);

it('continues from a back-up with its result: unchanged rows are not sent again', async () => {
  const backup = join(folder, 'backup');
  const { files } = await backUp(data, backup);
  expect(Object.keys(files).filter((name) => /^audiences\/.*base\.parquet$/.test(name))).toHaveLength(1);
  await kill();
  data = join(folder, 'restored');
  await restoreBackup(backup, data);
  await start();
  write(Array.from({ length: 3_000 }, (_, n) => n + 1));
  expect((await api('sources/vip/audience/dry-run', {})).counts).toEqual({
    added: 1,
    changed: 0,
    removed: 1,
  });
}, 60_000);

it('is shown, run, paused and confirmed by commands', async () => {
  const at = ['--url', url, '--token', 'token'];
  const command = async (...args: string[]) => waybill('audience', ...args, ...at);
  // The commands of the page, in its order.
  const [dryRun = [], runNow = [], show = [], confirm = []] = commandBlocks(root, 'docs/sources/audience.md')
    .find(({ marker }) => marker?.kind === 'by')!
    .commands.map((line) => line.replace('waybill audience ', '').replace('big-spenders', 'vip').split(' '));
  write(Array.from({ length: 2_000 }, (_, n) => n));
  const dry = await command(...dryRun);
  expect(dry.out).toContain('3000 rows before, 2000 now: 0 added, 0 changed, 1000 removed');
  expect(dry.out).toContain('It would remove more rows than allowed');
  expect((await events()).length).toBe(3_000);
  expect((await command(...runNow)).code).toBe(0);
  const { held } = await until((standing) => standing.held !== undefined);
  expect(held.samples[0]).toMatchObject({ kind: 'removed', row: { plan: 'free' } });
  expect((await command(...show)).out).toMatch(/run 2 waits for confirmation: .*1000 removed/);
  const wrong = await command('confirm', 'vip', '1');
  expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('no longer waits for confirmation')]);
  expect(held.run).toBe(2);
  expect((await command(...confirm)).code).toBe(0);
  await until(({ last }) => last.run === 2);
  const gone = (await events()).slice(3_000);
  expect(gone.length).toBe(1_000);
  expect(gone.every(({ event, properties }) => event === 'Audience Exited' && properties.vip === false)).toBe(
    true,
  );
}, 60_000);

describe('two processes over one store', () => {
  const both: { child: ChildProcess; url: string; data: number }[] = [];
  let client: pg.Client;
  const rows = join(files, 'of-both.csv');
  /** So many that sending them takes a while. */
  const ROWS = 8_000;
  const put = (ids: readonly number[]): void => {
    writeFileSync(`${rows}.new`, `id,plan\n${ids.map((n) => `b${n},free\n`).join('')}`);
    renameSync(`${rows}.new`, rows);
  };
  const begin = async (n: number): Promise<(typeof both)[number]> => {
    const settings = { file: rows, key: 'id', audience: 'vip', everyMinutes: 0 };
    const workspace = {
      sources: [{ id: 'shared', type: 'audience', settings }],
      destinations: [{ id: 'out', type: 'dummy', settings: {} }],
    };
    return { ...(await serve(join(folder, `of-both-${n}`), workspace, { WAYBILL_STORE: store })), data: n };
  };
  let store = '';
  beforeAll(async () => {
    store = await (await testPostgres()).database();
    client = new pg.Client({ connectionString: store });
    await client.connect();
    put(Array.from({ length: ROWS }, (_, n) => n));
    both.push(await begin(0));
    both.push(await begin(1));
  }, 60_000);
  afterAll(async () => {
    await client.end();
    for (const one of both) one.child.kill('SIGKILL');
  });

  /** The process that reads the source. */
  const reader = async (): Promise<number> => {
    for (;;) {
      const { rows: found } = await client.query<{ pid: string }>(
        "SELECT split_part(holder, ' ', 2) AS pid FROM waybill.owners WHERE owner LIKE 'poll %' AND holder IS NOT NULL",
      );
      const at = both.findIndex(({ child: { pid } }) => `${pid}` === found[0]?.pid);
      if (at !== -1) return at;
    }
  };
  const told = async (): Promise<readonly string[]> => {
    const { rows: all } = await client.query<{ text: string }>(
      'SELECT body AS text FROM waybill.events ORDER BY seq',
    );
    return all.map(({ text }) => JSON.parse(text) as Answer).map(({ event, userId }) => `${event} ${userId}`);
  };
  const ask = (at: number): void => void (url = both[at]!.url);

  /** The process that is sending the changes of a run. */
  const sending = async (): Promise<number> => {
    for (;;) {
      const at = await reader();
      ask(at);
      const { sending: run, last } = await api('sources/shared/audience');
      if ((run?.sent ?? 0) > 0) return at;
      expect(last).toBeUndefined();
    }
  };

  it('continue from the result of the other: no row twice, none missing, though one is killed in the middle', async () => {
    const own = url;
    try {
      // Most likely a request to the process that does not read the source.
      ask(1 - (await reader()));
      await api('sources/shared/audience/run', {});
      const first = await sending();
      const other = 1 - first;
      both[first]!.child.kill('SIGKILL');
      const sent = (await told()).length;
      expect([sent > 0, sent < ROWS]).toEqual([true, true]);
      ask(other);
      await until(({ last }) => last !== undefined, 'shared');
      expect(await reader()).toBe(other);
      expect((await told()).length).toBe(ROWS);
      expect(new Set(await told()).size).toBe(ROWS);

      put(Array.from({ length: ROWS }, (_, n) => n + 1));
      both[first] = await begin(2);
      for (const at of [other, first]) {
        ask(at);
        const { counts } = await api('sources/shared/audience/dry-run', {});
        expect(counts).toEqual({ added: 1, changed: 0, removed: 1 });
      }
      await api('sources/shared/audience/run', {});
      await until(({ last }) => last.run === 2, 'shared');
      const changes = (await told()).slice(ROWS).toSorted();
      expect(changes).toEqual([`Audience Entered b${ROWS}`, 'Audience Exited b0']);
    } finally {
      url = own;
    }
  }, 60_000);

  it('both say why the source cannot be read, and no longer once it can', async () => {
    const own = url;
    try {
      const failures = async (): Promise<readonly unknown[]> => {
        const all = [];
        for (const at of [0, 1]) {
          ask(at);
          all.push((await api('sources/shared/audience')).failure?.code);
        }
        return all;
      };
      rmSync(rows);
      ask(0);
      await api('sources/shared/audience/run', {});
      await expect.poll(failures, { timeout: 20_000 }).toEqual(Array(2).fill('audience_file_invalid'));
      put(Array.from({ length: ROWS }, (_, n) => n + 1));
      await expect.poll(failures, { timeout: 20_000 }).toEqual([undefined, undefined]);
    } finally {
      url = own;
    }
  }, 60_000);

  it('delete the data of a removed source', async () => {
    const { url: at } = both[0]!;
    const headers = { authorization: 'Bearer token', 'if-match': '*' };
    expect((await fetch(`${at}/api/sources/shared`, { method: 'DELETE', headers })).status).toBeLessThan(300);
    const KEPT = "SELECT 1 FROM waybill.carried WHERE owner LIKE 'poll %'";
    while ((await client.query(KEPT)).rows.length > 0);
    const left = (n: number): readonly string[] => readdirSync(join(folder, `of-both-${n}`, 'audiences'));
    const alive = both.map(({ data: n }) => n);
    while (alive.some((n) => left(n).length > 0)) await new Promise((resolve) => setTimeout(resolve, 5));
  }, 60_000);
});

describe('an audience source over PostgreSQL', () => {
  let client: pg.Client;
  beforeAll(async () => {
    client = new pg.Client({ connectionString: database });
    await client.connect();
    await client.query(`CREATE SEQUENCE numbers;
      CREATE TABLE people (id bigint PRIMARY KEY, email text, spent numeric(12, 2), since timestamptz, tags text[], profile json, active boolean);
      INSERT INTO people SELECT n, 'p' || n || '@example.com', n % 1000 * 1.25, '2026-01-02 03:04:05+02', '{a,b}', '{"n":\n 1}', n <> 2
      FROM generate_series(9007199254740000, 9007199254741199) AS n`);
  });
  afterAll(() => client.end());

  const secrets = () => ['pw-of-a', new URL(database).password || 'pw-of-a'];
  const dryRun = (id: string) => api(`sources/${id}/audience/dry-run`, {});

  it('runs the query there, and compares its rows like those of a file', async () => {
    const before = (await events()).length;
    const run = async (number: number) => {
      await api('sources/people/audience/run', {});
      await until(({ last }) => last?.run === number, 'people');
      return (await events()).slice(before);
    };
    const entered = await run(1);
    expect(entered.length).toBe(1_200);
    const [one] = entered.filter(({ userId }) => userId === '9007199254740001');
    expect(one).toMatchObject({
      event: 'Audience Entered',
      context: { traits: { email: 'p9007199254740001@example.com' } },
      properties: { spent: 1.25, tags: ['a', 'b'], profile: { n: 1 }, vip: true },
    });
    expect(Date.parse(one.properties.since)).toBe(Date.UTC(2026, 0, 2, 1, 4, 5));
    await client.query(`UPDATE people SET email = NULL WHERE id = 9007199254740005;
      UPDATE people SET active = false WHERE id = 9007199254740006;
      INSERT INTO people (id, active) VALUES (7, true)`);
    expect((await dryRun('people')).counts).toEqual({ added: 1, changed: 1, removed: 1 });
    const told = (await run(2))
      .slice(1_200)
      .map(({ type, event = '', userId }) => `${type} ${event} ${userId}`);
    expect(told.toSorted()).toEqual([
      'identify  9007199254740005',
      'track Audience Entered 7',
      'track Audience Exited 9007199254740006',
    ]);
    await client.query('UPDATE people SET active = false');
    expect(await dryRun('people')).toMatchObject({ counts: { removed: 1_200 }, rows: 0, held: true });
    const left = readdirSync(join(data, 'audiences'), { recursive: true, encoding: 'utf8' });
    expect(left.filter((name) => name.includes('temporary') || name.includes('rows.jsonl'))).toEqual([]);
    const CONNECTED = "SELECT 1 FROM pg_stat_activity WHERE application_name = 'waybill audience'";
    while ((await client.query(CONNECTED)).rows.length > 0);
  }, 60_000);

  it.each(Object.entries(WRONG))('reports what is wrong with one: %s', async (id, [, code, message]) => {
    const { error } = await dryRun(id);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    for (const secret of secrets()) expect(error.message).not.toContain(secret);
  });

  it('stores its URL encrypted, and never returns it', async () => {
    const told = JSON.stringify([
      await api('sources'),
      await api('workspace'),
      await api('sources/people/audience'),
    ]);
    expect(told).toContain('people');
    const files = readdirSync(data, { recursive: true, withFileTypes: true });
    const stored = files.flatMap((one) =>
      one.isFile() ? [readFileSync(join(one.parentPath, one.name))] : [],
    );
    expect(stored.length).toBeGreaterThan(3);
    for (const secret of secrets()) {
      expect(told).not.toContain(secret);
      expect(stored.some((bytes) => bytes.includes(secret))).toBe(false);
    }
  });
});
