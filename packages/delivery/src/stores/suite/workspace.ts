import type { WorkspaceAuthor, WorkspaceRetention, WorkspaceStore, WorkspaceWrite } from '../workspace.ts';
import type { Stores } from '../stores.ts';
import type { SuiteContext } from './tools.ts';

const ALL = { limit: 1_000 } as const;

function author(at: number, note?: string): WorkspaceAuthor {
  return { by: 'ada', from: '10.0.0.7', at, ...(note === undefined ? {} : { note }) };
}

function write(name: string, expected: number, text: string): WorkspaceWrite {
  return { name, expected, content: `sealed ${text}`, record: text };
}

/** Tests a driver against the contract of the workspace. */
export function workspaceSuite({ describe, it, expect, open: openDriver, supports }: SuiteContext): void {
  let names = 0;
  const open = (name: string, workspaceRetention: Partial<WorkspaceRetention> = {}): Promise<Stores> =>
    openDriver(name, { writes: ['workspace'], only: ['workspace'], workspaceRetention });
  const withStore = async (
    body: (store: WorkspaceStore, name: string) => Promise<void>,
    retention?: Partial<WorkspaceRetention>,
  ): Promise<void> => {
    const name = `workspace${(names += 1)}`;
    const stores = await open(name, retention);
    try {
      await body(stores.workspace, name);
    } finally {
      await stores.close();
    }
  };
  const numbers = async (store: WorkspaceStore, name: string): Promise<readonly number[]> =>
    (await store.versions(name, ALL)).map(({ version }) => version);

  describe('workspace', () => {
    it('is empty at first', () =>
      withStore(async (store) => {
        expect(await store.items()).toEqual([]);
        expect(await store.versions('a', ALL)).toEqual([]);
        expect(await store.version('a', 1)).toEqual(undefined);
        expect(await store.changes(ALL)).toEqual([]);
      }));

    it('returns the current and all earlier versions, with their authors', () =>
      withStore(async (store) => {
        expect(await store.commit(author(5, 'begin'), [write('b', 0, 'b1'), write('a', 0, 'a1')])).toEqual({
          ok: true,
          change: 1,
        });
        expect(await store.commit(author(6), [write('a', 1, 'a2')])).toEqual({ ok: true, change: 2 });
        expect(await store.items()).toEqual([
          { name: 'a', version: 2, content: 'sealed a2' },
          { name: 'b', version: 1, content: 'sealed b1' },
        ]);
        const first = { version: 1, change: 1, removed: false, by: 'ada', from: '10.0.0.7', at: 5 };
        expect(await store.version('a', 1)).toEqual({ ...first, note: 'begin', record: 'a1' });
        expect(await store.versions('a', ALL)).toEqual([
          { ...first, version: 2, change: 2, at: 6 },
          { ...first, note: 'begin' },
        ]);
        expect(await store.versions('a', { before: 2, limit: 5 })).toMatchObject([{ version: 1 }]);
        expect(await store.versions('a', { limit: 1 })).toMatchObject([{ version: 2 }]);
      }));

    it('refuses a whole change when one of its writes is based on an older version', () =>
      withStore(async (store) => {
        await store.commit(author(1), [write('a', 0, 'a1'), write('b', 0, 'b1')]);
        await store.commit(author(2), [write('a', 1, 'a2')]);
        const before = [await store.items(), await store.changes(ALL)];
        expect(
          await store.commit(author(3), [write('b', 1, 'b2'), write('a', 1, 'x'), write('c', 3, 'c')]),
        ).toEqual({
          ok: false,
          stale: [
            { name: 'a', expected: 1, current: 2 },
            { name: 'c', expected: 3, current: 0 },
          ],
        });
        expect([await store.items(), await store.changes(ALL)]).toEqual(before);
        expect(await store.version('b', 2)).toEqual(undefined);
      }));

    it('accepts exactly one of many writes of the same version', () =>
      withStore(async (store) => {
        await store.commit(author(1), [write('a', 0, 'a1')]);
        const answers = await Promise.all(
          Array.from({ length: 10 }, (_, n) => store.commit(author(2), [write('a', 1, `by ${n}`)])),
        );
        expect(answers.filter(({ ok }) => ok).length).toEqual(1);
        expect(await store.items()).toMatchObject([{ name: 'a', version: 2 }]);
      }));

    it('keeps removed entities, and continues their version numbers when they are created again', () =>
      withStore(async (store) => {
        await store.commit(author(1), [write('a', 0, 'a1')]);
        await store.commit(author(2), [{ name: 'a', expected: 1 }]);
        expect(await store.items()).toEqual([{ name: 'a', version: 2 }]);
        expect(await store.version('a', 2)).toMatchObject({ removed: true, at: 2 });
        await store.commit(author(3), [write('a', 2, 'a3')]);
        expect(await store.items()).toEqual([{ name: 'a', version: 3, content: 'sealed a3' }]);
        expect((await store.changes(ALL)).map(({ id, writes }) => ({ id, writes }))).toEqual([
          { id: 3, writes: [{ name: 'a', after: 3 }] },
          { id: 2, writes: [{ name: 'a', before: 1 }] },
          { id: 1, writes: [{ name: 'a', after: 1 }] },
        ]);
      }));

    it('returns the audit log in pages, the newest first', () =>
      withStore(async (store) => {
        for (let n = 0; n < 5; n += 1) await store.commit(author(n, `note ${n}`), [write('a', n, `a${n}`)]);
        expect(await store.changes({ limit: 2 })).toMatchObject([
          { id: 5, by: 'ada', from: '10.0.0.7', at: 4, note: 'note 4', writes: [{ before: 4, after: 5 }] },
          { id: 4 },
        ]);
        expect((await store.changes({ before: 4, limit: 2 })).map(({ id }) => id)).toEqual([3, 2]);
      }));
  });

  describe('workspace sessions', () => {
    it('are stored in their current state, without a history', () =>
      withStore(async (store) => {
        expect(await store.sessions()).toEqual([]);
        await store.keepSessions(
          ['b', 'a', 'c'].map((name) => ({ name, content: `${name}1` })),
          [],
        );
        await store.keepSessions([{ name: 'a', content: 'a2' }], ['b', 'unknown']);
        expect(await store.sessions()).toEqual([
          { name: 'a', content: 'a2' },
          { name: 'c', content: 'c1' },
        ]);
        expect([await store.items(), await store.changes(ALL)]).toEqual([[], []]);
      }));
  });

  describe('workspace retention', () => {
    it('keeps the newest versions of each thing, and the newest changes', () =>
      withStore(
        async (store) => {
          await store.commit(author(0), [write('b', 0, 'b1')]);
          for (let n = 0; n < 6; n += 1) await store.commit(author(n), [write('a', n, `a${n + 1}`)]);
          expect([await numbers(store, 'a'), await numbers(store, 'b')]).toEqual([[6, 5, 4], [1]]);
          expect((await store.changes(ALL)).map(({ id }) => id)).toEqual([7, 6]);
        },
        { versions: 3, changes: 2 },
      ));

    it('stores no more text than the limit, except the current version', () =>
      withStore(
        async (store) => {
          await store.commit(author(0), [write('b', 0, 'b'.repeat(60))]);
          await store.commit(author(1), [write('a', 0, 'a'.repeat(60))]);
          await store.commit(author(2), [write('a', 1, 'a'.repeat(60))]);
          await store.commit(author(3), [write('a', 2, 'a'.repeat(30))]);
          expect([await numbers(store, 'a'), await numbers(store, 'b')]).toEqual([[3], [1]]);
          expect(await store.items()).toMatchObject([{ version: 3 }, { version: 1 }]);
        },
        { characters: 100 },
      ));

    it('deletes long removed entities', () =>
      withStore(
        async (store) => {
          for (const name of ['c', 'b', 'a']) {
            await store.commit(author(0), [write(name, 0, name)]);
            await store.commit(author(1), [{ name, expected: 1 }]);
          }
          expect(await store.items()).toEqual([
            { name: 'a', version: 2 },
            { name: 'b', version: 2 },
          ]);
          expect(await numbers(store, 'c')).toEqual([]);
        },
        { removed: 2 },
      ));
  });

  if (supports.durable) {
    describe('workspace durability', () => {
      it('is complete after a restart', () =>
        withStore(async (store, name) => {
          await store.commit(author(1), [write('a', 0, 'a1')]);
          await store.commit(author(2), [write('a', 1, 'a2')]);
          await store.keepSessions([{ name: 's', content: 'kept' }], []);
          const again = await open(name);
          try {
            expect(await again.workspace.items()).toEqual([{ name: 'a', version: 2, content: 'sealed a2' }]);
            expect(await numbers(again.workspace, 'a')).toEqual([2, 1]);
            expect((await again.workspace.changes(ALL)).length).toEqual(2);
            expect(await again.workspace.sessions()).toEqual([{ name: 's', content: 'kept' }]);
          } finally {
            await again.close();
          }
        }));
    });
  }
}
