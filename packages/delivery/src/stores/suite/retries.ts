import type { DeadLetterFilter } from '../rows.ts';
import { deadLetter, event, key, retry, type SuiteContext } from './tools.ts';

/** The contract of the state for waiting rows and dead letters. */
export function retriesSuite({ withStores, describe, it, expect }: SuiteContext): void {
  describe('waiting rows and dead letters', () => {
    it('make only the first row of a user due', () =>
      withStores(async ({ state }) => {
        await state.settle({
          destination: 'l',
          retries: [
            retry(5, { dueAt: 0 }),
            retry(3, { dueAt: 200 }),
            retry(3, { dueAt: 10, mappingId: 'n', position: 1 }),
            retry(4, { user: 'u:b', dueAt: 90 }),
          ],
        });
        await state.settle({ destination: 'other', retries: [retry(1, { destination: 'other', dueAt: 0 })] });
        expect(await state.retries({ lane: key('l'), dueBy: 89, limit: 10 })).toEqual([]);
        expect((await state.lane(key('l'))).nextDue).toEqual(90);
        expect(
          (await state.retries({ lane: key('l'), dueBy: 200, limit: 10 })).map((row) => [row.seq, row.user]),
        ).toEqual([
          [4, 'u:b'],
          [3, 'u:a'],
        ]);
        expect((await state.retries({ lane: key('l'), dueBy: 200, limit: 1 })).length).toEqual(1);
        expect(
          (await state.retries({ lane: key('l'), user: 'u:a' })).map((row) => [row.seq, row.mappingId]),
        ).toEqual([
          [3, 'm'],
          [3, 'n'],
          [5, 'm'],
        ]);
        expect((await state.retries({ lane: key('l'), user: 'u:a', limit: 2 })).length).toEqual(2);
        expect([...(await state.parked(key('l')))].sort()).toEqual(['u:a', 'u:b']);
        expect((await state.lane(key('l'))).waiting).toEqual(4);

        await state.settle({ destination: 'l', removedRetries: [{ seq: 3, mappingId: 'm' }] });
        expect(await state.retries({ lane: key('l'), dueBy: 10, limit: 10 })).toEqual([
          retry(3, { dueAt: 10, mappingId: 'n', position: 1 }),
        ]);
        await state.settle({
          destination: 'l',
          retries: [retry(3, { dueAt: 500, mappingId: 'n', position: 1, attempts: 2 })],
        });
        expect([
          await state.retries({ lane: key('l'), dueBy: 89, limit: 10 }),
          (await state.lane(key('l'))).waiting,
        ]).toEqual([[], 3]);
      }));

    it('put a dead letter back once, without its outcome', () =>
      withStores(async ({ state }) => {
        const outcome = {
          destination: 'l',
          mappingId: 'm',
          status: 'rejected',
          attempts: 1,
          at: 50,
        } as const;
        await state.settle({
          destination: 'l',
          outcomes: [1, 2].map((seq) => ({ ...outcome, seq })),
          deadLetters: [deadLetter(1), deadLetter(2, { user: 'u:b', position: 3 })],
        });
        const ids = (await state.deadLetters({})).map((row) => row.id ?? 0);
        expect(await state.requeue([ids[1] ?? 0, ids[1] ?? 0, 999], 70)).toEqual(1);
        expect(await state.requeue(ids.slice(1), 80)).toEqual(0);
        expect([(await state.outcomes([1])).length, await state.outcomes([2])]).toEqual([1, []]);
        expect(await state.retries({ lane: key('l'), dueBy: 70, limit: 10 })).toEqual([
          retry(2, { user: 'u:b', position: 3, dueAt: 70 }),
        ]);
        expect((await state.deadLetters({})).map((row) => row.seq)).toEqual([1]);
        expect((await state.deadLetters({ includeReplayed: true })).map((row) => row.replayedAt)).toEqual([
          undefined,
          70,
        ]);
        expect((await state.stats())[0]).toMatchObject({ rejected: 1, deadLetters: 1, retrying: 1 });
      }));

    it('keep the correction of a replayed item as long as its outcome', () =>
      withStores(async ({ state }) => {
        const outcome = { destination: 'l', status: 'rejected', attempts: 1, at: 50 } as const;
        const rejected = { ...outcome, seq: 1, mappingId: 'm' };
        await state.settle({
          destination: 'l',
          outcomes: [rejected, { ...rejected, mappingId: 'n' }, { ...rejected, seq: 5 }],
          deadLetters: [deadLetter(1), deadLetter(1, { mappingId: 'n' }), deadLetter(5, { user: 'u:b' })],
        });
        const ids = (await state.deadLetters({})).map((row) => row.id ?? 0);
        const corrected = event('id1', { total: 3 }, 'c');
        expect(await state.corrections([1, 5])).toEqual([]);
        expect(await state.requeue([ids[0] ?? 0], 70, { event: corrected, user: 'u:c' })).toEqual(1);
        const row = { destination: 'l', seq: 1, mappingId: 'm', event: corrected, at: 70 };
        expect(await state.corrections([1, 5])).toEqual([row]);
        expect(await state.corrections([2])).toEqual([]);
        expect(await state.retries({ seqs: [1] })).toEqual([retry(1, { user: 'u:c', dueAt: 70 })]);
        expect(await state.parked(key('l'))).toEqual(['u:c']);
        // Letters that were replayed before are unchanged, with their correction.
        expect(await state.requeue([ids[0] ?? 0], 80, { event: event('id1'), user: 'u:a' })).toEqual(0);
        expect(await state.corrections([1])).toEqual([row]);

        const found = async (filter: DeadLetterFilter): Promise<number[]> =>
          (await state.deadLetters(filter)).map((one) => one.id ?? 0);
        expect(await found({ replayedAt: 70 })).toEqual(ids.slice(0, 1));
        expect([await found({ replayedAt: 71 }), await found({})]).toEqual([[], ids.slice(1)]);

        const limits = {
          outcomesUpTo: 4,
          after: 0,
          deadLettersBefore: 0,
          maxDeadLetterBytes: 1_000_000,
          exchangesBefore: 0,
        };
        await state.prune(limits);
        expect(await state.corrections([1])).toEqual([row]);
        await state.settle({ destination: 'l', removedRetries: [row], outcomes: [rejected] });
        await state.discard(ids.slice(1, 2));
        await state.prune(limits);
        expect([await state.corrections([1]), await state.outcomes([1])]).toEqual([[], []]);
      }));

    it('find dead letters by each member of the filter', () =>
      withStores(async ({ state }) => {
        await state.settle({
          destination: 'l',
          deadLetters: [
            deadLetter(1),
            deadLetter(2, { mappingId: 'n', code: 'payload_null', sourceId: 't', user: 'u:b', at: 60 }),
          ],
        });
        const other = deadLetter(3, { destination: 'k', mappingId: '', field: 'a', at: 70 });
        await state.settle({ destination: 'k', deadLetters: [other] });
        const found = async (filter: DeadLetterFilter): Promise<number[]> =>
          (await state.deadLetters(filter)).map((row) => row.seq);
        expect(await found({ destination: 'k' })).toEqual([3]);
        expect(await found({ destination: 'nobody' })).toEqual([]);
        expect(await found({ mappingId: 'n' })).toEqual([2]);
        expect(await found({ mappingId: '' })).toEqual([3]);
        expect(await found({ field: 'a' })).toEqual([3]);
        expect(await found({ field: '' })).toEqual([1, 2]);
        expect(await found({ code: 'payload_null' })).toEqual([2]);
        expect(await found({ sourceId: 't' })).toEqual([2]);
        expect(await found({ messageId: 'id3' })).toEqual([3]);
        expect(await found({ user: 'u:b' })).toEqual([2]);
        expect(await found({ from: 60 })).toEqual([2, 3]);
        expect(await found({ from: 55, to: 60 })).toEqual([2]);
        const [first] = await state.deadLetters({ limit: 1 });
        expect(await found({ afterId: first?.id ?? 0 })).toEqual([2, 3]);
        expect(await found({ ids: [first?.id ?? 0] })).toEqual([1]);
      }));
  });
}
