import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Event } from '@waybill/core';
import {
  copyStores,
  type CopyOutcome,
  openStores,
  openTransfer,
  type Stores,
  type Transfer,
} from '../../src/index.ts';
import { testPostgres } from './server.ts';

const HOUR = 60 * 60 * 1000;
const WRITES = ['log', 'state', 'workspace'] as const;
const NOW = Date.now();

function event(messageId: string): Event {
  const timestamp = '2025-06-01T12:00:00.000Z';
  return {
    type: 'track',
    event: 'Done',
    messageId,
    userId: 'u',
    timestamp,
    receivedAt: timestamp,
    properties: {},
  };
}

const entry = (messageId: string): { sourceId: string; event: Event } => ({
  sourceId: 's',
  event: event(messageId),
});
const UNPRUNED = { deadLettersBefore: 0, maxDeadLetterBytes: 1e9, exchangesBefore: 0 };

/** What two owners store under the same keys. */
const COMMON = ['a', 'b'].map((key) => ({ key, value: new Uint8Array([1, 2]) }));

/** Writes some of every kind of data. */
async function fill({ log, state, workspace }: Stores): Promise<void> {
  await log.append(['a\0', 'b', 'c'].map(entry));
  await log.append([entry('d'), { sourceId: 'other', event: event('b') }]);
  const lease = (await log.owners.acquire('processor', 'h', HOUR))!;
  const [value, key] = [new Uint8Array([0, 1, 255]), 'k\u0001é'];
  await log.append([entry('e')], {
    lease,
    cursor: '6',
    state: [{ key, value }],
    timers: [{ key, due: NOW, value }],
  });
  await log.owners.release(lease);
  const sharing = await Promise.all(
    ['one', 'two'].map(async (owner) => (await log.owners.acquire(owner, 'h', HOUR))!),
  );
  await Promise.all(sharing.map((each) => log.append([], { lease: each, state: COMMON, sharesKeys: true })));
  for (const each of sharing) await log.owners.release(each);
  await log.set('reach', '{}');
  const base = { destination: 'l', mappingId: 'm', attempts: 1, at: NOW };
  const first = await state.reserve(10);
  const exchange = {
    destination: 'l',
    at: NOW,
    durationMs: 1.25,
    request: { method: 'POST', url: 'https://x', headers: {} },
  };
  const letter = {
    ...{ ...base, seq: 4, position: 0, messageId: 'd', sourceId: 's', user: 'u:u' },
    ...{ code: 'destination_rejected' as const, message: 'No.', payload: { a: '\0' }, exchangeIds: [first] },
  };
  const place = { space: 'delta', scope: 'm', key: 'u:u' } as const;
  await state.settle({
    destination: 'l',
    cursor: 5,
    outcomes: [
      { ...base, status: 'delivered', seq: 1, through: 2, mappingVersion: 3 },
      { ...base, status: 'rejected', code: 'destination_rejected', message: 'No.', seq: 4 },
      { ...base, status: 'delivered', seq: 5 },
    ],
    gaps: [{ destination: 'l', seq: 3, through: 3, code: 'event_invalid_json', at: NOW }],
    retries: [{ ...base, seq: 5, mappingId: 'n', position: 0, user: 'u:u', dueAt: NOW, firstFailedAt: NOW }],
    deadLetters: [letter, { ...letter, mappingId: 'o', payloadCut: true }],
    exchanges: [
      { ...exchange, id: first },
      { ...exchange, id: first + 1, failure: 'gone' },
    ],
    memory: [
      { ...place, value: '1' },
      { ...place, key: 'u:v', value: '2' },
    ],
    conflicts: [{ ...base, seq: 1, user: 'u:u', field: 'f', rule: 'latest', sourceId: 's' }],
  });
  const letters = await state.deadLetters({});
  await state.requeue([letters[1]!.id!], NOW, { event: event('d'), user: 'u:u' });
  await state.keep('l', [{ key: 'k', value: 'v' }]);
  await state.settle({ destination: 'gone', cursor: 2 });
  await state.drop('gone', NOW);
  await state.set('replays', '[]');
  await log.prune({ upTo: 3, before: NOW + HOUR, maxBytes: 1e9, keep: async () => [2] });
  await state.prune({ outcomesUpTo: 0, after: 0, ...UNPRUNED });
  const author = { by: 'ada', from: '10.0.0.7', at: NOW, note: 'why' };
  await workspace.commit(author, [{ name: 'x', expected: 0, content: 'sealed', record: 'r' }]);
  await workspace.commit(author, [{ name: 'x', expected: 1 }]);
  await workspace.keepSessions([{ name: 'n', content: 'c' }], []);
}

describe('a copy of stores', () => {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-copy-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const sqlite = (name: string): string => {
    mkdirSync(join(folder, name), { recursive: true });
    return `sqlite:${join(folder, name)}`;
  };

  /** Copies; `through` can replace the source. */
  async function copy(
    from: string,
    to: string,
    through: (source: Transfer) => Transfer = (source) => source,
  ): Promise<CopyOutcome> {
    const source = await openTransfer(from, { now: Date.now, writes: false });
    const target = await openTransfer(to, { now: Date.now, writes: true });
    try {
      return await copyStores(through(source), target, { from, progress: () => undefined });
    } finally {
      await source.close();
      await target.close();
    }
  }

  it('copies everything from one driver to another and back, and delivery continues from there', async () => {
    const [first, second] = [sqlite('first'), sqlite('second')];
    const database = await (await testPostgres()).database();
    const filled = await openStores(first, { writes: WRITES, only: WRITES });
    await fill(filled);
    await filled.close();

    const there = await copy(first, database);
    const broken = copy(database, second, (source) => ({
      ...source,
      page: (noun, after) =>
        noun === 'dead-letters' ? Promise.reject(new Error('cut off')) : source.page(noun, after),
    }));
    await expect(broken).rejects.toThrow('cut off');
    await expect(openStores(second, { writes: [] })).rejects.toThrow('not finished');
    expect(await copy(first, second)).toEqual({ status: 'other-copy', from: database });
    const back = await copy(database, second);
    expect(there).toMatchObject({ status: 'copied', resumed: false });
    expect(back).toEqual({ ...there, resumed: true });
    const copied = await openStores(second, { writes: [] });
    for (const owner of ['one', 'two'])
      expect(await copied.log.carriedAfter(owner, { limit: 9 })).toEqual(COMMON);
    await copied.close();
    if (there.status !== 'copied') return;
    // Nothing is copied before the check.
    for (const [noun, { rows }] of Object.entries(there.nouns))
      expect([noun, rows > 0]).toEqual([noun, true]);
    expect(await copy(first, database)).toEqual({ status: 'not-empty', noun: 'events' });

    const changed = await copy(first, `${database}?schema=changed`, (source) => {
      let reads = 0;
      return {
        ...source,
        page: async (noun, after) => {
          const page = await source.page(noun, after);
          return noun === 'items' && (reads += 1) > 1 ? { rows: [['x', 9, null]] } : page;
        },
      };
    });
    expect(changed).toMatchObject({ status: 'differs', noun: 'items' });
    const unusable = openStores(`${database}?schema=changed`, { writes: [] });
    await expect(unusable).rejects.toThrow('not finished');

    for (const address of [database, second]) {
      const { log, state, workspace, close } = await openStores(address, { writes: WRITES, only: WRITES });
      expect(await log.lastSeq()).toBe(6);
      const known = [entry('d'), entry('e'), { sourceId: 'other', event: event('b') }];
      expect(await log.append([...known, entry('new')])).toEqual(
        [false, false, false, true].map((accepted) => ({ accepted })),
      );
      expect((await log.read({ messageId: 'new' }))[0]!.seq).toBeGreaterThan(6);
      expect((await log.read({ messageId: 'd' })).map(({ seq }) => seq)).toEqual([4]);
      expect(await state.reserve(1)).toBe(11);
      expect((await state.outcomes([1, 2, 3, 4])).map(({ seq, status }) => [seq, status]).sort()).toEqual([
        [1, 'delivered'],
        [2, 'delivered'],
        [3, 'rejected'],
        [4, 'rejected'],
      ]);
      const lane = { destination: 'l', partition: 0 };
      expect(await state.retries({ lane, dueBy: NOW + HOUR, limit: 9 })).toHaveLength(1);
      expect((await state.stats()).map(({ destination }) => destination)).toEqual(['l']);
      const author = { by: 'ada', from: '10.0.0.7', at: NOW };
      const write = { name: 'x', expected: 2, content: 'c', record: 'r' };
      expect(await workspace.commit(author, [write])).toEqual({ ok: true, change: 3 });
      await close();
    }
  }, 60_000);
});
