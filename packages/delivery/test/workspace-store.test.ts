import { afterAll, describe, expect, it } from '@jest/globals';
import { openWorkspaceStore } from '../src/drivers/sqlite/index.ts';
import { createMemoryWorkspace, workspaceSuite } from '../src/index.ts';
import { dice } from './dice.ts';
import { tempDir } from './support.ts';

describe('the workspace in SQLite, in memory', () => {
  workspaceSuite(
    {
      durable: false,
      open: (_name, retention) =>
        openWorkspaceStore({ file: ':memory:', ...(retention === undefined ? {} : { retention }) }),
    },
    { describe, it, expect },
  );
});

describe('the workspace in SQLite, on disk', () => {
  const temp = tempDir();
  afterAll(temp.clean);
  workspaceSuite(
    {
      durable: true,
      open: (name, retention) =>
        openWorkspaceStore({
          file: temp.path(`${name}.db`),
          ...(retention === undefined ? {} : { retention }),
        }),
    },
    { describe, it, expect },
  );
});

describe('a page of changes in SQLite', () => {
  it('ends before it is too long to be answered', async () => {
    const store = await openWorkspaceStore({ file: ':memory:' });
    const author = { by: 'ada', from: 'here', at: 1 };
    for (let n = 0; n < 4; n += 1) {
      const names = Array.from({ length: 4_000 }, (_, at) => `${n} ${'x'.repeat(100)} ${at}`);
      await store.commit(
        author,
        names.map((name) => ({ name, expected: 0, content: '', record: '' })),
      );
    }
    const read: number[] = [];
    for (let before = 5; before > 1; before = read.at(-1)!) {
      const page = await store.changes({ before, limit: 1_000 });
      expect(page.length).toBeLessThan(4);
      read.push(...page.map(({ id }) => id));
    }
    expect(read).toEqual([4, 3, 2, 1]);
    await store.close();
  });
});

describe('the workspace in memory, answering late', () => {
  const random = dice(7);
  const delay = async (): Promise<void> => {
    for (let n = Math.floor(random() * 4); n > 0; n -= 1)
      await new Promise((resolve) => setImmediate(resolve));
  };
  workspaceSuite(
    {
      durable: false,
      open: async (_name, retention) =>
        createMemoryWorkspace({ delay, ...(retention === undefined ? {} : { retention }) }),
    },
    { describe, it, expect },
  );
});
