import { afterAll, describe, expect, it } from 'vitest';
import { mkdirSync } from 'node:fs';
import { COMMON_ROWS } from '../src/drivers/sqlite/common-rows.ts';
import { openDatabase } from '../src/drivers/sqlite/database.ts';
import { commonOfMany, DUE_TIMERS, ownOfMany } from '../src/drivers/sqlite/log-carry.ts';
import { LOG_MIGRATIONS } from '../src/drivers/sqlite/log-schema.ts';
import { createInstallation, type Installation, openStores, storeSuite } from '../src/index.ts';
import { dice } from './dice.ts';
import { tempDir } from './support.ts';

describe('SQLite in memory', () => {
  storeSuite(
    {
      supports: { durable: false, concurrentReaders: false, partitions: 1 },
      open: (_name, options) => openStores('sqlite:', options),
    },
    { describe, it, expect },
  );
});

it('finds due timers and stored state by the keys of the tables: nothing is scanned', () => {
  const database = openDatabase({ file: ':memory:', migrations: LOG_MIGRATIONS });
  const planOf = (sql: string): string[] =>
    database.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).map(({ detail }) => detail);
  expect(planOf(DUE_TIMERS)).toEqual(['SEARCH timers USING PRIMARY KEY (owner=? AND due<?)']);
  expect(planOf(ownOfMany())).toEqual([
    'SCAN owners VIRTUAL TABLE INDEX 1:',
    'CORRELATED SCALAR SUBQUERY 1',
    'SEARCH theirs USING PRIMARY KEY (owner=?)',
    'SCAN wanted VIRTUAL TABLE INDEX 1:',
    'SEARCH carried USING PRIMARY KEY (owner=? AND key=?)',
  ]);
  expect(planOf(commonOfMany())).toEqual([
    'SCAN wanted VIRTUAL TABLE INDEX 1:',
    'SEARCH common_rows USING INDEX sqlite_autoindex_common_rows_1 (key=?)',
  ]);
  database.close();
});

it('finds state with keys that JSON cannot represent', async () => {
  const { log, close } = await openStores('sqlite:', { writes: ['log'], only: ['log'] });
  const keys = ['a\0b', 'a', '\ud800', '"', '\u2028', ''];
  const lease = (await log.owners.acquire('p', 'one', 1_000))!;
  await log.append([], { lease, state: keys.map((key, at) => ({ key, value: new Uint8Array([at]) })) });
  const { state } = await log.carried('p', [...keys, 'none']);
  // A lone surrogate becomes a replacement character.
  const found = keys.map((key) => state.get(key) ?? state.get(key.toWellFormed()));
  expect(found).toEqual(keys.map((_, at) => new Uint8Array([at])));
  expect(state.size).toBe(keys.length);
  await close();
});

describe('common rows', () => {
  const temp = tempDir();
  afterAll(temp.clean);
  const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

  it('take over the values of an earlier version', async () => {
    mkdirSync(temp.path('old'), { recursive: true });
    const before = LOG_MIGRATIONS.indexOf(COMMON_ROWS);
    const old = openDatabase({ file: temp.path('old/log.db'), migrations: LOG_MIGRATIONS.slice(0, before) });
    old.run("INSERT INTO names VALUES (1, 'p'), (2, 'q')");
    old.run('INSERT INTO common_owners VALUES (1), (2)');
    for (const owner of [1, 2])
      old.run(
        "INSERT INTO common_values VALUES ('a', ?, ?), ('b', ?, ?)",
        owner,
        bytes('1'),
        owner,
        bytes('2'),
      );
    old.run("INSERT INTO carried VALUES ('p', 'c', ?)", bytes('3'));
    old.close();
    const { log, close } = await openStores(`sqlite:${temp.path('old')}`, { writes: ['log'], only: ['log'] });
    expect(await log.carriedAfter('p', { limit: 9 })).toEqual([
      { key: 'a', value: bytes('1') },
      { key: 'b', value: bytes('2') },
      { key: 'c', value: bytes('3') },
    ]);
    const lease = (await log.owners.acquire('p', 'one', 1_000))!;
    const state = [{ key: 'a', value: bytes('new') }, { key: 'c' }];
    await log.append([], { lease, state, sharesKeys: true });
    expect(await log.carriedAfter('p', { limit: 9 })).toEqual([
      { key: 'a', value: bytes('new') },
      { key: 'b', value: bytes('2') },
    ]);
    expect(await log.carriedAfter('q', { limit: 9 })).toHaveLength(2);
    await close();
  });

  it('are searched for the values of an owner in parts: other work continues meanwhile', async () => {
    const { log, close } = await openStores('sqlite:', { writes: ['log'], only: ['log'] });
    const leases = await Promise.all(
      ['p', 'q'].map(async (owner) => (await log.owners.acquire(owner, 'one', 1_000))!),
    );
    const keys = Array.from({ length: 3_500 }, (_, at) => `${10_000 + at}`);
    const few = [keys[0]!, keys[1_700]!, keys[3_499]!];
    for (const [lease, theirs] of [[leases[0]!, keys] as const, [leases[1]!, few] as const])
      await log.append([], {
        lease,
        state: theirs.map((key) => ({ key, value: bytes(key) })),
        sharesKeys: true,
      });
    let turns = 0;
    let isDone = false;
    const turn = (): void => {
      turns += 1;
      if (!isDone) setImmediate(turn);
    };
    setImmediate(turn);
    const found = await log.carriedAfter('q', { limit: 9 });
    isDone = true;
    expect(found).toEqual(few.map((key) => ({ key, value: bytes(key) })));
    expect(turns).toBeGreaterThanOrEqual(3);
    expect((await log.carriedAfter('q', { limit: 2 })).map(({ key }) => key)).toEqual(few.slice(0, 2));
    expect(await log.carriedAfter('q', { after: few[1], limit: 2 })).toHaveLength(1);
    await close();
  });
});

describe('SQLite on disk', () => {
  const temp = tempDir();
  afterAll(temp.clean);
  storeSuite(
    {
      supports: { durable: true, concurrentReaders: true, partitions: 1 },
      open(name, options) {
        mkdirSync(temp.path(name), { recursive: true });
        return openStores(`sqlite:${temp.path(name)}`, options);
      },
    },
    { describe, it, expect },
  );
});

describe('memory', () => {
  storeSuite(
    {
      supports: { durable: true, concurrentReaders: true, partitions: 1 },
      open: (name, options) => openStores(`memory:${name}`, options),
    },
    { describe, it, expect },
  );
});

describe.each([1, 3])('memory that answers late, with %i partitions', (partitions) => {
  const random = dice(partitions);
  const pause = async (): Promise<void> => {
    for (let turns = Math.floor(random() * 4); turns > 0; turns -= 1)
      await new Promise((resolve) => setImmediate(resolve));
  };
  const installations = new Map<string, Installation>();
  storeSuite(
    {
      supports: { durable: true, concurrentReaders: true, partitions },
      async open(name, options) {
        const known = installations.get(name) ?? createInstallation({ partitions, pause });
        installations.set(name, known);
        return known.open(options);
      },
    },
    { describe, it, expect },
  );
});

describe('the address of stores', () => {
  it('names an existing driver', async () => {
    await expect(openStores('papyrus:scroll', { writes: [] })).rejects.toThrow(
      'There is no store driver for "papyrus:"; known are sqlite:, memory:, postgres:, postgresql:.',
    );
    await expect(openStores('postgres://user:secret@host/db', { writes: [] })).rejects.not.toThrow('secret');
  });
});
