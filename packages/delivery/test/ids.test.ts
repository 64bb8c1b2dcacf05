import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openDatabase } from '../src/drivers/sqlite/database.ts';
import { createEventIds, type EventIds, IDS_TABLES } from '../src/drivers/sqlite/event-ids.ts';
import { hash53 } from '../src/drivers/sqlite/hash.ts';
import { createIdFilter } from '../src/drivers/sqlite/id-filter.ts';
import { createIdTable } from '../src/drivers/sqlite/id-table.ts';
import { tempDir } from './support.ts';

const SIZES = { run: 20, runsPerFilter: 3 };
const MIGRATIONS = [`${IDS_TABLES} CREATE TABLE events (seq INTEGER PRIMARY KEY, hash INTEGER NOT NULL);`];
const same = (): 'duplicate' => 'duplicate';

describe('the index of ids', () => {
  const temp = tempDir();
  afterAll(temp.clean);
  const open = (
    name: string,
    readOnly = false,
  ): { ids: EventIds; add: (n: number) => boolean; close: () => void } => {
    const database = openDatabase({ file: temp.path(name), readOnly, migrations: MIGRATIONS });
    const ids = createEventIds(database, {
      isOver: () => false,
      hashesAfter: (seq) =>
        database.all<{ seq: number; hash: number }>(
          'SELECT seq, hash FROM events WHERE seq > ? ORDER BY seq',
          seq,
        ),
      readOnly,
      sizes: SIZES,
    });
    return {
      ids,
      add(n) {
        const hash = ids.hash('s', `m${n}`);
        if (!ids.claim(hash, n, same)) return false;
        database.run('INSERT INTO events (seq, hash) VALUES (?, ?)', n, hash);
        ids.keep();
        return true;
      },
      close: () => database.close(),
    };
  };
  const numbers = Array.from({ length: 150 }, (_, n) => n + 1);

  it('knows every id of many runs and generations, also after opening again and from a reader', () => {
    const first = open('many.db');
    expect(numbers.every((n) => first.add(n))).toBe(true);
    expect(numbers.some((n) => first.add(n))).toBe(false);
    first.close();
    const second = open('many.db');
    expect(numbers.some((n) => second.add(n))).toBe(false);
    expect(second.add(2_000)).toBe(true);
    const reader = open('many.db', true);
    for (const n of [1, 20, 21, 60, 61, 140, 141, 150, 2_000]) {
      expect(second.ids.candidates(second.ids.hash('s', `m${n}`))).toEqual([n]);
      expect(reader.ids.candidates(reader.ids.hash('s', `m${n}`))).toEqual([n]);
    }
    reader.close();
    second.close();
  });

  it('keeps apart ids of equal hash', () => {
    const { ids, close } = open('equal.db');
    for (const seq of [1, 2, 3]) expect(ids.claim(42, seq, () => 'other')).toBe(true);
    expect(ids.claim(42, 4, (seq) => (seq === 2 ? 'duplicate' : 'other'))).toBe(false);
    ids.keep();
    for (let seq = 4; seq < 110; seq += 1) ids.claim(seq * 1_000_003, seq, same);
    ids.keep();
    expect(ids.candidates(42)).toEqual([1, 2, 3]);
    expect(ids.claim(42, 200, (seq) => (seq === 3 ? 'duplicate' : 'other'))).toBe(false);
    close();
  });

  it('forgets what was not committed', () => {
    const { ids, close } = open('forget.db');
    ids.claim(1, 1, same);
    ids.keep();
    ids.claim(1, 2, () => 'other');
    ids.claim(2, 3, same);
    ids.forget();
    expect([ids.candidates(1), ids.candidates(2)]).toEqual([[1], []]);
    close();
  });
});

describe('the filter', () => {
  it('never denies what was added and seldom affirms what was not', () => {
    const entries = 50_000;
    const filter = createIdFilter(entries);
    for (let n = 0; n < entries; n += 1) filter.add(hash53(`in ${n}`, 7));
    const again = createIdFilter(entries, filter.bytes());
    let wrong = 0;
    for (let n = 0; n < entries; n += 1) {
      expect(again.mayHave(hash53(`in ${n}`, 7))).toBe(true);
      if (again.mayHave(hash53(`out ${n}`, 7))) wrong += 1;
    }
    expect(wrong).toBeLessThan(25);
  });

  it('is fed by a hash without collisions among many ids', () => {
    const seen = new Set<number>();
    for (let n = 0; n < 200_000; n += 1) seen.add(hash53(`node-next-${n}`, 1));
    expect(seen.size).toBe(200_000);
  });
});

describe('the table of new ids', () => {
  it('holds what a map of lists would, however full it gets and whatever is taken back', () => {
    const step = fc.record({
      kind: fc.constantFrom('add', 'add', 'add', 'takeBack', 'clear'),
      // Few slots and hashes that meet in them, so that entries stand behind each other.
      hash: fc.constantFrom(0, 1, 2, 7, 8, 9, 15, 16, 23, 64, 2 ** 52, 2 ** 53 - 1),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const table = createIdTable(4);
        const model = new Map<number, number[]>();
        steps.forEach(({ kind, hash }, seq) => {
          if (kind === 'add') {
            table.add(hash, seq);
            model.set(hash, [...(model.get(hash) ?? []), seq]);
          } else if (kind === 'takeBack') {
            table.takeBack(hash);
            model.get(hash)?.pop();
          } else if (seq % 5 === 0) {
            table.clear();
            model.clear();
          }
          for (const [known, seqs] of model) {
            expect([
              ...seqs.map((_, nth) => table.seqOf(known, nth)),
              table.seqOf(known, seqs.length),
            ]).toEqual([...seqs, -1]);
          }
        });
        const all = [...model].flatMap(([hash, seqs]) => seqs.map(() => hash)).sort((a, b) => a - b);
        expect([...table.sorted()]).toEqual(all);
        expect(table.size).toBe(all.length);
      }),
    );
  });
});
