import type { ConflictFilter, ConflictRow } from '../rows.ts';
import { deadLetter, key, refused, retry, type SuiteContext } from './tools.ts';

/** The contract of the state for remembered and stored values. */
export function memorySuite({ withStores, describe, it, expect }: SuiteContext): void {
  describe('remembered values', () => {
    it('are stored with a settlement, or not at all', () =>
      withStores(async ({ state }) => {
        const place = { space: 'delta', scope: 'm', key: 'u:a' } as const;
        expect((await state.recall('l', [place]))[0]).toEqual(undefined);
        await state.settle({ destination: 'l', memory: [{ ...place, value: '1' }] });
        await state.settle({ destination: 'k', memory: [{ ...place, value: 'other lane' }] });
        expect([(await state.recall('l', [place]))[0], (await state.recall('k', [place]))[0]]).toEqual([
          '1',
          'other lane',
        ]);
        expect(
          await refused(
            state.settle({
              destination: 'l',
              memory: [{ ...place, value: '2' }],
              deadLetters: [deadLetter(1, { message: null as unknown as string })],
            }),
          ),
        ).toEqual(true);
        // The letter fails after or before the memory is written: neither may remain.
        expect(
          await refused(
            state.settle({
              destination: 'l',
              memory: [{ ...place, value: null as unknown as string, key: null as unknown as string }],
              retries: [retry(1)],
            }),
          ),
        ).toEqual(true);
        expect([(await state.recall('l', [place]))[0], (await state.lane(key('l'))).waiting]).toEqual([
          '1',
          0,
        ]);
        await state.settle({
          destination: 'l',
          memory: [
            { ...place, value: '3' },
            { ...place, key: 'u:b', value: '4' },
          ],
        });
        expect([
          (await state.recall('l', [place]))[0],
          (await state.recall('l', [{ ...place, key: 'u:b' }]))[0],
        ]).toEqual(['3', '4']);
        await state.settle({ destination: 'l', memory: [place] });
        expect([
          (await state.recall('l', [place]))[0],
          (await state.recall('l', [{ ...place, key: 'u:b' }]))[0],
        ]).toEqual([undefined, '4']);
      }));

    it('are deleted by each member of the filter', () =>
      withStores(async ({ state }) => {
        const places = (['delta', 'owner'] as const).flatMap((space) =>
          ['m', 'n'].flatMap((scope) => ['u:a', 'u:b'].map((key) => ({ space, scope, key }))),
        );
        const fill = async (): Promise<void> => {
          for (const destination of ['l', 'k'])
            await state.settle({ destination, memory: places.map((one) => ({ ...one, value: '1' })) });
        };
        const left = async (lane: string): Promise<number> =>
          (await state.recall(lane, places)).filter((value) => value !== undefined).length;
        await fill();
        expect(await state.forget({ destination: 'nobody' })).toEqual(0);
        expect(await state.forget({ destination: 'l', space: 'delta', scope: 'm', key: 'u:a' })).toEqual(1);
        expect([await left('l'), await left('k')]).toEqual([7, 8]);
        expect([await state.forget({ destination: 'l', key: 'u:b' }), await left('l')]).toEqual([4, 3]);
        expect([await state.forget({ destination: 'l', space: 'owner' }), await left('l')]).toEqual([2, 1]);
        await fill();
        expect([await state.forget({ destination: 'l', scope: 'n' }), await left('l')]).toEqual([4, 4]);
        expect([await state.forget({ destination: 'l' }), await left('l'), await left('k')]).toEqual([
          4, 0, 8,
        ]);
      }));

    it('include conflicts, the newest of them', () =>
      withStores(async ({ state }) => {
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
        await state.settle({ destination: 'l', conflicts: [conflict(1), plain] });
        await state.settle({ destination: 'k', conflicts: [conflict(3, { destination: 'k' })] });
        const [first, second, third] = await state.conflicts({});
        expect(first).toEqual({ ...conflict(1), id: first?.id });
        expect(second).toEqual({ ...plain, id: second?.id });
        const found = async (filter: ConflictFilter): Promise<number[]> =>
          (await state.conflicts(filter)).map((row) => row.seq);
        expect([
          await found({ destination: 'l' }),
          await found({ user: 'u:b' }),
          await found({ limit: 2 }),
        ]).toEqual([[1, 2], [2], [1, 2]]);
        expect(await found({ afterId: second?.id ?? 0 })).toEqual([3]);
        expect(third?.destination).toEqual('k');
        for (let n = 0; n < 30; n += 1)
          await state.settle({
            destination: 'l',
            conflicts: Array.from({ length: 1_000 }, (_, at) => conflict(n * 1_000 + at)),
          });
        const rows = await state.conflicts({});
        expect([rows.length <= 20_000, rows.at(-1)?.seq]).toEqual([true, 29_999]);
      }));

    it('include the state of instances, all of it or nothing', () =>
      withStores(async ({ state }) => {
        expect(await state.kept('l')).toEqual([]);
        const rows = [
          { key: 'a', value: '1' },
          { key: 'b', value: '2' },
        ];
        await state.keep('l', rows);
        await state.keep('k', [{ key: 'a', value: 'other' }]);
        expect(
          await refused(
            state.keep('l', [
              { key: 'a', value: '9' },
              { key: null as unknown as string, value: '9' },
            ]),
          ),
        ).toEqual(true);
        expect(await state.kept('l')).toEqual(rows);
        await state.keep('l', [{ key: 'a' }, { key: 'b', value: '3' }]);
        expect(await state.kept('l')).toEqual([{ key: 'b', value: '3' }]);
        await state.drop('l', 0);
        expect([await state.kept('l'), await state.kept('k')]).toEqual([[], [{ key: 'a', value: 'other' }]]);
      }));

    it('are small', () =>
      withStores(async ({ state }) => {
        expect(await state.get('a')).toEqual(undefined);
        await state.set('a', '1');
        await state.set('a', '2');
        expect(await state.get('a')).toEqual('2');
      }));
  });
}
