import {
  defineFields,
  defineSource,
  failed,
  type HttpResponse,
  type ResolvedSource,
  type RowQuery,
  type ShopFailure,
  type ShopLimits,
  type Source,
  type SourceContext,
} from '@waybill/core';
import type { Changes } from '@waybill/ingest';

/** A row of the test shop. */
export interface Row {
  readonly id: string;
  readonly created: string;
  readonly updated: string;
  readonly total: number;
}

/** A shop in memory, with configurable faults. */
export interface FakeShop {
  readonly rows: Map<string, Row>;
  /** Whether it can start after a row; otherwise it starts at a time and skips. */
  keyset: boolean;
  /** IDs of rows that make a page fail, of unreadable rows, and of rows with invalid states. */
  readonly spoils: Set<string>;
  readonly throws: Set<string>;
  readonly invalid: Set<string>;
  /** IDs of rows with unreadable parts. */
  readonly torn: Set<string>;
  /** Whether it repeats the last page. */
  repeats: boolean;
  /** Whether it says that there is more, and returns nothing. */
  drips: boolean;
  /** The answer to a call before anything is read: a status with headers. */
  answer:
    (() => { readonly status: number; readonly headers?: Record<string, string> } | undefined) | undefined;
  /** Called after a page was created, before it is returned. */
  meanwhile: (() => void) | undefined;
  /** Called with the IDs of rows to complete; may return a failure. */
  completing: ((ids: readonly string[]) => Promise<boolean>) | undefined;
  readonly calls: { queries: RowQuery[]; gets: string[]; made: number };
  put(id: string, updated: string, total?: number, created?: string): void;
  readonly source: (limits?: Partial<ShopLimits>) => Source;
  instance(limits?: Partial<ShopLimits>): ResolvedSource;
  contextOf(now: () => number): (source: ResolvedSource) => SourceContext;
}

const CODES: Readonly<Record<number, 'source_unauthorized' | 'source_rate_limited'>> = {
  401: 'source_unauthorized',
  429: 'source_rate_limited',
};

/** Creates a shop. */
export function fakeShop(pageSize = 4): FakeShop {
  const call = async ({ request }: SourceContext): Promise<ShopFailure | undefined> => {
    const answer = await request({ url: 'https://shop.example/' });
    if (answer.kind === 'failure') return { failure: failed(answer.code, answer.message) };
    const code = CODES[answer.status] ?? 'source_unavailable';
    return answer.ok ? undefined : { failure: failed(code, `The shop answered ${answer.status}.`) };
  };
  const ordered = (by: 'changed' | 'created'): readonly Row[] =>
    [...shop.rows.values()].sort((one, other) => {
      const [a, b] = by === 'changed' ? [one.updated, other.updated] : [one.created, other.created];
      return Date.parse(a) - Date.parse(b) || Number(one.id) - Number(other.id);
    });
  const select = ({ by, since, until, after }: Partial<RowQuery> & Pick<RowQuery, 'by'>): readonly Row[] =>
    ordered(by).filter((row) => {
      const at = Date.parse(by === 'changed' ? row.updated : row.created);
      if (since !== undefined && at < Date.parse(since)) return false;
      if (until !== undefined && at > Date.parse(until)) return false;
      if (!shop.keyset || after === undefined) return true;
      return at > Date.parse(after.at) || (at === Date.parse(after.at) && Number(row.id) > Number(after.id));
    });
  const shop: FakeShop = {
    rows: new Map(),
    keyset: true,
    spoils: new Set(),
    throws: new Set(),
    invalid: new Set(),
    torn: new Set(),
    repeats: false,
    drips: false,
    answer: undefined,
    meanwhile: undefined,
    completing: undefined,
    calls: { queries: [], gets: [], made: 0 },
    put(id, updated, total = 1, created = updated) {
      shop.rows.set(id, { id, created: shop.rows.get(id)?.created ?? created, updated, total });
    },
    source: (limits = {}) =>
      defineSource({
        slug: 'fake',
        name: 'Fake',
        description: 'A shop in memory.',
        settings: defineFields({}),
        shop: {
          limits: { concurrency: 2, ...limits },
          capabilities: [],
          hints({ headers, body }) {
            if (headers['x-key'] !== 'right')
              return { refused: { code: 'source_signature_invalid', message: 'The key is wrong.' } };
            return { hints: JSON.parse(new TextDecoder().decode(body)) as { stream: string; id: string }[] };
          },
          streams: {
            orders: {
              title: 'Orders',
              description: 'Orders.',
              kinds: ['order'],
              every: 60,
              sweep: { every: 86_400, days: 7 },
              pageSize,
              async page(query, context) {
                shop.calls.queries.push(query);
                const failure = await call(context);
                if (failure !== undefined) return failure;
                if (shop.drips) return { rows: [], more: true };
                const found = select(query);
                const first = shop.repeats
                  ? Math.min(query.skip, Math.max(0, found.length - query.limit))
                  : query.skip;
                const rows = found.slice(first, first + query.limit);
                if (rows.some(({ id }) => shop.spoils.has(id)))
                  return { failure: failed('source_unavailable', 'The shop answered 500.') };
                shop.meanwhile?.();
                return { rows };
              },
              async complete(rows) {
                const isDone = (await shop.completing?.(rows.map((row) => (row as Row).id))) ?? true;
                return isDone ? rows : { failure: failed('source_unavailable', 'The shop answered 500.') };
              },
              async get(id, context) {
                shop.calls.gets.push(id);
                const failure = await call(context);
                if (failure !== undefined) return failure;
                if (shop.spoils.has(id))
                  return { failure: failed('source_unavailable', 'The shop answered 500.') };
                const row = shop.rows.get(id);
                return row === undefined ? 'gone' : { row };
              },
              count: async (query) => ({ count: select(query).length }),
              keyOf: (row, by) => {
                const { id, updated, created } = row as Row;
                return { id, at: by === 'changed' ? updated : created };
              },
              states(row) {
                const { id, updated, total } = row as Row;
                if (shop.throws.has(id)) throw new Error(`Row ${id} has no lines.`);
                const status = shop.invalid.has(id) ? ('odd' as 'placed') : 'placed';
                return [{ kind: 'order', id, status, currency: 'EUR', total, updatedAt: updated }];
              },
              unreadable(row) {
                const { id } = row as Row;
                return shop.torn.has(id) ? [{ message: 'It has no id.', part: { of: id } }] : [];
              },
            },
          },
        },
      }),
    instance: (limits) => ({
      id: 'shop',
      name: 'shop',
      enabled: true,
      source: shop.source(limits),
      settings: {},
    }),
    contextOf: (now) => (source) => ({
      settings: source.settings,
      now,
      memory: new Map(),
      async request(): Promise<HttpResponse> {
        shop.calls.made += 1;
        const { status, headers = {} } = shop.answer?.() ?? { status: 200 };
        return { kind: 'response', ok: status < 300, status, headers, text: '', body: {}, exchange: 0 };
      },
    }),
  };
  return shop;
}

/** Derives an event for every change. */
export const changes: Changes = (before, after) => [
  {
    type: 'track',
    event: before === undefined ? 'New' : 'gone' in after ? 'Gone' : 'Changed',
    messageId: `${after.id} ${'gone' in after ? 'gone' : `${(after as { updatedAt: string }).updatedAt} ${(after as { total: number }).total}`}`,
    userId: 'u',
    // As an order of many lines.
    ...('total' in after && after.total === 40_000 ? { properties: { lines: 'x'.repeat(40_000) } } : {}),
  },
];
