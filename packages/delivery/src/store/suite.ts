import type { Event } from '@waybill/core';
import type {
  ConflictRow,
  DeadLetterRow,
  EventLog,
  OutcomeRow,
  RetryRow,
  StateStore,
  StoreSupports,
} from './port.ts';
import type { SuiteTools } from '../stores/suite/tools.ts';

/** A pair of opened stores. */
export interface OpenedStores {
  readonly log: EventLog;
  readonly state: StateStore;
}

/** How the suite opens what it tests. */
export interface StoreSuiteInput {
  readonly supports: StoreSupports;
  /** Opens the stores of a name; a durable driver finds again what was stored under that name. */
  open(name: string, options: { readonly now: () => number; readonly dedupeWindowMs: number }): OpenedStores;
  /** Opens the same stores for reading beside the writer; absent for a driver that does not support that. */
  readonly openReader?: (name: string) => OpenedStores;
}

const WINDOW = 1_000;
const AT = '2025-06-01T12:00:00.000Z';

function event(messageId: string, properties: Record<string, unknown> = {}): Event {
  return {
    type: 'track',
    event: 'Done',
    messageId,
    userId: 'u',
    timestamp: AT,
    receivedAt: AT,
    properties,
  };
}

function retry(seq: number, changes: Partial<RetryRow> = {}): RetryRow {
  const base = { destination: 'l', mappingId: 'm', position: 0, user: 'u:a', attempts: 0, dueAt: 100 };
  return { ...base, seq, ...changes };
}

function deadLetter(seq: number, changes: Partial<DeadLetterRow> = {}): DeadLetterRow {
  return {
    destination: 'l',
    seq,
    mappingId: 'm',
    position: 0,
    messageId: `id${seq}`,
    sourceId: 's',
    user: 'u:a',
    at: 50,
    code: 'destination_rejected',
    message: 'No.',
    attempts: 1,
    exchangeIds: [],
    ...changes,
  };
}

/** The conformance suite of the store port: every driver passes it, by what it declares it supports. */
export function storeSuite(input: StoreSuiteInput, tools: SuiteTools): void {
  const { describe, it, expect } = tools;
  let names = 0;
  const withStores = async (
    body: (stores: OpenedStores, name: string, clock: { now: number }) => Promise<void> | void,
  ): Promise<void> => {
    const name = `suite${(names += 1)}`;
    const clock = { now: 10_000 };
    const stores = input.open(name, { now: () => clock.now, dedupeWindowMs: WINDOW });
    try {
      await body(stores, name, clock);
    } finally {
      await closeBoth(stores);
    }
  };

  describe('event log', () => {
    it('gives back what was appended, in order, from any position', () =>
      withStores(async ({ log }) => {
        expect(log.lastSeq()).toEqual(0);
        expect(log.read(0, 10)).toEqual([]);
        await log.append([
          { sourceId: 's', event: event('a', { emoji: '🧾', nothing: null }) },
          { sourceId: 't', event: event('b') },
        ]);
        await log.append([{ sourceId: 's', event: event('c') }]);
        const all = log.read(0, 10);
        expect(all.map((one) => [one.sourceId, one.event.messageId])).toEqual([
          ['s', 'a'],
          ['t', 'b'],
          ['s', 'c'],
        ]);
        expect(all[0]?.event).toEqual(event('a', { emoji: '🧾', nothing: null }));
        const [first = 0, second = 0, third = 0] = all.map((one) => one.seq);
        expect([first < second, second < third, third]).toEqual([true, true, log.lastSeq()]);
        expect(log.read(first, 1).map((one) => one.seq)).toEqual([second]);
        expect(log.read(third, 10)).toEqual([]);
        expect(log.readMany([third, first, third, 999]).map((one) => one.seq)).toEqual([first, third]);
      }));

    it('gives back at least one event, however small the byte limit is', () =>
      withStores(async ({ log }) => {
        await log.append([1, 2, 3].map((n) => ({ sourceId: 's', event: event(`m${n}`) })));
        expect(log.read(0, 10, 1).length).toEqual(1);
        expect(log.read(0, 10, 1_000_000).length).toEqual(3);
      }));

    it('drops a second event of the same source and messageId, within one call and between calls', () =>
      withStores(async ({ log }) => {
        const entry = { sourceId: 's', event: event('a') };
        const appended = await Promise.all([log.append([entry, entry]), log.append([entry])]);
        expect(appended).toEqual([[{ accepted: true }, { accepted: false }], [{ accepted: false }]]);
        expect(await log.append([{ ...entry, sourceId: 't' }])).toEqual([{ accepted: true }]);
        expect(log.find('a').map((one) => one.sourceId)).toEqual(['s', 't']);
        expect(log.find('b')).toEqual([]);
      }));

    it('takes a messageId again when its window has passed', () =>
      withStores(async ({ log }, _name, clock) => {
        const entry = { sourceId: 's', event: event('a') };
        await log.append([entry]);
        clock.now += WINDOW - 1;
        expect(await log.append([entry])).toEqual([{ accepted: false }]);
        clock.now += 1;
        expect(await log.append([entry])).toEqual([{ accepted: true }]);
        expect(await log.append([entry])).toEqual([{ accepted: false }]);
      }));

    it('refuses what is no JSON without harm to others', () =>
      withStores(async ({ log }) => {
        const loop: Record<string, unknown> = {};
        loop['self'] = loop;
        const bad = log.append([{ sourceId: 's', event: event('bad', loop) }]).then(
          () => 'stored',
          () => 'refused',
        );
        const good = log.append([{ sourceId: 's', event: event('good') }]);
        expect([await bad, await good]).toEqual(['refused', [{ accepted: true }]]);
        expect(log.read(0, 10).map((one) => one.event.messageId)).toEqual(['good']);
      }));

    it('keeps apart many ids', () =>
      withStores(async ({ log }) => {
        const entries = Array.from({ length: 5_000 }, (_, n) => ({ sourceId: 's', event: event(`id-${n}`) }));
        const first = await log.append(entries);
        const second = await log.append(entries);
        expect([first.every((one) => one.accepted), second.some((one) => one.accepted)]).toEqual([
          true,
          false,
        ]);
        expect(log.find('id-4321').map((one) => one.event.messageId)).toEqual(['id-4321']);
      }));
  });

  describe('delivery state', () => {
    it('knows no cursor of a lane that was never settled', () =>
      withStores(({ state }) => {
        expect(state.cursor('l')).toEqual(undefined);
        state.settle({ destination: 'l', cursor: 0 });
        expect(state.cursor('l')).toEqual(0);
        state.settle({ destination: 'l' });
        expect(state.cursor('l')).toEqual(0);
        expect([state.nextDue('l'), state.waiting('l'), state.lastExchangeId()]).toEqual([undefined, 0, 0]);
      }));

    it('knows the version of the mapping that an outcome came of, for single rows, runs and parts of runs', () =>
      withStores(({ state }) => {
        const base = { destination: 'l', mappingId: 'm', attempts: 1, at: 50 };
        const delivered = { ...base, status: 'delivered' } as const;
        const rejected = { ...base, status: 'rejected', code: 'payload_null' } as const;
        state.settle({
          destination: 'l',
          cursor: 9,
          outcomes: [
            { ...delivered, seq: 1, through: 4, mappingVersion: 3 },
            { ...delivered, seq: 5, through: 6 },
            { ...rejected, seq: 7, mappingVersion: 2 },
          ],
          deadLetters: [deadLetter(7, { mappingVersion: 2 })],
        });
        state.settle({ destination: 'l', outcomes: [{ ...rejected, seq: 2, mappingVersion: 4 }] });
        const versions = state.outcomesOf([1, 2, 3, 4, 5, 7]).map((row) => row.mappingVersion ?? 0);
        expect(versions).toEqual([3, 4, 3, 3, 0, 2]);
        expect(state.deadLetters({}).map((row) => row.mappingVersion)).toEqual([2]);
      }));

    it('settles outcomes, retries, dead letters, exchanges and the cursor together', () =>
      withStores(({ state }) => {
        const exchange = {
          id: 7,
          destination: 'l',
          at: 50,
          durationMs: 1.5,
          request: { method: 'POST', url: 'http://x/', headers: { a: 'b' }, body: '{}' },
          response: { status: 200, headers: {}, body: 'ok' },
        };
        const base = { destination: 'l', seq: 1, attempts: 1, at: 50 };
        state.settle({
          destination: 'l',
          cursor: 3,
          outcomes: [
            { ...base, mappingId: 'm', status: 'delivered', message: 'A note.', exchangeId: 7 },
            {
              ...base,
              mappingId: 'n',
              status: 'rejected',
              code: 'payload_null',
              message: 'No.',
              field: 'a.b',
            },
          ],
          retries: [retry(2, { attempts: 1, firstFailedAt: 40, code: 'destination_timeout', exchangeId: 7 })],
          deadLetters: [
            deadLetter(1, { mappingId: 'n', payload: { a: [null] }, field: 'a', exchangeIds: [7] }),
          ],
          exchanges: [exchange],
        });
        expect(state.outcomesOf([1, 2])).toEqual([
          { ...base, mappingId: 'm', status: 'delivered', message: 'A note.', exchangeId: 7 },
          { ...base, mappingId: 'n', status: 'rejected', code: 'payload_null', message: 'No.', field: 'a.b' },
        ]);
        expect(state.retriesAt([1, 2])).toEqual([
          retry(2, { attempts: 1, firstFailedAt: 40, code: 'destination_timeout', exchangeId: 7 }),
        ]);
        const [letter] = state.deadLetters({});
        expect(letter).toMatchObject({
          mappingId: 'n',
          payload: { a: [null] },
          field: 'a',
          exchangeIds: [7],
        });
        expect(state.exchanges([7, 8])).toEqual([exchange]);
        expect(state.lastExchangeId()).toEqual(7);
        expect(state.stats()).toEqual([
          {
            destination: 'l',
            cursor: 3,
            delivered: 1,
            skipped: 0,
            rejected: 1,
            retrying: 1,
            deadLetters: 1,
            oldestRetryAt: 40,
          },
        ]);
      }));

    it('changes nothing when a settlement fails', () =>
      withStores(({ state }) => {
        const bad = deadLetter(1, { message: null as unknown as string });
        const outcome = {
          destination: 'l',
          seq: 1,
          mappingId: 'm',
          status: 'rejected',
          attempts: 1,
          at: 1,
        } as const;
        state.settle({ destination: 'l', cursor: 1 });
        expect(() =>
          state.settle({
            destination: 'l',
            cursor: 9,
            outcomes: [outcome],
            retries: [retry(2, { mappingId: 'never seen' })],
            deadLetters: [bad],
          }),
        ).toThrow();
        expect([state.cursor('l'), state.waiting('l'), state.parkedKeys('l')]).toEqual([1, 0, []]);
        expect([state.outcomesOf([1]), state.deadLetters({})]).toEqual([[], []]);
        state.settle({ destination: 'l', retries: [retry(2, { mappingId: 'never seen' })] });
        expect(state.retriesAt([2]).map((row) => row.mappingId)).toEqual(['never seen']);
      }));

    it('lets a later outcome of the same delivery take the place of the earlier one', () =>
      withStores(({ state }) => {
        const outcome = { destination: 'l', seq: 1, mappingId: 'm', attempts: 1, at: 1 } as const;
        state.settle({
          destination: 'l',
          outcomes: [{ ...outcome, status: 'rejected', code: 'payload_null' }],
        });
        state.settle({ destination: 'l', outcomes: [{ ...outcome, status: 'delivered' }] });
        expect(state.outcomesOf([1])).toEqual([{ ...outcome, status: 'delivered' }]);
        expect(state.stats()[0]).toMatchObject({ delivered: 1, rejected: 0 });
      }));

    it('takes one row for consecutive events that were delivered alike, and reads a row for each', () =>
      withStores(({ state }) => {
        const one = {
          destination: 'l',
          mappingId: 'm',
          status: 'delivered',
          attempts: 1,
          at: 5,
          exchangeId: 3,
        } as const;
        state.settle({
          destination: 'l',
          cursor: 5,
          outcomes: [
            { ...one, seq: 1, through: 4 },
            { ...one, seq: 5, mappingId: 'n' },
          ],
        });
        expect(state.outcomesOf([1, 4, 5, 6])).toEqual([
          { ...one, seq: 1 },
          { ...one, seq: 4 },
          { ...one, seq: 5, mappingId: 'n' },
        ]);
        expect(state.stats()[0]).toMatchObject({ delivered: 5, skipped: 0, rejected: 0 });
      }));

    it('has exactly one outcome of a delivery, whatever rows it was settled by', () =>
      withStores(({ state }) => {
        // The state of a small generator, so that a failure can be had again.
        let seed = 7;
        const below = (limit: number): number => {
          seed = (seed * 48_271) % 2_147_483_647;
          return seed % limit;
        };
        const expected = new Map<string, OutcomeRow>();
        for (let at = 1; at <= 200; at += 1) {
          const seq = 1 + below(40);
          const mappingId = 'mn'[below(2)]!;
          const row: OutcomeRow =
            below(3) === 0
              ? {
                  destination: 'l',
                  seq,
                  mappingId,
                  status: 'rejected',
                  code: 'payload_null',
                  attempts: 1,
                  at,
                }
              : {
                  destination: 'l',
                  seq,
                  through: seq + below(9),
                  mappingId,
                  status: 'delivered',
                  attempts: 1,
                  at,
                };
          state.settle({ destination: 'l', cursor: at, outcomes: [row] });
          const { through = seq, ...rest } = row;
          for (let place = seq; place <= through; place += 1) {
            expected.set(`${place} ${mappingId}`, { ...rest, seq: place });
          }
        }
        const seqs = Array.from({ length: 60 }, (_, index) => index);
        const found = state.outcomesOf(seqs);
        expect(new Map(found.map((row) => [`${row.seq} ${row.mappingId}`, row]))).toEqual(expected);
        expect(found.length).toEqual(expected.size);
        const counted = (status: OutcomeRow['status']): number =>
          [...expected.values()].filter((row) => row.status === status).length;
        expect(state.stats()[0]).toMatchObject({
          delivered: counted('delivered'),
          rejected: counted('rejected'),
        });
      }));

    it('has only the first row of a user ever due', () =>
      withStores(({ state }) => {
        state.settle({
          destination: 'l',
          retries: [
            retry(5, { dueAt: 0 }),
            retry(3, { dueAt: 200 }),
            retry(3, { dueAt: 10, mappingId: 'n', position: 1 }),
            retry(4, { user: 'u:b', dueAt: 90 }),
          ],
        });
        state.settle({ destination: 'other', retries: [retry(1, { destination: 'other', dueAt: 0 })] });
        expect(state.dueRetries('l', 89, 10)).toEqual([]);
        expect(state.nextDue('l')).toEqual(90);
        expect(state.dueRetries('l', 200, 10).map((row) => [row.seq, row.user])).toEqual([
          [4, 'u:b'],
          [3, 'u:a'],
        ]);
        expect(state.dueRetries('l', 200, 1).length).toEqual(1);
        expect(state.retriesOf('l', 'u:a').map((row) => [row.seq, row.mappingId])).toEqual([
          [3, 'm'],
          [3, 'n'],
          [5, 'm'],
        ]);
        expect(state.retriesOf('l', 'u:a', 2).length).toEqual(2);
        expect([...state.parkedKeys('l')].sort()).toEqual(['u:a', 'u:b']);
        expect(state.waiting('l')).toEqual(4);

        state.settle({ destination: 'l', removedRetries: [{ seq: 3, mappingId: 'm' }] });
        expect(state.dueRetries('l', 10, 10)).toEqual([retry(3, { dueAt: 10, mappingId: 'n', position: 1 })]);
        state.settle({
          destination: 'l',
          retries: [retry(3, { dueAt: 500, mappingId: 'n', position: 1, attempts: 2 })],
        });
        expect([state.dueRetries('l', 89, 10), state.waiting('l')]).toEqual([[], 3]);
      }));

    it('puts a dead letter back once, without its outcome', () =>
      withStores(({ state }) => {
        const outcome = {
          destination: 'l',
          mappingId: 'm',
          status: 'rejected',
          attempts: 1,
          at: 50,
        } as const;
        state.settle({
          destination: 'l',
          outcomes: [1, 2].map((seq) => ({ ...outcome, seq })),
          deadLetters: [deadLetter(1), deadLetter(2, { user: 'u:b', position: 3 })],
        });
        const ids = state.deadLetters({}).map((row) => row.id ?? 0);
        expect(state.requeue([ids[1] ?? 0, ids[1] ?? 0, 999], 70)).toEqual(1);
        expect(state.requeue(ids.slice(1), 80)).toEqual(0);
        expect([state.outcomesOf([1]).length, state.outcomesOf([2])]).toEqual([1, []]);
        expect(state.dueRetries('l', 70, 10)).toEqual([retry(2, { user: 'u:b', position: 3, dueAt: 70 })]);
        expect(state.deadLetters({}).map((row) => row.seq)).toEqual([1]);
        expect(state.deadLetters({ includeReplayed: true }).map((row) => row.replayedAt)).toEqual([
          undefined,
          70,
        ]);
        expect(state.stats()[0]).toMatchObject({ rejected: 1, deadLetters: 1, retrying: 1 });
      }));

    it('finds dead letters by each member of the filter', () =>
      withStores(({ state }) => {
        state.settle({
          destination: 'l',
          deadLetters: [
            deadLetter(1),
            deadLetter(2, { mappingId: 'n', code: 'payload_null', sourceId: 't', user: 'u:b', at: 60 }),
          ],
        });
        state.settle({ destination: 'k', deadLetters: [deadLetter(3, { destination: 'k', at: 70 })] });
        const found = (filter: Parameters<StateStore['deadLetters']>[0]): number[] =>
          state.deadLetters(filter).map((row) => row.seq);
        expect(found({ destination: 'k' })).toEqual([3]);
        expect(found({ destination: 'nobody' })).toEqual([]);
        expect(found({ mappingId: 'n' })).toEqual([2]);
        expect(found({ code: 'payload_null' })).toEqual([2]);
        expect(found({ sourceId: 't' })).toEqual([2]);
        expect(found({ messageId: 'id3' })).toEqual([3]);
        expect(found({ user: 'u:b' })).toEqual([2]);
        expect(found({ from: 60 })).toEqual([2, 3]);
        expect(found({ from: 55, to: 60 })).toEqual([2]);
        const [first] = state.deadLetters({ limit: 1 });
        expect(found({ afterId: first?.id ?? 0 })).toEqual([2, 3]);
        expect(found({ ids: [first?.id ?? 0] })).toEqual([1]);
      }));

    it('remembers with a settlement, or not at all', () =>
      withStores(({ state }) => {
        const place = { space: 'delta', scope: 'm', key: 'u:a' } as const;
        expect(state.recall('l', place)).toEqual(undefined);
        state.settle({ destination: 'l', memory: [{ ...place, value: '1' }] });
        state.settle({ destination: 'k', memory: [{ ...place, value: 'other lane' }] });
        expect([state.recall('l', place), state.recall('k', place)]).toEqual(['1', 'other lane']);
        expect(() =>
          state.settle({
            destination: 'l',
            memory: [{ ...place, value: '2' }],
            deadLetters: [deadLetter(1, { message: null as unknown as string })],
          }),
        ).toThrow();
        // The letter fails after or before the memory is written: neither may stay.
        expect(() =>
          state.settle({
            destination: 'l',
            memory: [{ ...place, value: null as unknown as string, key: null as unknown as string }],
            retries: [retry(1)],
          }),
        ).toThrow();
        expect([state.recall('l', place), state.waiting('l')]).toEqual(['1', 0]);
        state.settle({
          destination: 'l',
          memory: [
            { ...place, value: '3' },
            { ...place, key: 'u:b', value: '4' },
          ],
        });
        expect([state.recall('l', place), state.recall('l', { ...place, key: 'u:b' })]).toEqual(['3', '4']);
        state.settle({ destination: 'l', memory: [place] });
        expect([state.recall('l', place), state.recall('l', { ...place, key: 'u:b' })]).toEqual([
          undefined,
          '4',
        ]);
      }));

    it('forgets by each member of the filter', () =>
      withStores(({ state }) => {
        const places = (['delta', 'owner'] as const).flatMap((space) =>
          ['m', 'n'].flatMap((scope) => ['u:a', 'u:b'].map((key) => ({ space, scope, key }))),
        );
        const fill = (): void => {
          for (const destination of ['l', 'k'])
            state.settle({ destination, memory: places.map((one) => ({ ...one, value: '1' })) });
        };
        const left = (destination: string): number =>
          places.filter((place) => state.recall(destination, place) !== undefined).length;
        fill();
        expect(state.forget({ destination: 'nobody' })).toEqual(0);
        expect(state.forget({ destination: 'l', space: 'delta', scope: 'm', key: 'u:a' })).toEqual(1);
        expect([left('l'), left('k')]).toEqual([7, 8]);
        expect([state.forget({ destination: 'l', key: 'u:b' }), left('l')]).toEqual([4, 3]);
        expect([state.forget({ destination: 'l', space: 'owner' }), left('l')]).toEqual([2, 1]);
        fill();
        expect([state.forget({ destination: 'l', scope: 'n' }), left('l')]).toEqual([4, 4]);
        expect([state.forget({ destination: 'l' }), left('l'), left('k')]).toEqual([4, 0, 8]);
      }));

    it('keeps conflicts, the newest of them', () =>
      withStores(({ state }) => {
        const conflict = (seq: number, changes: Partial<ConflictRow> = {}): ConflictRow => ({
          destination: 'l',
          seq,
          mappingId: 'm',
          user: 'u:a',
          field: 'dataFields.tier',
          rule: 'sources',
          sourceId: 'shop',
          keptSourceId: 'erp',
          at: 50,
          ...changes,
        });
        const { keptSourceId: _none, ...plain } = conflict(2, { rule: 'destination', user: 'u:b' });
        state.settle({ destination: 'l', conflicts: [conflict(1), plain] });
        state.settle({ destination: 'k', conflicts: [conflict(3, { destination: 'k' })] });
        const [first, second, third] = state.conflicts({});
        expect(first).toEqual({ ...conflict(1), id: first?.id });
        expect(second).toEqual({ ...plain, id: second?.id });
        const found = (filter: Parameters<StateStore['conflicts']>[0]): number[] =>
          state.conflicts(filter).map((row) => row.seq);
        expect([found({ destination: 'l' }), found({ user: 'u:b' }), found({ limit: 2 })]).toEqual([
          [1, 2],
          [2],
          [1, 2],
        ]);
        expect(found({ afterId: second?.id ?? 0 })).toEqual([3]);
        expect(third?.destination).toEqual('k');
        for (let n = 0; n < 30; n += 1)
          state.settle({
            destination: 'l',
            conflicts: Array.from({ length: 1_000 }, (_, at) => conflict(n * 1_000 + at)),
          });
        const rows = state.conflicts({});
        expect([rows.length <= 20_000, rows.at(-1)?.seq]).toEqual([true, 29_999]);
      }));

    it('keeps what instances keep, all of it or nothing', () =>
      withStores(({ state }) => {
        expect(state.keptOf('l')).toEqual([]);
        const rows = [
          { key: 'a', value: '1' },
          { key: 'b', value: '2' },
        ];
        state.keep('l', rows);
        state.keep('k', [{ key: 'a', value: 'other' }]);
        expect(() =>
          state.keep('l', [
            { key: 'a', value: '9' },
            { key: null as unknown as string, value: '9' },
          ]),
        ).toThrow();
        expect(state.keptOf('l')).toEqual(rows);
        state.keep('l', [{ key: 'a' }, { key: 'b', value: '3' }]);
        expect(state.keptOf('l')).toEqual([{ key: 'b', value: '3' }]);
        state.drop('l', 0);
        expect([state.keptOf('l'), state.keptOf('k')]).toEqual([[], [{ key: 'a', value: 'other' }]]);
      }));

    it('keeps small values', () =>
      withStores(({ state }) => {
        expect(state.get('a')).toEqual(undefined);
        state.set('a', '1');
        state.set('a', '2');
        expect(state.get('a')).toEqual('2');
      }));
  });

  describe('what the driver declares', () => {
    it(
      input.supports.durable ? 'survives closing and opening again' : 'forgets when it is closed',
      async () => {
        const options = { now: () => 10_000, dedupeWindowMs: WINDOW };
        const before = input.open('again', options);
        await before.log.append([{ sourceId: 's', event: event('a') }]);
        const place = { space: 'action', scope: '', key: 'email:a@b.c' } as const;
        before.state.settle({
          destination: 'l',
          cursor: 1,
          retries: [retry(1)],
          memory: [{ ...place, value: 'u1' }],
        });
        await closeBoth(before);
        const after = input.open('again', options);
        const { durable } = input.supports;
        expect(after.log.read(0, 10).map((one) => one.event.messageId)).toEqual(durable ? ['a'] : []);
        expect([after.state.cursor('l'), after.state.waiting('l')]).toEqual(
          durable ? [1, 1] : [undefined, 0],
        );
        expect(after.state.recall('l', place)).toEqual(durable ? 'u1' : undefined);
        expect(await after.log.append([{ sourceId: 's', event: event('a') }])).toEqual([
          { accepted: !durable },
        ]);
        await closeBoth(after);
      },
    );

    it(input.supports.concurrentReaders ? 'lets others read' : 'has no other readers', () =>
      withStores(async ({ log, state }, name) => {
        const reader = input.openReader?.(name);
        expect(reader !== undefined).toEqual(input.supports.concurrentReaders);
        if (reader === undefined) return;
        await log.append([{ sourceId: 's', event: event('a') }]);
        state.settle({ destination: 'l', cursor: 1 });
        expect(reader.log.read(0, 10).map((one) => one.sourceId)).toEqual(['s']);
        expect(reader.log.find('a').length).toEqual(1);
        expect([reader.log.lastSeq(), reader.state.cursor('l')]).toEqual([1, 1]);
        const refused = await reader.log.append([{ sourceId: 's', event: event('b') }]).then(
          () => false,
          () => true,
        );
        expect(refused).toEqual(true);
        expect(() => reader.state.settle({ destination: 'l', cursor: 2 })).toThrow();
        await closeBoth(reader);
      }),
    );
  });
}

async function closeBoth({ log, state }: OpenedStores): Promise<void> {
  await log.close();
  state.close();
}
