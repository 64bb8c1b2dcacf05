import type { ConsentUpdate } from '@waybill/commerce';
import type { Hint, ShopStream, SourceContext } from '@waybill/core';
import type { Lease } from '@waybill/delivery';
import type { Asides, SetAside } from './aside.ts';
import type { Keeping } from './keeping.ts';
import { readPage } from './read-task.ts';
import { hintsOfUpdates, UPDATES } from './write-back/apply.ts';
import { createStanding, type Standings } from './standing.ts';

/** Reads rows again that were set aside. */
export interface Again {
  /** Schedules rows by key, or all. Returns their number. */
  want(keys: readonly string[] | undefined): Promise<number>;
  /** Reads the next row without a hint; returns whether there was one. */
  readNext(lease: Lease<string>): Promise<boolean>;
}

/** Creates the reader of rows that were set aside: by ID, or by position. */
export function createAgain(input: {
  readonly streams: Readonly<Record<string, ShopStream>>;
  readonly keeping: Keeping;
  readonly standings: Standings;
  readonly asides: Asides;
  readonly context: () => SourceContext;
  readonly now: () => number;
}): Again {
  const { streams, keeping, standings, asides, context, now } = input;
  let wanted: readonly SetAside[] = [];
  const byPlace = async (lease: Lease<string>, one: SetAside): Promise<void> => {
    const stream = streams[one.stream];
    if (stream?.page === undefined || one.query === undefined) return;
    const { limit, ...run } = one.query;
    const page = await readPage({
      name: one.stream,
      stream: { ...stream, pageSize: limit },
      run,
      context: context(),
      divides: false,
      now,
    });
    if ('failure' in page) {
      standings.failed(createStanding(), one.stream, page.failure);
      return;
    }
    if (one.row === undefined) asides.remove(one.key);
    await keeping.write(lease, { rows: page.rows, historical: false, path: one.stream });
  };
  return {
    async want(keys) {
      const chosen = asides.list().filter(({ key }) => keys === undefined || keys.includes(key));
      const byId = chosen.flatMap(({ stream, row, text }): readonly Hint[] => {
        if (stream === UPDATES) return hintsOfUpdates([JSON.parse(text!) as ConsentUpdate]);
        return row === undefined || streams[stream]?.get === undefined ? [] : [{ stream, id: row }];
      });
      if (byId.length > 0) await keeping.hints.take(byId, now());
      wanted = chosen.filter(({ stream, row }) => row === undefined || streams[stream]?.get === undefined);
      return chosen.length;
    },
    async readNext(lease) {
      const [next, ...rest] = wanted;
      wanted = rest;
      if (next === undefined) return false;
      await byPlace(lease, next);
      return true;
    },
  };
}
