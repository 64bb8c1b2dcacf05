import { event, key, refused, retry, type SuiteContext, suiteOptions } from './tools.ts';

/** The contract of a driver by its declared support. */
export function driverSuite({
  withStores,
  open,
  read,
  lastSeq,
  supports,
  describe,
  it,
  expect,
}: SuiteContext): void {
  const { durable, concurrentReaders, partitions } = supports;

  describe('the declared properties of the driver', () => {
    it(durable ? 'survives closing and opening again' : 'forgets when it is closed', async () => {
      const options = suiteOptions({ now: 10_000 });
      const before = await open('again', options);
      const lease = (await before.log.owners.acquire('p', 'one', 100))!;
      await before.log.append([{ sourceId: 's', event: event('a') }], { lease, cursor: '1' });
      const place = { space: 'action', scope: '', key: 'email:a@b.c' } as const;
      const memory = [{ ...place, value: 'u1' }];
      await before.state.settle({ destination: 'l', cursor: 1, retries: [retry(1)], memory });
      const id = await before.state.reserve(5);
      await before.close();
      const { log, state, close } = await open('again', options);
      expect((await read(log, { after: 0, limit: 10 })).map((one) => one.event.messageId)).toEqual(
        durable ? ['a'] : [],
      );
      expect(await state.lane(key('l'))).toEqual(
        durable ? { cursor: 1, waiting: 1, nextDue: 100 } : { waiting: 0 },
      );
      expect(await state.recall('l', [place])).toEqual([durable ? 'u1' : undefined]);
      expect((await log.carried('p', [])).cursor).toEqual(durable ? '1' : undefined);
      expect((await state.reserve(1)) >= (durable ? id + 5 : 1)).toEqual(true);
      expect(await log.append([{ sourceId: 's', event: event('a') }])).toEqual([{ accepted: !durable }]);
      await close();
    });

    if (concurrentReaders) {
      it('allows other readers', () =>
        withStores(async ({ log, state }, name) => {
          const reader = await open(name, { writes: [] });
          await log.append([{ sourceId: 's', event: event('a') }]);
          await state.settle({ destination: 'l', cursor: 1 });
          expect((await read(reader.log, { after: 0, limit: 10 })).map((one) => one.sourceId)).toEqual(['s']);
          expect((await reader.log.read({ messageId: 'a' })).length).toEqual(1);
          expect([await lastSeq(reader.log), (await reader.state.lane(key('l'))).cursor]).toEqual([1, 1]);
          expect([
            await refused(reader.log.append([{ sourceId: 's', event: event('b') }])),
            await refused(reader.state.settle({ destination: 'l', cursor: 2 })),
          ]).toEqual([true, true]);
          await reader.close();
        }));
    }

    it('hides a position while an earlier one of its partition can still appear', () =>
      withStores(async ({ log }) => {
        const seen = Array.from({ length: partitions }, () => [] as number[]);
        const whole: number[] = [];
        let appending = true;
        const look = async (): Promise<void> => {
          for (const [partition, seqs] of seen.entries()) {
            const rows = await log.read({ after: seqs.at(-1) ?? 0, limit: 7, partition });
            seqs.push(...rows.map(({ seq }) => seq));
          }
          const rows = await log.read({ after: whole.at(-1) ?? 0, limit: 7 * partitions });
          whole.push(...rows.map(({ seq }) => seq));
        };
        const watching = (async () => {
          while (appending) {
            await look();
            await new Promise((resolve) => setImmediate(resolve));
          }
        })();
        await Promise.all(
          Array.from({ length: 200 }, (_, n) =>
            log.append([{ sourceId: 's', event: event(`m${n}`, {}, `u${n % 9}`) }]),
          ),
        );
        appending = false;
        await watching;
        for (let n = 0; n < 40; n += 1) await look();
        const all = seen.flat();
        expect([all.length, new Set(all).size]).toEqual([200, 200]);
        expect(whole).toEqual(all.sort((a, b) => a - b));
        expect(await log.lastSeq()).toEqual(whole.at(-1));
        for (const [partition, seqs] of seen.entries()) {
          const stored = await log.read({ after: 0, limit: 1_000, partition });
          expect(seqs).toEqual(stored.map(({ seq }) => seq));
          expect(seqs.at(-1) ?? 0).toEqual(await log.lastSeq(partition));
        }
      }));

    it('keeps the events of a user in one partition', () =>
      withStores(async ({ log }) => {
        for (const user of ['a', 'b', 'c', 'd']) {
          const entries = [1, 2, 3].map((n) => ({ sourceId: 's', event: event(`${user}${n}`, {}, user) }));
          for (const entry of entries) await log.append([entry]);
        }
        const users: string[] = [];
        for (let partition = 0; partition < partitions; partition += 1) {
          const rows = await log.read({ after: 0, limit: 100, partition });
          // Queries by other criteria return their lane as well.
          expect(rows.filter((row) => (row.partition ?? 0) !== partition)).toEqual([]);
          for (const user of new Set(rows.map((row) => row.event.userId ?? ''))) {
            users.push(user);
            const own = rows.filter((row) => row.event.userId === user).map((row) => row.event.messageId);
            expect(own).toEqual([`${user}1`, `${user}2`, `${user}3`]);
          }
        }
        expect(users.sort()).toEqual(['a', 'b', 'c', 'd']);
      }));
  });
}
