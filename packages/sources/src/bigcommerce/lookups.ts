import type { Rejected, Retry, ShopFailure, ShopStream } from '@waybill/core';
import { list, call, dataOf, type ApiCall } from './api.ts';
import { idOf, type JsonObject, must, textOf } from '../read.ts';
import type { Context, Settings } from './settings.ts';

/** How long names of referenced IDs are cached, in milliseconds. */
const KEPT = 3_600_000;
/** The maximum number of pages of a list of names. */
const MOST_PAGES = 40;
const PAGE = 250;

interface Kept {
  readonly until: number;
  readonly value: Promise<unknown>;
}

/** A storefront or another channel. */
export interface Channel {
  readonly id: string;
  readonly name?: string;
  readonly type?: string;
  /** Address of its site. */
  readonly url?: string;
  /** The default language of its pages. */
  readonly locale?: string;
}

/** Returns the channel of an ID; only the ID when nothing more can be read. */
export async function channelOf(context: Context, id: string | undefined): Promise<Channel | undefined> {
  if (id === undefined) return undefined;
  return remember(context, `channel:${id}`, async () => {
    const channel = await one(context, { path: `v3/channels/${encodeURIComponent(id)}` });
    if (channel === undefined) return undefined;
    const site = await one(context, { path: `v3/channels/${encodeURIComponent(id)}/site` });
    const settings = { path: 'v3/settings/store/locale', query: { channel_id: id } };
    const locale = textOf((await one(context, settings)) ?? {}, 'default_shopper_language');
    const name = textOf(channel, 'name');
    const type = textOf(channel, 'type');
    const url = textOf(site ?? {}, 'url');
    return {
      id,
      ...(name === undefined ? {} : { name }),
      ...(type === undefined ? {} : { type }),
      ...(url === undefined ? {} : { url: url.replace(/\/+$/, '') }),
      ...(locale === undefined ? {} : { locale }),
    };
  }).then((channel) => channel ?? { id });
}

/** Facts of the store as a whole. */
export interface StoreFacts {
  /** The currency of the catalog. */
  readonly currency: string;
  readonly channel: string | undefined;
}

/** Returns the currency of the catalog, and the default channel. */
export async function storeOf(context: Context): Promise<StoreFacts> {
  // Prices are meaningless without a currency.
  const found = await remember(context, 'store', async () => {
    const got = await call(context, { path: 'v2/store' });
    if ('failure' in got) throw new Unread(got.failure);
    return 'body' in got ? dataOf(got.body) : undefined;
  });
  return {
    currency: must(textOf(found ?? {}, 'currency'), 'currency of the store'),
    channel: idOf(found ?? {}, 'default_channel_id'),
  };
}

/** Returns the names of customer groups, by ID. */
export async function groupNames(context: Context): Promise<ReadonlyMap<string, string>> {
  return (await remember(context, 'groups', () => names(context, 'v2/customer_groups'))) ?? new Map();
}

/** Returns the names of customer attributes, by ID. */
export async function attributeNames(context: Context): Promise<ReadonlyMap<string, string>> {
  return (
    (await remember(context, 'attributes', () => names(context, 'v3/customers/attributes'))) ?? new Map()
  );
}

/** Returns the names of brands, by ID. */
export async function brandNames(context: Context): Promise<ReadonlyMap<string, string>> {
  return (await remember(context, 'brands', () => names(context, 'v3/catalog/brands'))) ?? new Map();
}

/** Returns the path of names of each category, the most general first. */
export async function categoryPaths(context: Context): Promise<ReadonlyMap<string, readonly string[]>> {
  const read = async (): Promise<ReadonlyMap<string, readonly string[]> | undefined> => {
    const rows = await all(context, 'v3/catalog/categories');
    if (rows === undefined) return undefined;
    const byId = new Map(rows.map((row) => [textOf(row, 'id') ?? '', row]));
    return new Map(rows.map((row) => [textOf(row, 'id') ?? '', pathOf(row, byId)]));
  };
  return (await remember(context, 'categories', read)) ?? new Map();
}

function pathOf(row: JsonObject, byId: ReadonlyMap<string, JsonObject>): readonly string[] {
  const path: string[] = [];
  const seen = new Set<JsonObject>();
  let at: JsonObject | undefined = row;
  while (at !== undefined && !seen.has(at)) {
    seen.add(at);
    path.unshift(textOf(at, 'name') ?? '');
    const parent: string | undefined = idOf(at, 'parent_id');
    at = parent === undefined ? undefined : byId.get(parent);
  }
  return path.filter((name) => name !== '');
}

/** A name temporarily could not be read: without it, a row would seem to have changed. */
class Unread extends Error {
  readonly failure: Rejected | Retry;

  constructor(failure: Rejected | Retry) {
    super(failure.message);
    this.failure = failure;
  }
}

/** Wraps a stream so that pages and rows fail when a needed name temporarily cannot be read. */
export function withLookups<Row>(stream: ShopStream<Settings, Row>): ShopStream<Settings, Row> {
  const { page, complete, get } = stream;
  return {
    ...stream,
    ...(page === undefined ? {} : { page: (query, context) => orFailure(page(query, context)) }),
    ...(complete === undefined ? {} : { complete: (rows, context) => orFailure(complete(rows, context)) }),
    ...(get === undefined ? {} : { get: (id, context) => orFailure(get(id, context)) }),
  };
}

async function orFailure<T>(work: Promise<T | ShopFailure>): Promise<T | ShopFailure> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Unread) return { failure: error.failure };
    throw error;
  }
}

/** Returns the cached value, or reads it; undefined without permission: rows do without it. */
async function remember<T>(
  context: Context,
  name: string,
  read: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const { memory, now } = context;
  const kept = memory.get(name) as Kept | undefined;
  if (kept !== undefined && kept.until > now()) return kept.value as Promise<T | undefined>;
  const value = read();
  memory.set(name, { until: now() + KEPT, value } satisfies Kept);
  try {
    const found = await value;
    // A forbidden value is requested again soon, but not for each row.
    if (found === undefined) memory.set(name, { until: now() + KEPT / 60, value });
    return found;
  } catch (error) {
    memory.delete(name);
    throw error;
  }
}

async function one(context: Context, asked: ApiCall): Promise<JsonObject | undefined> {
  const got = await call(context, asked);
  if ('failure' in got && got.failure.status === 'retry') throw new Unread(got.failure);
  return 'body' in got ? dataOf(got.body) : undefined;
}

async function names(context: Context, path: string): Promise<ReadonlyMap<string, string> | undefined> {
  const rows = await all(context, path);
  return rows && new Map(rows.map((row) => [textOf(row, 'id') ?? '', textOf(row, 'name') ?? '']));
}

async function all(context: Context, path: string): Promise<readonly JsonObject[] | undefined> {
  const rows: JsonObject[] = [];
  for (let page = 1; page <= MOST_PAGES; page++) {
    const got = await list(context, { path, query: { page, limit: PAGE } });
    if ('failure' in got && got.failure.status === 'retry') throw new Unread(got.failure);
    if ('failure' in got) return undefined;
    rows.push(...got.rows);
    if (got.rows.length < PAGE) break;
  }
  return rows;
}
