import { describe, expect, it } from 'vitest';
import { openStores } from '../src/index.ts';

describe('a page of changes in SQLite', () => {
  it('ends before its answer is too long', async () => {
    const stores = await openStores('sqlite:', { writes: ['workspace'], only: ['workspace'] });
    const store = stores.workspace;
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
    await stores.close();
  });
});
