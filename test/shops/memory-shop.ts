import {
  defineSource,
  failed,
  type RowQuery,
  type ShopState,
  shopSettings,
  type Source,
} from '@waybill/core';

/** A row of a shop in memory: when it was created and changed, and its content. */
export interface Row {
  readonly id: string;
  readonly created: string;
  readonly changed: string;
  readonly state: ShopState;
}

type Stream = 'orders' | 'carts' | 'consents';

/** A shop in memory, and its faults. */
export interface MemoryShop {
  readonly source: Source;
  readonly rows: Record<Stream, Row[]>;
  /** Calls that were made: `orders page`, `orders 7`. */
  readonly calls: string[];
  /** Failing calls by name: how many fail, after how many that succeed. */
  readonly failing: {
    readonly call: RegExp;
    readonly code: 'source_unavailable' | 'source_rate_limited';
    times: number;
    after?: number;
  }[];
  /** Rows without which no page can be given. */
  readonly spoilt: Set<string>;
  /** Makes or replaces a row. */
  put(stream: Stream, row: Row): void;
}

const KINDS = { orders: 'order', carts: 'cart', consents: 'consent' } as const;

/** Opens one. */
export function createMemoryShop(): MemoryShop {
  const rows: MemoryShop['rows'] = { orders: [], carts: [], consents: [] };
  const calls: string[] = [];
  const failing: MemoryShop['failing'] = [];
  const spoilt = new Set<string>();
  const called = (call: string) => {
    calls.push(call);
    const found = failing.find((one) => one.times > 0 && one.call.test(call));
    if (found === undefined) return undefined;
    if ((found.after ?? 0) > 0) {
      found.after! -= 1;
      return undefined;
    }
    found.times -= 1;
    return { failure: failed(found.code, 'Not now.') };
  };
  const found = (stream: Stream, { by, since, until }: Pick<RowQuery, 'by' | 'since' | 'until'>) => {
    const [from, to] = [Date.parse(since ?? '1970'), Date.parse(until ?? '9999')];
    const time = (row: Row) => Date.parse(row[by]);
    return rows[stream]
      .filter((row) => time(row) >= from && time(row) <= to)
      .toSorted((one, other) => time(one) - time(other) || one.id.localeCompare(other.id));
  };
  const streamOf = (stream: Stream) => ({
    title: stream,
    description: stream,
    kinds: [KINDS[stream]],
    every: 60,
    sweep: { every: 3_600, days: 7 },
    pageSize: 4,
    async page({ skip, limit, ...query }: RowQuery) {
      const failure = called(`${stream} page`);
      if (failure !== undefined) return failure;
      const page = found(stream, query).slice(skip, skip + limit);
      return page.some(({ id }) => spoilt.has(id))
        ? { failure: failed('source_unavailable', 'Error 500.') }
        : { rows: page };
    },
    async get(id: string) {
      const failure = called(`${stream} ${id}`);
      if (failure !== undefined) return failure;
      const row = rows[stream].find((one) => one.id === id);
      return row === undefined ? ('gone' as const) : { row };
    },
    count: async (query: Pick<RowQuery, 'by' | 'since' | 'until'>) => ({
      count: found(stream, query).length,
    }),
    keyOf: (row: unknown, by: RowQuery['by']) => {
      const { id, [by]: at } = row as Row;
      return { id, at };
    },
    states: (row: unknown) => [(row as Row).state],
  });
  const source = defineSource({
    slug: 'memory-shop',
    name: 'MemoryShop',
    description: 'A shop in memory.',
    settings: shopSettings,
    shop: {
      capabilities: [],
      limits: { concurrency: 2 },
      streams: { carts: streamOf('carts'), orders: streamOf('orders'), consents: streamOf('consents') },
      hints: ({ body }) => ({
        hints: new TextDecoder()
          .decode(body)
          .split(' ')
          .map((id) => ({ stream: 'orders', id })),
      }),
    },
  });
  return {
    source,
    rows,
    calls,
    failing,
    spoilt,
    put(stream, row) {
      rows[stream] = [...rows[stream].filter(({ id }) => id !== row.id), row];
    },
  };
}
