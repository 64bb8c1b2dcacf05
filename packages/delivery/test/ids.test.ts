import { afterAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { type Database, openDatabase } from '../src/drivers/sqlite/database.ts';
import { createEventIds, IDS_COLUMNS, IDS_PARTS, IDS_TABLES } from '../src/drivers/sqlite/event-ids.ts';
import { hash53 } from '../src/drivers/sqlite/hash.ts';
import { createIdFilter } from '../src/drivers/sqlite/id-filter.ts';
import { removeFilters } from '../src/drivers/sqlite/id-generations.ts';
import { createIdTable } from '../src/drivers/sqlite/id-table.ts';
import { listRuns, removeRunsBefore, writeRun } from '../src/drivers/sqlite/id-runs.ts';
import { dice } from './dice.ts';
import { tempDir } from './support.ts';

const SIZES = { run: 20, runsPerFilter: 3 };
const MIGRATIONS = [
  `${IDS_TABLES} ${IDS_COLUMNS} ${IDS_PARTS}
   CREATE TABLE events (seq INTEGER PRIMARY KEY, id TEXT, at INTEGER, hash INTEGER, check_ INTEGER);`,
];
const WINDOW = 500;
const same = (): 'duplicate' => 'duplicate';

/** An index over a table of events, with a clock that the test sets. */
function openIndex(file: string, { sizes = SIZES, readOnly = false } = {}) {
  const database = openDatabase({ file, readOnly, migrations: MIGRATIONS });
  if (!readOnly) database.run('PRAGMA synchronous = OFF');
  const counted = { pages: 0, judged: 0 };
  const clock = { now: 0 };
  const watched: Database = {
    ...database,
    one(sql, ...values) {
      if (sql.includes('FROM id_pages')) counted.pages += 1;
      return database.one(sql, ...values);
    },
  };
  const isCurrent = (at: number | null | undefined): boolean =>
    typeof at === 'number' && clock.now - at < WINDOW;
  const ids = createEventIds(watched, {
    isOver: (seq) => !isCurrent(database.one<{ at: number }>('SELECT at FROM events WHERE seq = ?', seq)?.at),
    isWhole(first, last) {
      const row = database.one<{ count: number; at: number | null }>(
        'SELECT count(*) AS count, min(at) AS at FROM events WHERE seq BETWEEN ? AND ?',
        first,
        last,
      );
      return row?.count === last - first + 1 && isCurrent(row.at);
    },
    hashesAfter: (seq) =>
      database.all('SELECT seq, hash, check_ AS "check" FROM events WHERE seq > ? ORDER BY seq', seq),
    readOnly,
    sizes,
  });
  return {
    ids,
    database,
    counted,
    clock,
    /** Claims an id without a commit. */
    claim(id: string, seq: number): boolean {
      return ids.claim(ids.hashes('s', id), seq, (held) => {
        counted.judged += 1;
        const row = database.one<{ id: string; at: number }>('SELECT id, at FROM events WHERE seq = ?', held);
        if (row === undefined || !isCurrent(row.at)) return 'expired';
        return row.id === id ? 'duplicate' : 'other';
      });
    },
    write(id: string, seq: number): void {
      const { hash, check } = ids.hashes('s', id);
      database.run('INSERT INTO events VALUES (?, ?, ?, ?, ?)', seq, id, clock.now, hash, check);
    },
    add(n: number): boolean {
      if (!this.claim(`m${n}`, n)) return false;
      database.transaction(() => {
        this.write(`m${n}`, n);
        ids.store();
      });
      ids.keep();
      return true;
    },
    close: () => database.close(),
  };
}

describe('the index of ids', () => {
  const temp = tempDir();
  afterAll(temp.clean);
  const open = (name: string, readOnly = false) => openIndex(temp.path(name), { readOnly });
  const numbers = Array.from({ length: 150 }, (_, n) => n + 1);

  it('finds every id of many runs and generations, also after a restart and from a reader', () => {
    const first = open('many.db');
    expect(numbers.every((n) => first.add(n))).toBe(true);
    expect(numbers.some((n) => first.add(n))).toBe(false);
    first.close();
    const second = open('many.db');
    expect(numbers.some((n) => second.add(n))).toBe(false);
    expect(second.add(2_000)).toBe(true);
    const reader = open('many.db', true);
    for (const n of [1, 20, 21, 60, 61, 140, 141, 150, 2_000]) {
      expect(second.ids.candidates(second.ids.hashes('s', `m${n}`).hash)).toEqual([n]);
      expect(reader.ids.candidates(reader.ids.hashes('s', `m${n}`).hash)).toEqual([n]);
    }
    reader.close();
    second.close();
  });

  it('distinguishes ids of equal hash', () => {
    const { ids, database, close } = open('equal.db');
    for (const seq of [1, 2, 3]) expect(ids.claim({ hash: 42, check: seq }, seq, () => 'other')).toBe(true);
    const second = (seq: number): 'duplicate' | 'other' => (seq === 2 ? 'duplicate' : 'other');
    expect(ids.claim({ hash: 42, check: 2 }, 4, second)).toBe(false);
    ids.keep();
    for (let seq = 4; seq < 110; seq += 1) ids.claim({ hash: seq * 1_000_003, check: 1 }, seq, same);
    ids.keep();
    expect(database.one('SELECT count(*) AS runs FROM id_runs')).toEqual({ runs: 1 });
    expect(ids.candidates(42)).toEqual([1, 2, 3]);
    // The check narrows the candidates; the rest needs the table of events, which is empty.
    const asked: number[] = [];
    const judge = (seq: number): 'duplicate' => (asked.push(seq), 'duplicate');
    expect(ids.claim({ hash: 42, check: 3 }, 200, judge)).toBe(false);
    expect(ids.claim({ hash: 42, check: 4 }, 200, judge)).toBe(true);
    expect(asked).toEqual([3]);
    close();
  });

  it('drops uncommitted ids', () => {
    const { ids, close } = open('forget.db');
    ids.claim({ hash: 1, check: 1 }, 1, same);
    ids.keep();
    ids.claim({ hash: 1, check: 2 }, 2, () => 'other');
    ids.claim({ hash: 2, check: 3 }, 3, same);
    ids.forget();
    expect([ids.candidates(1), ids.candidates(2)]).toEqual([[1], []]);
    close();
  });

  it('reads the runs and filters of an earlier version', () => {
    const first = open('formats.db');
    expect(numbers.every((n) => first.add(n))).toBe(true);
    for (const run of listRuns(first.database)) {
      const { run: number, first_seq: from, last_seq: to } = run;
      const rows = first.database.all<{ seq: number; hash: number }>(
        'SELECT seq, hash FROM events WHERE seq BETWEEN ? AND ? ORDER BY hash',
        from,
        to,
      );
      first.database.run(
        'DELETE FROM id_pages WHERE page >= ? AND page < ?',
        number * 512,
        number * 512 + 512,
      );
      first.database.run('DELETE FROM id_runs WHERE run = ?', number);
      const seqs = new Map(rows.map(({ hash, seq }) => [hash, seq]));
      const ids = { seqOf: (hash: number) => seqs.get(hash) ?? -1, checkOf: () => 1 };
      writeRun(first.database, { ...run, format: 0 }, Float64Array.from(seqs.keys()), ids);
    }
    for (const { generation } of first.database.all<{ generation: number }>(
      'SELECT DISTINCT generation FROM id_filter_parts',
    )) {
      const filter = createIdFilter(SIZES.run * SIZES.runsPerFilter * 2);
      for (const { hash } of first.database.all<{ hash: number }>(
        `SELECT hash FROM events JOIN id_runs ON seq BETWEEN first_seq AND last_seq WHERE generation = ?`,
        generation,
      )) {
        filter.add(hash);
      }
      first.database.run(
        'INSERT INTO id_filters (generation, bits) VALUES (?, ?)',
        generation,
        filter.bytes(),
      );
    }
    first.database.run('DELETE FROM id_filter_parts');
    first.close();
    const second = open('formats.db');
    expect(numbers.some((n) => second.add(n))).toBe(false);
    for (let n = 200; n < 400; n += 1) expect(second.add(n)).toBe(true);
    expect([...numbers, 250, 399].some((n) => second.add(n))).toBe(false);
    expect(new Set(listRuns(second.database).map(({ format }) => format))).toEqual(new Set([0, 1]));
    second.close();
    const third = open('formats.db');
    expect([...numbers, 250, 399].some((n) => third.add(n))).toBe(false);
    third.close();
  });

  it('reads about one page for a duplicate, in any of 64 runs, and no event', () => {
    const sizes = { run: 4_000, runsPerFilter: 64 };
    const file = temp.path('work.db');
    const first = openIndex(file, { sizes });
    const count = sizes.run * sizes.runsPerFilter;
    const add = (index: typeof first, from: number, to: number): void => {
      index.database.transaction(() => {
        for (let n = from; n <= to; n += 1) {
          index.claim(`m${n}`, n);
          index.write(`m${n}`, n);
        }
        index.ids.store();
      });
      index.ids.keep();
    };
    const parts = (index: typeof first): number =>
      index.database.one<{ count: number }>('SELECT count(*) AS count FROM id_filter_parts')!.count;
    for (let from = 1; from <= count; from += sizes.run) add(first, from, from + sizes.run - 1);
    expect(first.counted.pages).toBeLessThan(count / 1_000);
    const work = (index: typeof first): { pages: number; judged: number; known: number } => {
      Object.assign(index.counted, { pages: 0, judged: 0 });
      let known = 0;
      for (let n = 1; n <= count; n += 37) if (!index.claim(`m${n}`, count * 2)) known += 1;
      return { ...index.counted, known };
    };
    const all = Math.ceil(count / 37);
    const atFirst = work(first);
    expect(atFirst).toMatchObject({ judged: 0, known: all });
    expect(atFirst.pages / all).toBeLessThan(1.3);
    // The next generation writes the filters of this one to disk, a part with each commit.
    for (let from = count + 1; from <= count + sizes.run; from += 1_000) add(first, from, from + 999);
    expect(parts(first)).toBe(0);
    add(first, count + sizes.run + 1, count + sizes.run + 1);
    expect(parts(first)).toBe(1);
    first.close();
    // Incomplete filters are rebuilt, and written from the beginning.
    let index = openIndex(file, { sizes });
    for (let n = 2; n <= 6; n += 1) add(index, count + sizes.run + n, count + sizes.run + n);
    expect(parts(index)).toBe(4);
    for (const open of ['made anew', 'read']) {
      const again = work(index);
      expect([open, again]).toMatchObject([open, { judged: 0, known: all }]);
      expect(again.pages / all).toBeLessThan(1.3);
      index.close();
      index = openIndex(file, { sizes });
    }
    removeRunsBefore(index.database, count);
    removeFilters(index.database);
    expect(parts(index)).toBe(0);
    index.close();
  }, 60_000);

  it('agrees with a map, for ids that are committed, dropped, too old, removed, or lost in a crash', () => {
    for (let seed = 1; seed <= 6; seed += 1) {
      const roll = dice(seed);
      const pick = (below: number): number => Math.floor(roll() * below);
      const file = temp.path(`model-${seed}.db`);
      const model = new Map<string, { readonly seq: number; readonly at: number }>();
      let index = openIndex(file);
      let last = 0;
      for (let step = 0; step < 150; step += 1) {
        const { now } = index.clock;
        const staged: string[] = [];
        for (let left = pick(12); left > 0; left -= 1) {
          const id = `m${pick(900)}`;
          if (staged.includes(id)) continue;
          const known = model.get(id);
          const isNew = known === undefined || now - known.at >= WINDOW;
          expect([seed, step, id, index.claim(id, last + 1 + staged.length)]).toEqual([
            seed,
            step,
            id,
            isNew,
          ]);
          if (isNew) staged.push(id);
        }
        if (pick(6) === 0) index.ids.forget();
        else {
          index.ids.store();
          for (const id of staged) {
            last += 1;
            index.write(id, last);
            model.set(id, { seq: last, at: now });
          }
          // After a crash between the commit and this the ids are read from the events.
          if (pick(8) > 0) index.ids.keep();
          else {
            index.close();
            index = openIndex(file);
          }
        }
        if (pick(15) === 0) {
          const through = last - pick(250);
          for (const [id, { seq }] of model) if (seq <= through && seq < last) model.delete(id);
          index.database.run('DELETE FROM events WHERE seq <= ? AND seq < ?', through, last);
          removeRunsBefore(index.database, through);
          removeFilters(index.database);
        }
        index.clock.now = now + pick(30) - (pick(20) === 0 ? 60 : 0);
      }
      index.close();
    }
  }, 60_000);
});

describe('the filter', () => {
  it('has no false negatives and few false positives', () => {
    const entries = 50_000;
    const filter = createIdFilter(entries);
    for (let n = 0; n < entries; n += 1) filter.add(hash53(`in ${n}`, 7));
    const again = createIdFilter(entries, filter.bytes());
    let wrong = 0;
    for (let n = 0; n < entries; n += 1) {
      expect(again.mayHave(hash53(`in ${n}`, 7))).toBe(true);
      if (again.mayHave(hash53(`out ${n}`, 7))) wrong += 1;
    }
    expect(wrong).toBeLessThan(100);
  });

  it('uses a hash without collisions among many ids', () => {
    const seen = new Set<number>();
    for (let n = 0; n < 200_000; n += 1) seen.add(hash53(`node-next-${n}`, 1));
    expect(seen.size).toBe(200_000);
  });
});

describe('the table of new ids', () => {
  it('agrees with a map of lists, however full it is and whatever is rolled back', () => {
    const step = fc.record({
      kind: fc.constantFrom('add', 'add', 'add', 'takeBack', 'clear'),
      // Few slots and colliding hashes, so that entries are displaced.
      hash: fc.constantFrom(0, 1, 2, 7, 8, 9, 15, 16, 23, 64, 2 ** 52, 2 ** 53 - 1),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const table = createIdTable(4);
        const model = new Map<number, number[]>();
        steps.forEach(({ kind, hash }, seq) => {
          if (kind === 'add') {
            table.add(hash, seq, seq + 7);
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
            expect(seqs.map((_, nth) => table.checkOf(known, nth))).toEqual(seqs.map((one) => one + 7));
          }
        });
        const all = [...model].flatMap(([hash, seqs]) => seqs.map(() => hash)).sort((a, b) => a - b);
        expect([...table.sorted()]).toEqual(all);
        expect(table.size).toBe(all.length);
      }),
    );
  });
});
