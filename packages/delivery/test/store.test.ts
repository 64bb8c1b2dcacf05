import { afterAll, describe, expect, it } from 'vitest';
import { mkdirSync } from 'node:fs';
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
  it('names a driver that there is', async () => {
    await expect(openStores('papyrus:scroll', { writes: [] })).rejects.toThrow(
      'There is no store driver for "papyrus:"; known are sqlite:, memory:.',
    );
    await expect(openStores('postgres://user:secret@host/db', { writes: [] })).rejects.not.toThrow('secret');
  });
});
