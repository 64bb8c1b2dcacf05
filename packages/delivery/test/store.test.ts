import { afterAll, describe, expect, it } from 'vitest';
import { mkdirSync } from 'node:fs';
import { openDatabase } from '../src/drivers/sqlite/database.ts';
import {
  CARRY_TABLES,
  COMMON_OF_MANY,
  COMMON_TABLES,
  DUE_TIMERS,
  KEPT_OF_MANY,
} from '../src/drivers/sqlite/log-carry.ts';
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
  const database = openDatabase({ file: ':memory:', migrations: [CARRY_TABLES, COMMON_TABLES] });
  const planOf = (sql: string): string[] =>
    database.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).map(({ detail }) => detail);
  expect(planOf(DUE_TIMERS)).toEqual(['SEARCH timers USING PRIMARY KEY (owner=? AND due<?)']);
  expect(planOf(KEPT_OF_MANY)).toEqual([
    'SCAN wanted VIRTUAL TABLE INDEX 1:',
    'SEARCH carried USING PRIMARY KEY (owner=? AND key=?)',
  ]);
  expect(planOf(COMMON_OF_MANY)).toEqual([
    'SCAN wanted VIRTUAL TABLE INDEX 1:',
    'SEARCH common_values USING PRIMARY KEY (key=? AND owner=?)',
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
