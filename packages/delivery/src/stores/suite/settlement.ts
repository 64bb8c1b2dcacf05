import type { OutcomeRow } from '../rows.ts';
import { deadLetter, key, refused, retry, type SuiteContext } from './tools.ts';

const delivered = { destination: 'l', mappingId: 'm', status: 'delivered', attempts: 1, at: 5 } as const;

/** The contract of the state for settlements. */
export function settlementSuite({ withStores, describe, it, expect }: SuiteContext): void {
  describe('settlements', () => {
    it('have no cursor of a lane that was never settled', () =>
      withStores(async ({ state }) => {
        expect((await state.lane(key('l'))).cursor).toEqual(undefined);
        await state.settle({ destination: 'l', cursor: 0 });
        expect((await state.lane(key('l'))).cursor).toEqual(0);
        await state.settle({ destination: 'l' });
        expect((await state.lane(key('l'))).cursor).toEqual(0);
        expect((await state.lane(key('l'))).nextDue).toEqual(undefined);
      }));

    it('record the mapping version of an outcome, for single rows, runs and parts of runs', () =>
      withStores(async ({ state }) => {
        const base = { destination: 'l', mappingId: 'm', attempts: 1, at: 50 };
        const delivered = { ...base, status: 'delivered' } as const;
        const rejected = { ...base, status: 'rejected', code: 'payload_null' } as const;
        await state.settle({
          destination: 'l',
          cursor: 9,
          outcomes: [
            { ...delivered, seq: 1, through: 4, mappingVersion: 3 },
            { ...delivered, seq: 5, through: 6 },
            { ...rejected, seq: 7, mappingVersion: 2 },
          ],
          deadLetters: [deadLetter(7, { mappingVersion: 2 })],
        });
        await state.settle({ destination: 'l', outcomes: [{ ...rejected, seq: 2, mappingVersion: 4 }] });
        const versions = (await state.outcomes([1, 2, 3, 4, 5, 7])).map((row) => row.mappingVersion ?? 0);
        expect(versions).toEqual([3, 4, 3, 3, 0, 2]);
        expect((await state.deadLetters({})).map((row) => row.mappingVersion)).toEqual([2]);
      }));

    it('list the outcomes of positions behind the cursor, and accept earlier ones later', () =>
      withStores(async ({ state }) => {
        const outcomes = [
          { ...delivered, seq: 7 },
          { ...delivered, seq: 9, through: 12 },
        ];
        await state.settle({ destination: 'l', cursor: 3, outcomes, retries: [retry(8)] });
        const range = Array.from({ length: 20 }, (_, n) => n);
        const ended = async (): Promise<readonly number[]> =>
          (await state.outcomes(range)).map(({ seq }) => seq).sort((a, b) => a - b);
        expect(await ended()).toEqual([7, 9, 10, 11, 12]);
        expect((await state.retries({ seqs: range })).map(({ seq }) => seq)).toEqual([8]);
        await state.settle({ destination: 'l', cursor: 6, outcomes: [{ ...delivered, seq: 4, through: 6 }] });
        expect(await ended()).toEqual([4, 5, 6, 7, 9, 10, 11, 12]);
        expect(await state.lane(key('l'))).toMatchObject({ cursor: 6, waiting: 1 });
      }));

    it('find the position after which a destination has no outcomes', () =>
      withStores(async ({ state }) => {
        const known = (): Promise<number> => state.lastKnown('l');
        expect(await known()).toEqual(0);
        await state.settle({
          destination: 'l',
          cursor: 3,
          outcomes: [{ ...delivered, seq: 9, through: 12 }],
        });
        expect(await known()).toEqual(12);
        await state.settle({ destination: 'l', retries: [retry(14)] });
        expect(await known()).toEqual(14);
        const rejected = { ...delivered, status: 'rejected', code: 'payload_null', seq: 17 } as const;
        await state.settle({ destination: 'l', outcomes: [rejected] });
        expect(await known()).toEqual(17);
        await state.settle({
          destination: 'l',
          gaps: [{ destination: 'l', seq: 20, through: 30, code: 'event_expired', at: 5 }],
        });
        expect(await known()).toEqual(30);
      }));

    it('return outcomes of many positions like those of each', () =>
      withStores(async ({ state }) => {
        await state.settle({
          destination: 'l',
          cursor: 40,
          outcomes: [
            { ...delivered, seq: 1, through: 9 },
            { ...delivered, seq: 10, status: 'rejected', code: 'payload_null' },
            { ...delivered, seq: 11, through: 20 },
            { ...delivered, mappingId: 'n', seq: 5, through: 15 },
          ],
          gaps: [{ destination: 'l', seq: 21, through: 40, code: 'event_expired', at: 5 }],
        });
        const text = (rows: readonly OutcomeRow[]): readonly string[] =>
          rows.map((row) => `${row.seq} ${row.mappingId} ${row.status} ${row.code} ${row.attempts}`).sort();
        const all = Array.from({ length: 45 }, (_, index) => index);
        for (const seqs of [all, [3, 4, 5], [30, 10, 20], [1, 40], [9, 10, 11, 21, 22], []]) {
          const each = await Promise.all(seqs.map((seq) => state.outcomes([seq])));
          expect(text(await state.outcomes(seqs))).toEqual(text(each.flat()));
        }
      }));

    it('store outcomes, retries, dead letters, exchanges and the cursor together', () =>
      withStores(async ({ state }) => {
        const exchange = {
          id: 7,
          destination: 'l',
          at: 50,
          durationMs: 1.5,
          request: { method: 'POST', url: 'http://x/', headers: { a: 'b' }, body: '{}' },
          response: { status: 200, headers: {}, body: 'ok' },
        };
        const base = { destination: 'l', seq: 1, attempts: 1, at: 50 };
        await state.settle({
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
        expect(await state.outcomes([1, 2])).toEqual([
          { ...base, mappingId: 'm', status: 'delivered', message: 'A note.', exchangeId: 7 },
          { ...base, mappingId: 'n', status: 'rejected', code: 'payload_null', message: 'No.', field: 'a.b' },
        ]);
        expect(await state.retries({ seqs: [1, 2] })).toEqual([
          retry(2, { attempts: 1, firstFailedAt: 40, code: 'destination_timeout', exchangeId: 7 }),
        ]);
        const [letter] = await state.deadLetters({});
        expect(letter).toMatchObject({
          mappingId: 'n',
          payload: { a: [null] },
          field: 'a',
          exchangeIds: [7],
        });
        expect(await state.exchanges([7, 8])).toEqual([exchange]);
        expect(await state.stats()).toEqual([
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

    it('change nothing when they fail', () =>
      withStores(async ({ state }) => {
        const bad = deadLetter(1, { message: null as unknown as string });
        const outcome = {
          destination: 'l',
          seq: 1,
          mappingId: 'm',
          status: 'rejected',
          attempts: 1,
          at: 1,
        } as const;
        await state.settle({ destination: 'l', cursor: 1 });
        expect(
          await refused(
            state.settle({
              destination: 'l',
              cursor: 9,
              outcomes: [outcome],
              retries: [retry(2, { mappingId: 'never seen' })],
              deadLetters: [bad],
            }),
          ),
        ).toEqual(true);
        expect([
          (await state.lane(key('l'))).cursor,
          (await state.lane(key('l'))).waiting,
          await state.parked(key('l')),
        ]).toEqual([1, 0, []]);
        expect([await state.outcomes([1]), await state.deadLetters({})]).toEqual([[], []]);
        await state.settle({ destination: 'l', retries: [retry(2, { mappingId: 'never seen' })] });
        expect((await state.retries({ seqs: [2] })).map((row) => row.mappingId)).toEqual(['never seen']);
      }));

    it('replace an outcome by a later one of the same delivery', () =>
      withStores(async ({ state }) => {
        const outcome = { destination: 'l', seq: 1, mappingId: 'm', attempts: 1, at: 1 } as const;
        await state.settle({
          destination: 'l',
          outcomes: [{ ...outcome, status: 'rejected', code: 'payload_null' }],
        });
        await state.settle({ destination: 'l', outcomes: [{ ...outcome, status: 'delivered' }] });
        expect(await state.outcomes([1])).toEqual([{ ...outcome, status: 'delivered' }]);
        expect((await state.stats())[0]).toMatchObject({ delivered: 1, rejected: 0 });
      }));

    it('store one row for consecutive events with equal outcomes, and read a row for each', () =>
      withStores(async ({ state }) => {
        const one = {
          destination: 'l',
          mappingId: 'm',
          status: 'delivered',
          attempts: 1,
          at: 5,
          exchangeId: 3,
        } as const;
        await state.settle({
          destination: 'l',
          cursor: 5,
          outcomes: [
            { ...one, seq: 1, through: 4 },
            { ...one, seq: 5, mappingId: 'n' },
          ],
        });
        expect(await state.outcomes([1, 4, 5, 6])).toEqual([
          { ...one, seq: 1 },
          { ...one, seq: 4 },
          { ...one, seq: 5, mappingId: 'n' },
        ]);
        expect((await state.stats())[0]).toMatchObject({ delivered: 5, skipped: 0, rejected: 0 });
      }));

    it('have exactly one outcome of a delivery, regardless of the rows that settled it', () =>
      withStores(async ({ state }) => {
        // The state of a small generator, so that a failure can be reproduced.
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
          await state.settle({ destination: 'l', cursor: at, outcomes: [row] });
          const { through = seq, ...rest } = row;
          for (let place = seq; place <= through; place += 1) {
            expected.set(`${place} ${mappingId}`, { ...rest, seq: place });
          }
        }
        const seqs = Array.from({ length: 60 }, (_, index) => index);
        const found = await state.outcomes(seqs);
        expect(new Map(found.map((row) => [`${row.seq} ${row.mappingId}`, row]))).toEqual(expected);
        expect(found.length).toEqual(expected.size);
        const counted = (status: OutcomeRow['status']): number =>
          [...expected.values()].filter((row) => row.status === status).length;
        expect((await state.stats())[0]).toMatchObject({
          delivered: counted('delivered'),
          rejected: counted('rejected'),
        });
      }));
  });
}
