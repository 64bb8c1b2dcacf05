import { afterAll, describe, expect, it, vi } from 'vitest';
import { DatabaseSync } from 'node:sqlite';
import type { OutcomeRow, RetryRow } from '../src/index.ts';
import { openDatabase } from '../src/drivers/sqlite/database.ts';
import { STATE_MIGRATIONS } from '../src/drivers/sqlite/state-schema.ts';
import { tempDir, openState } from './support.ts';

/*
 * Frequent queries must not read waiting rows. Checked by statements and their plans, because times mean nothing on a busy
 * machine.
 */

const temp = tempDir();
afterAll(temp.clean);

interface Planned {
  readonly text: string;
  readonly plans: readonly string[];
}

/** The statements that `work` prepares, with their query plans. */
function statementsOf(file: string, work: () => void): readonly Planned[] {
  const texts: string[] = [];
  const { prepare } = DatabaseSync.prototype;
  const spy = vi.spyOn(DatabaseSync.prototype, 'prepare').mockImplementation(function (
    this: DatabaseSync,
    text: string,
  ) {
    texts.push(text);
    return prepare.call(this, text);
  });
  work();
  spy.mockRestore();
  const database = new DatabaseSync(file, { readOnly: true });
  const planned = texts.map((text) => ({
    text,
    plans: database
      .prepare(`EXPLAIN QUERY PLAN ${text}`)
      .all()
      .map((row) => String(row['detail'])),
  }));
  database.close();
  return planned;
}

/** The query plans of every statement that `work` prepares. */
function plansOf(file: string, work: () => void): readonly string[] {
  return statementsOf(file, work).flatMap(({ plans }) => plans);
}

const waiting = (seq: number): RetryRow => ({
  destination: 'l',
  seq,
  mappingId: 'm',
  position: 0,
  user: `u:${seq % 10}`,
  attempts: seq % 10 === 0 ? 1 : 0,
  dueAt: seq,
  ...(seq % 10 === 0 ? { firstFailedAt: 1_000 + seq } : {}),
});

describe('counts of lanes', () => {
  it('are read without reading the waiting items, and the oldest failure with one query', async () => {
    const file = temp.path('counts.db');
    const state = openState({ file });
    await state.settle({
      destination: 'l',
      cursor: 500,
      retries: Array.from({ length: 500 }, (_, n) => waiting(n + 1)),
    });
    const plans = plansOf(file, async () => {
      expect(await state.stats()).toMatchObject([{ destination: 'l', retrying: 500, oldestRetryAt: 1_010 }]);
    });
    expect(plans.filter((plan) => plan.includes('retries'))).toEqual([
      expect.stringMatching(/^SEARCH retries USING COVERING INDEX retries_by_failure \(lane=\?/),
    ]);
    expect(plans.filter((plan) => plan.startsWith('SCAN'))).toEqual(['SCAN lanes']);
    await state.settle({ destination: 'l', removedRetries: [{ seq: 10, mappingId: 'm' }] });
    expect(await state.stats()).toMatchObject([{ retrying: 499, oldestRetryAt: 1_020 }]);
    await state.close();
  });

  it('are correct in a folder of an earlier version', async () => {
    const file = temp.path('old.db');
    const old = openDatabase({ file, migrations: STATE_MIGRATIONS.slice(0, 3) });
    old.run("INSERT INTO names VALUES (1, 'l'), (2, 'm')");
    old.run('INSERT INTO lanes (lane, cursor, waiting) VALUES (1, 7, 2)');
    old.run(`INSERT INTO retries (seq, lane, mapping, position, order_key, attempts, due_at, first_failed_at)
      VALUES (5, 1, 2, 0, 'u:1', 1, 90, 70), (6, 1, 2, 0, 'u:1', 0, 95, NULL)`);
    old.close();
    const state = openState({ file });
    expect(await state.stats()).toMatchObject([
      { destination: 'l', cursor: 7, retrying: 2, oldestRetryAt: 70 },
    ]);
    await state.close();
  });
});

describe('an outcome at a position before recorded ones', () => {
  const delivered = (seq: number, through = seq): OutcomeRow => ({
    seq,
    through,
    destination: 'l',
    mappingId: 'm',
    status: 'delivered',
    attempts: 1,
    at: 1,
  });

  it('is written without reading the runs of outcomes before it', async () => {
    const file = temp.path('runs.db');
    const state = openState({ file });
    const runs = Array.from({ length: 100 }, (_, n) => delivered(10 * n + 1, 10 * n + 3));
    await state.settle({ destination: 'l', outcomes: runs });
    // A new connection prepares its statements again.
    await state.close();
    const again = openState({ file });
    const settled: Promise<unknown>[] = [];
    const statements = statementsOf(file, () => {
      settled.push(again.settle({ destination: 'l', outcomes: [delivered(995, 996), delivered(998)] }));
      settled.push(again.settle({ destination: 'l', outcomes: [delivered(502, 512), delivered(987)] }));
    });
    await Promise.all(settled);
    const reads = statements.filter(
      ({ text }) => text.startsWith('SELECT') && text.includes('delivered_runs'),
    );
    expect(reads.length).toBeGreaterThan(1);
    for (const { text, plans } of reads) {
      const isBounded = plans.every((plan) => plan.includes('first_seq>? AND first_seq<?'));
      expect(isBounded || text.includes('LIMIT 1'), `${text}: ${plans.join()}`).toBe(true);
    }
    // 300 in runs, of which 502, 503 and 511, 512 were replaced by a longer run, and 987 is new.
    expect(await again.stats()).toMatchObject([{ delivered: 300 + 3 + 11 - 4 + 1 }]);
    await again.close();
  });
});
