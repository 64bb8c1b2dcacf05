import { key, retry, type SuiteContext } from './tools.ts';

const TTL = 100;

/** The contract of the state for leases. */
export function leasesSuite({ withStores, describe, it, expect }: SuiteContext): void {
  describe('leases of lanes', () => {
    it('belong to one holder at a time, each with a greater epoch', () =>
      withStores(async ({ state: { leases } }, _name, clock) => {
        const first = await leases.acquire(key('l'), 'one', TTL);
        expect(await leases.acquire(key('l'), 'two', TTL)).toEqual(undefined);
        expect((await leases.acquire(key('k'), 'two', TTL))?.key).toEqual(key('k'));
        clock.now += TTL;
        const second = await leases.acquire(key('l'), 'two', TTL);
        expect([first?.key, (second?.epoch ?? 0) > (first?.epoch ?? 0)]).toEqual([key('l'), true]);
        expect(await leases.acquire(key('l'), 'one', TTL)).toEqual(undefined);
      }));

    it('are taken again at once by the same holder, which then fences off its previous process', () =>
      withStores(async ({ state }) => {
        const before = await state.leases.acquire(key('l'), 'one', TTL);
        const after = await state.leases.acquire(key('l'), 'one', TTL);
        const settle = (epoch = 0): Promise<string> =>
          state.settle({ destination: 'l', epoch, cursor: epoch });
        expect([await settle(before?.epoch), await settle(after?.epoch)]).toEqual(['stale', 'settled']);
      }));

    it('last as long as they are renewed, and end when they are released', () =>
      withStores(async ({ state: { leases } }, _name, clock) => {
        const lease = (await leases.acquire(key('l'), 'one', TTL))!;
        clock.now += TTL - 1;
        expect(await leases.renew(lease, TTL)).toEqual(true);
        clock.now += TTL - 1;
        expect(await leases.acquire(key('l'), 'two', TTL)).toEqual(undefined);
        await leases.release(lease);
        expect((await leases.acquire(key('l'), 'two', TTL)) === undefined).toEqual(false);
        expect(await leases.renew(lease, TTL)).toEqual(false);
        await leases.release(lease);
        expect(await leases.acquire(key('l'), 'three', TTL)).toEqual(undefined);
      }));

    it('that have expired still write until another holder begins; then all writes are refused', () =>
      withStores(async ({ state }, _name, clock) => {
        const { epoch } = (await state.leases.acquire(key('l'), 'one', TTL))!;
        clock.now += 10 * TTL;
        expect(await state.settle({ destination: 'l', epoch, cursor: 1 })).toEqual('settled');
        const next = (await state.leases.acquire(key('l'), 'two', TTL))!;
        const late = { destination: 'l', epoch, cursor: 9, retries: [retry(2)] } as const;
        const memory = [{ space: 'action', scope: '', key: 'k', value: 'v' }] as const;
        expect(await state.settle({ ...late, memory })).toEqual('stale');
        expect(await state.lane(key('l'))).toEqual({ cursor: 1, waiting: 0 });
        expect(await state.recall('l', memory)).toEqual([undefined]);
        expect(await state.settle({ ...late, epoch: next.epoch })).toEqual('settled');
        // Interactive changes are not refused.
        expect(await state.settle({ destination: 'l', retries: [retry(3)] })).toEqual('settled');
        expect((await state.lane(key('l'))).waiting).toEqual(2);
      }));

    it('end with their destination', () =>
      withStores(async ({ state }) => {
        const { epoch } = (await state.leases.acquire(key('l'), 'one', TTL))!;
        await state.settle({ destination: 'l', epoch, cursor: 5 });
        await state.drop('l', 1);
        expect(await state.settle({ destination: 'l', epoch, cursor: 6 })).toEqual('stale');
        expect(await state.lane(key('l'))).toEqual({ waiting: 0 });
        expect((await state.leases.acquire(key('l'), 'two', TTL)) === undefined).toEqual(false);
      }));
  });

  describe('ids', () => {
    it('are assigned in blocks, without duplicates', () =>
      withStores(async ({ state }) => {
        const firsts = await Promise.all([state.reserve(10), state.reserve(1), state.reserve(5)]);
        const sizes = [10, 1, 5];
        const ids = firsts.flatMap((first, at) => Array.from({ length: sizes[at]! }, (_, n) => first + n));
        expect([new Set(ids).size, ids.every((id) => id > 0)]).toEqual([16, true]);
      }));
  });
}
