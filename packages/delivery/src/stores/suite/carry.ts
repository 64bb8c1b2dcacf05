import type { Appended } from '../log.ts';
import { event, refused, type SuiteContext } from './tools.ts';

const TTL = 100;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (value: Uint8Array | undefined): string | undefined => value && new TextDecoder().decode(value);

/** The contract of the log for carries of sources and processors. */
export function carrySuite({ withStores, read, describe, it, expect }: SuiteContext): void {
  describe('data committed with events', () => {
    it('is written with them: cursor, state and timers', () =>
      withStores(async ({ log }) => {
        const lease = (await log.owners.acquire('p', 'one', TTL))!;
        expect(await log.carried('p', ['a'])).toEqual({ state: new Map() });
        const answer = await log.append([{ sourceId: 's', event: event('a') }], {
          lease,
          cursor: '7',
          state: [
            { key: 'a', value: bytes('1') },
            { key: 'b', value: bytes('2') },
          ],
          timers: [
            { key: 'a', due: 30, value: bytes('later') },
            { key: 'a', due: 20, value: bytes('soon') },
          ],
        });
        expect(answer).toEqual([{ accepted: true }]);
        const { cursor, state } = await log.carried('p', ['a', 'b', 'c']);
        expect([cursor, text(state.get('a')), text(state.get('b')), state.has('c')]).toEqual([
          '7',
          '1',
          '2',
          false,
        ]);
        expect((await log.timers('p', { dueBy: 20, limit: 9 })).map(({ due }) => due)).toEqual([20]);
        expect((await log.timers('p', { limit: 9 })).map(({ value }) => text(value))).toEqual([
          'soon',
          'later',
        ]);
        expect((await log.timers('p', { limit: 1 })).length).toEqual(1);
        expect([await log.timers('q', { limit: 9 }), (await log.carried('q', ['a'])).state.size]).toEqual([
          [],
          0,
        ]);
      }));

    it('replaces the previous value, and removes it without a value', () =>
      withStores(async ({ log }) => {
        const lease = (await log.owners.acquire('p', 'one', TTL))!;
        const timer = { key: 'a', due: 20 };
        await log.append([], {
          lease,
          cursor: '1',
          state: [{ key: 'a', value: bytes('1') }],
          timers: [{ ...timer, value: bytes('1') }],
        });
        await log.append([], {
          lease,
          state: [{ key: 'a', value: bytes('2') }],
          timers: [{ ...timer, value: bytes('2') }],
        });
        const { cursor, state } = await log.carried('p', ['a']);
        const timers = await log.timers('p', { limit: 9 });
        expect([cursor, text(state.get('a')), timers.map(({ value }) => text(value))]).toEqual([
          '1',
          '2',
          ['2'],
        ]);
        await log.append([], { lease, state: [{ key: 'a' }], timers: [timer] });
        expect([(await log.carried('p', ['a'])).state.size, await log.timers('p', { limit: 9 })]).toEqual([
          0,
          [],
        ]);
      }));

    it('is listed page by page in key order', () =>
      withStores(async ({ log }) => {
        const [lease, other] = [
          (await log.owners.acquire('p', 'one', TTL))!,
          (await log.owners.acquire('q', 'one', TTL))!,
        ];
        const keys = ['b', 'a', 'ä', 'Z', '\u{1F600}', '\uFFFD'];
        await log.append([], { lease, state: keys.map((key) => ({ key, value: bytes(key) })) });
        await log.append([], { lease: other, state: [{ key: 'c', value: bytes('c') }] });
        const first = await log.carriedAfter('p', { limit: 4 });
        expect(first.map(({ key, value }) => [key, text(value)])).toEqual(
          ['Z', 'a', 'b', 'ä'].map((key) => [key, key]),
        );
        const rest = await log.carriedAfter('p', { after: first.at(-1)!.key, limit: 4 });
        expect(rest.map(({ key }) => key)).toEqual(['\uFFFD', '\u{1F600}']);
      }));

    it('belongs to its owner, also when several have values under the same keys', () =>
      withStores(async ({ log }) => {
        const SEED = 11;
        let random = SEED;
        const upTo = (most: number): number => {
          random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
          return Math.floor((random / 2 ** 32) * most);
        };
        const owners = ['p', 'q', 'r'];
        const leases = await Promise.all(
          owners.map(async (owner) => (await log.owners.acquire(owner, 'one', 1e9))!),
        );
        const keys = ['a', 'a b', 'b', 'c', 'ä', '\u{1F600}', '\uFFFD', 'Z', '"'];
        const long = [1_200, 7_000, 9_000].map((length) => 'x'.repeat(length));
        const values = [undefined, 'x', 'x', 'y', '', ...long];
        const expected = owners.map(() => new Map<string, string>());
        for (let round = 0; round < 100; round += 1) {
          // What is stored the same by most, and differently by some.
          const common = upTo(values.length);
          const commits = owners.flatMap((_owner, at) => {
            if (upTo(4) === 0) return [];
            const state = keys
              .filter(() => upTo(3) === 0)
              .map((key) => {
                const value = values[upTo(5) === 0 ? upTo(values.length) : common];
                if (value === undefined) expected[at]!.delete(key);
                else expected[at]!.set(key, value);
                return value === undefined ? { key } : { key, value: bytes(value) };
              });
            // The last one never shares; the others begin to at some time.
            const sharesKeys = at < 2 && upTo(10) < round;
            return [log.append([], { lease: leases[at]!, state, sharesKeys })];
          });
          await Promise.all(commits);
          const ofAll = await log.carriedOf([...owners, 'none'], keys);
          expect([...ofAll.keys()]).toEqual([...owners, 'none']);
          expect(ofAll.get('none')!.size).toEqual(0);
          for (const [at, owner] of owners.entries()) {
            for (const state of [(await log.carried(owner, keys)).state, ofAll.get(owner)!]) {
              const found = new Map([...state].map(([key, value]) => [key, text(value)]));
              expect([SEED, round, found]).toEqual([SEED, round, expected[at]]);
            }
            const paged: (readonly [string, string | undefined])[] = [];
            for (let after: string | undefined; ;) {
              const page = await log.carriedAfter(owner, { after, limit: 2 });
              paged.push(...page.map(({ key, value }) => [key, text(value)] as const));
              if (page.length < 2) break;
              after = page.at(-1)!.key;
            }
            const inOrder = [...expected[at]!].sort(([one], [other]) =>
              Buffer.compare(Buffer.from(one), Buffer.from(other)),
            );
            expect([SEED, round, paged]).toEqual([SEED, round, inOrder]);
          }
        }
      }));

    it('is refused with its events when another holder has taken over', () =>
      withStores(async ({ log }, _name, clock) => {
        const old = (await log.owners.acquire('p', 'one', TTL))!;
        expect(await log.owners.acquire('p', 'two', TTL)).toEqual(undefined);
        clock.now += TTL;
        const lease = (await log.owners.acquire('p', 'two', TTL))!;
        const entry = { sourceId: 's', event: event('a') };
        const [late, other, mine] = await Promise.all([
          log.append([entry], { lease: old, cursor: 'old' }),
          log.append([{ ...entry, event: event('b') }]),
          log.append([], { lease, cursor: 'new' }),
        ]);
        expect([late, other, mine]).toEqual(['stale', [{ accepted: true }], []]);
        expect((await log.carried('p', [])).cursor).toEqual('new');
        expect((await read(log, { after: 0, limit: 9 })).map((one) => one.event.messageId)).toEqual(['b']);
        expect([await log.owners.renew(old, TTL), await log.owners.renew(lease, TTL)]).toEqual([false, true]);
      }));

    it('is accepted also when its events already exist: their effects were lost once', () =>
      withStores(async ({ log }) => {
        const lease = (await log.owners.acquire('p', 'one', TTL))!;
        const entry = { sourceId: 's', event: event('a') };
        await log.append([entry], { lease, cursor: '1' });
        const again: readonly Appended[] | 'stale' = await log.append([entry], { lease, cursor: '2' });
        expect([again, (await log.carried('p', [])).cursor]).toEqual([[{ accepted: false }], '2']);
      }));

    it('is refused alone when it is invalid', () =>
      withStores(async ({ log }) => {
        const lease = (await log.owners.acquire('p', 'one', TTL))!;
        const bad = log.append([{ sourceId: 's', event: event('bad') }], {
          lease,
          timers: [{ key: 'a', due: Number.NaN, value: bytes('') }],
        });
        const good = log.append([{ sourceId: 's', event: event('good') }]);
        expect([await refused(bad), await good]).toEqual([true, [{ accepted: true }]]);
      }));
  });
}
