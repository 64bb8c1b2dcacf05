import type {
  CallsLeft,
  ConnectionResult,
  FeedPage,
  HintAnswer,
  RowKey,
  RowPage,
  ShopFailure,
  ShopFeed,
  ShopState,
  ShopStream,
  Source,
  SourceContext,
  Stream,
  StreamPage,
  UnreadablePart,
  WebhookAnswer,
} from '@waybill/core';
import { numbered } from './destination.ts';
import type { RunTask } from './protocol.ts';
import type {
  DescribedShop,
  DescribedShopStream,
  DescribedSource,
  Said,
  SourceTask,
  ToldRow,
} from './source-protocol.ts';

type Ask = (task: Omit<SourceTask, 'kind' | 'slug'>, context: SourceContext) => Promise<unknown>;

/** Returns a source like any other, whose functions ask the code in its process. */
export function containedSource(described: DescribedSource, run: RunTask): Source {
  const { has, streams, shop, ...data } = described;
  const { slug } = data;
  const ask: Ask = (task, { settings, request }) =>
    run({ kind: 'source', slug, ...task }, { settings: numbered(settings), request });
  const source: Source = {
    ...data,
    streams: mapped(streams, (one, stream): Stream => ({
      ...one,
      read: (input, context) => ask({ call: 'read', stream, input }, context) as Promise<StreamPage>,
    })),
    ...(shop === undefined ? {} : { shop: containedShop(slug, shop, ask, run) }),
    ...(has.includes('webhook')
      ? {
          webhook: (input, context) => ask({ call: 'webhook', input }, context) as Promise<WebhookAnswer>,
        }
      : {}),
    ...(has.includes('testConnection')
      ? { testConnection: (context) => ask({ call: 'testConnection' }, context) as Promise<ConnectionResult> }
      : {}),
  };
  return Object.freeze(source);
}

function containedShop(
  slug: string,
  { has, streams, feeds, limits, capabilities }: DescribedShop,
  ask: Ask,
  run: RunTask,
): NonNullable<Source['shop']> {
  return {
    capabilities,
    streams: mapped(streams, (one, name) => containedStream(name, one, ask)),
    ...(feeds === undefined
      ? {}
      : {
          feeds: mapped(feeds, (one, stream): ShopFeed => ({
            ...one,
            read: (input, context) =>
              ask({ call: 'feed', stream, input }, context) as Promise<FeedPage | ShopFailure>,
          })),
        }),
    limits: {
      ...limits,
      ...(has.includes('left')
        ? {
            async left(input) {
              // Without it, the quotas and the refusals still apply.
              const left = run({ kind: 'source', slug, call: 'left', input }, nobody());
              return (await left.catch(() => undefined)) as CallsLeft | undefined;
            },
          }
        : {}),
    },
    ...(has.includes('hints')
      ? { hints: (input, context) => ask({ call: 'hints', input }, context) as Promise<HintAnswer> }
      : {}),
    ...(has.includes('subscribe')
      ? {
          subscribe: (input, context) =>
            ask({ call: 'subscribe', input }, context) as Promise<{ message: string } | ShopFailure>,
        }
      : {}),
    ...(has.includes('writeConsent')
      ? {
          writeConsent: (input, context) =>
            ask({ call: 'writeConsent', input }, context) as Promise<'written' | 'nobody' | ShopFailure>,
        }
      : {}),
  };
}

function containedStream(stream: string, { has, ...data }: DescribedShopStream, ask: Ask): ShopStream {
  /** The results of the rows that are being processed. */
  const told = new WeakMap<object, ToldRow>();
  const known = (one: ToldRow): unknown => {
    const { row } = one;
    if (typeof row !== 'object' || row === null) throw new Error('A row must be an object.');
    told.set(row, one);
    return row;
  };
  const saidOf = (row: unknown, what: 'changed' | 'created' | 'states' | 'unreadable'): unknown => {
    const one = told.get(row as object);
    if (one === undefined) throw new Error('This row is unknown.');
    return valueOf(one[what] ?? { value: [] });
  };
  return {
    ...data,
    keyOf: (row, by) => saidOf(row, by) as RowKey,
    states: (row) => saidOf(row, 'states') as readonly ShopState[],
    unreadable: (row) => saidOf(row, 'unreadable') as readonly UnreadablePart[],
    ...(has.includes('page')
      ? {
          async page(input, context) {
            const page = (await ask({ call: 'page', stream, input }, context)) as
              RowPage<ToldRow> | ShopFailure;
            return 'failure' in page ? page : { ...page, rows: page.rows.map(known) };
          },
        }
      : {}),
    ...(has.includes('get')
      ? {
          async get(input, context) {
            const got = (await ask({ call: 'get', stream, input }, context)) as
              { readonly row: ToldRow } | 'gone' | ShopFailure;
            return got === 'gone' || 'failure' in got ? got : { row: known(got.row) };
          },
        }
      : {}),
    ...(has.includes('count')
      ? {
          count: (input, context) =>
            ask({ call: 'count', stream, input }, context) as Promise<{ count: number } | ShopFailure>,
        }
      : {}),
  };
}

function valueOf(said: Said): unknown {
  if ('threw' in said) throw new Error(said.threw);
  return said.value;
}

/** The context of a question outside of any call. */
function nobody(): Parameters<RunTask>[1] {
  return {
    settings: numbered({}),
    request: () => Promise.reject(new Error('No calls can be made here.')),
  };
}

function mapped<T, U>(
  members: Readonly<Record<string, T>>,
  make: (one: T, name: string) => U,
): Readonly<Record<string, U>> {
  return Object.fromEntries(Object.entries(members).map(([name, one]) => [name, make(one, name)]));
}
