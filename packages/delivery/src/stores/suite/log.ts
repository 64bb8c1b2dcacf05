import { event, WINDOW, type SuiteContext } from './tools.ts';

/** The contract of the log for events. */
export function logSuite({ withStores, read, lastSeq, describe, it, expect }: SuiteContext): void {
  describe('event log', () => {
    it('returns appended events, in order, from any position', () =>
      withStores(async ({ log }) => {
        expect(await lastSeq(log)).toEqual(0);
        expect(await read(log, { after: 0, limit: 10 })).toEqual([]);
        await log.append([
          { sourceId: 's', event: event('a', { emoji: '🧾', nothing: null }) },
          { sourceId: 't', event: event('b') },
        ]);
        await log.append([{ sourceId: 's', event: event('c') }]);
        const all = await read(log, { after: 0, limit: 10 });
        expect(all.map((one) => [one.sourceId, one.event.messageId])).toEqual([
          ['s', 'a'],
          ['t', 'b'],
          ['s', 'c'],
        ]);
        expect(all[0]?.event).toEqual(event('a', { emoji: '🧾', nothing: null }));
        const [first = 0, second = 0, third = 0] = all.map((one) => one.seq);
        expect([first < second, second < third, third]).toEqual([true, true, await lastSeq(log)]);
        expect((await read(log, { after: first, limit: 1 })).map((one) => one.seq)).toEqual([second]);
        expect(await read(log, { after: third, limit: 10 })).toEqual([]);
        expect((await log.read({ seqs: [third, first, third, 999] })).map((one) => one.seq)).toEqual([
          first,
          third,
        ]);
      }));

    it('returns at least one event, however small the byte limit is', () =>
      withStores(async ({ log }) => {
        await log.append([1, 2, 3].map((n) => ({ sourceId: 's', event: event(`m${n}`) })));
        expect((await read(log, { after: 0, limit: 10, maxBytes: 1 })).length).toEqual(1);
        expect((await read(log, { after: 0, limit: 10, maxBytes: 1_000_000 })).length).toEqual(3);
      }));

    it('returns the newest first from any position, within both limits', () =>
      withStores(async ({ log }) => {
        expect(await log.read({ before: 100, limit: 10 })).toEqual([]);
        for (const ids of [['a', 'b', 'c'], ['d'], ['e', 'f']])
          await log.append(ids.map((id) => ({ sourceId: 's', event: event(id, {}, id) })));
        const back = async (before: number, limit: number, maxBytes?: number): Promise<string> => {
          const query = { before, limit, ...(maxBytes === undefined ? {} : { maxBytes }) };
          return (await log.read(query)).map((one) => one.event.messageId).join('');
        };
        const all = await log.read({ before: Number.MAX_SAFE_INTEGER, limit: 10 });
        const seqs = all.map((one) => one.seq);
        expect(seqs).toEqual([...seqs].sort((a, b) => b - a));
        expect(all.map((one) => one.event.messageId).sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
        for (const [index, seq] of seqs.entries()) {
          const older = all.slice(index + 1).map((one) => one.event.messageId);
          expect(await back(seq, 10)).toEqual(older.join(''));
          expect(await back(seq, 2)).toEqual(older.slice(0, 2).join(''));
          expect(await back(seq, 10, 1)).toEqual(older.slice(0, 1).join(''));
        }
      }));

    it('finds the begin and the end of a period', () =>
      withStores(async ({ log }, _name, clock) => {
        const started = clock.now;
        for (const [index, ids] of [['a', 'b'], ['c'], ['d', 'e']].entries()) {
          clock.now = started + index * 10;
          await log.append(ids.map((id) => ({ sourceId: 's', event: event(id, {}, id) })));
        }
        const seqs = (await log.read({ before: Number.MAX_SAFE_INTEGER, limit: 10 }))
          .map((one) => one.seq)
          .reverse();
        const span = (from: number, to: number): Promise<unknown> =>
          log.span({ from: started + from, to: started + to });
        expect(await span(0, 20)).toEqual({ first: seqs[0], last: seqs[4] });
        expect(await span(10, 10)).toEqual({ first: seqs[2], last: seqs[2] });
        expect(await span(10, 99)).toEqual({ first: seqs[2], last: seqs[4] });
        expect(await span(1, 9)).toEqual(undefined);
      }));

    it('drops a second event of the same source and messageId, within one call and between calls', () =>
      withStores(async ({ log }) => {
        const entry = { sourceId: 's', event: event('a') };
        const appended = await Promise.all([log.append([entry, entry]), log.append([entry])]);
        // Concurrent calls may be applied in any order.
        expect(appended.flat().filter(({ accepted }) => accepted).length).toEqual(1);
        expect(await log.append([{ ...entry, sourceId: 't' }])).toEqual([{ accepted: true }]);
        expect((await log.read({ messageId: 'a' })).map((one) => one.sourceId)).toEqual(['s', 't']);
        expect(await log.read({ messageId: 'b' })).toEqual([]);
      }));

    it('accepts a messageId again after its window', () =>
      withStores(async ({ log }, _name, clock) => {
        const entry = { sourceId: 's', event: event('a') };
        await log.append([entry]);
        clock.now += WINDOW - 1;
        expect(await log.append([entry])).toEqual([{ accepted: false }]);
        clock.now += 1;
        expect(await log.append([entry])).toEqual([{ accepted: true }]);
        expect(await log.append([entry])).toEqual([{ accepted: false }]);
      }));

    it('refuses data that is not JSON without affecting others', () =>
      withStores(async ({ log }) => {
        const loop: Record<string, unknown> = {};
        loop['self'] = loop;
        const bad = log.append([{ sourceId: 's', event: event('bad', loop) }]).then(
          () => 'stored',
          () => 'refused',
        );
        const good = log.append([{ sourceId: 's', event: event('good') }]);
        expect([await bad, await good]).toEqual(['refused', [{ accepted: true }]]);
        expect((await read(log, { after: 0, limit: 10 })).map((one) => one.event.messageId)).toEqual([
          'good',
        ]);
      }));

    it('distinguishes many ids', () =>
      withStores(async ({ log }) => {
        const entries = Array.from({ length: 5_000 }, (_, n) => ({ sourceId: 's', event: event(`id-${n}`) }));
        const first = await log.append(entries);
        const second = await log.append(entries);
        expect([first.every((one) => one.accepted), second.some((one) => one.accepted)]).toEqual([
          true,
          false,
        ]);
        expect((await log.read({ messageId: 'id-4321' })).map((one) => one.event.messageId)).toEqual([
          'id-4321',
        ]);
      }));
  });
}
