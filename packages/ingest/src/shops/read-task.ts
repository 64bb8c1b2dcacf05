import type {
  Rejected,
  Retry,
  RowKey,
  RowPage,
  RowQuery,
  ShopFailure,
  ShopStream,
  SourceContext,
} from '@waybill/core';
import type { Lookahead } from './lookahead.ts';
import type { SetAside } from './aside.ts';
import { divide, isOfTheShop, type SoundPage } from './page.ts';
import { advance, type Placed, queryOf, type Run } from './run.ts';
import type { ReadRow, Rows } from './rows.ts';
import { thrown } from './states.ts';

/** The result of a page of a reading. */
export interface PageRead<R extends Rows = readonly ReadRow[]> {
  readonly rows: R;
  /** Rows that the shop cannot return. */
  readonly spoilt: readonly SetAside[];
  /** Where to continue; absent at the end. */
  readonly next?: Run;
  /** The number of new rows, including failing ones. */
  readonly count: number;
  /** The positions of the rows. */
  readonly keys: readonly RowKey[];
}

/** The page to read. */
export interface PageJob {
  readonly name: string;
  readonly stream: ShopStream;
  readonly run: Run;
  readonly context: SourceContext;
  /** Whether a failing page is bisected to find the failing row. */
  readonly divides: boolean;
  readonly now: () => number;
}

/** A row with its position. */
type PlacedRow = Placed & { readonly read: ReadRow };

/** A page with its new rows, not yet completed. */
export interface BarePage extends Omit<PageRead, 'rows'> {
  readonly fresh: readonly ReadRow[];
}

/** The prefetched page of a reading. */
export type PagesAhead = Lookahead<BarePage | ShopFailure>;

/** Calls a function of the author; an exception, or an invalid result, is a failure of the source. */
export async function asked<T>(call: () => Promise<T | ShopFailure>): Promise<T | ShopFailure> {
  try {
    return await call();
  } catch (error) {
    const { code, message } = thrown(error);
    return { failure: { status: 'retry', code, message } };
  }
}

/** Reads the next page of a reading; with prefetch, the page after it is read while its rows are completed. Never throws. */
export function readPage(job: PageJob, ahead?: PagesAhead): Promise<PageRead | ShopFailure> {
  return asked(() => pageOf(job, ahead));
}

/** Reads a page of a stream with completed rows. */
export async function wholePage(
  stream: ShopStream,
  query: RowQuery,
  context: SourceContext,
): Promise<RowPage | ShopFailure> {
  const page = await stream.page!(query, context);
  if ('failure' in page) return page;
  checkRows(page.rows, query.limit);
  const rows = await completed(stream, page.rows, context);
  return 'failure' in rows ? rows : { ...page, rows };
}

async function pageOf(job: PageJob, ahead?: PagesAhead): Promise<PageRead | ShopFailure> {
  const { stream, context, divides } = job;
  const page = await ((divides ? undefined : ahead?.take(job.run)) ?? barePageOf(job));
  if ('failure' in page) return page;
  const { fresh, ...rest } = page;
  // A bisected page was completed part by part.
  if (divides) return { ...rest, rows: fresh };
  if (page.next !== undefined) {
    const next = { ...job, run: page.next };
    ahead?.begin(page.next, () => asked(() => barePageOf(next)));
  }
  const rows = await completed(
    stream,
    fresh.map(({ row }) => row),
    context,
  );
  if ('failure' in rows) return rows;
  return { ...rest, rows: fresh.map((read, at) => ({ ...read, row: rows[at] })) };
}

async function completed(
  { complete }: ShopStream,
  rows: readonly unknown[],
  context: SourceContext,
): Promise<readonly unknown[] | ShopFailure> {
  if (complete === undefined || rows.length === 0) return rows;
  const whole = await complete(rows, context);
  if (!('failure' in whole) && whole.length !== rows.length)
    throw new Error(`${rows.length} rows became ${whole.length} when they were completed.`);
  return whole;
}

function checkRows(rows: readonly unknown[], most: number): void {
  if (!(Array.isArray(rows) && rows.length <= most))
    throw new Error(`A page is a list of at most ${most} rows.`);
}

async function barePageOf(job: PageJob): Promise<BarePage | ShopFailure> {
  const { name, stream, run, context, now } = job;
  const limit = stream.pageSize;
  const query = queryOf(run, limit);
  const part = (skip: number, most: number): Promise<RowPage | ShopFailure> =>
    asked(async () => {
      const asks = { ...query, skip, limit: most };
      if (job.divides) return wholePage(stream, asks, context);
      const page = await stream.page!(asks, context);
      if (!('failure' in page)) checkRows(page.rows, most);
      return page;
    });
  const page = await soundPage(part, run.skip, limit, job.divides);
  if ('failure' in page) return page;
  const placed = page.rows.map((row, at) =>
    readRow(name, stream, row, { ...query, skip: run.skip + at, limit: 1 }),
  );
  const count = placed.length + page.spoilt.length;
  const more = page.more === undefined ? {} : { more: page.more };
  const { fresh, next } = advance(run, placed, { count, ...more }, limit);
  const known = new Set(fresh);
  const keys = placed.flatMap(({ key }) => (key === undefined ? [] : [key]));
  return {
    fresh: placed.filter((one) => known.has(one)).map(({ read }) => read),
    spoilt: page.spoilt.map(({ skip, failure }) =>
      spoiltRow(name, { ...query, skip, limit: 1 }, failure, now()),
    ),
    count: fresh.length + page.spoilt.length,
    keys,
    ...(next === undefined ? {} : { next }),
  };
}

async function soundPage(
  read: (skip: number, limit: number) => Promise<RowPage | ShopFailure>,
  skip: number,
  limit: number,
  divides: boolean,
): Promise<SoundPage | ShopFailure> {
  const page = await read(skip, limit);
  if (!('failure' in page)) return { ...page, spoilt: [] };
  return divides && !isOfTheShop(page.failure) ? divide(read, { skip, limit }, page.failure) : page;
}

/** Reads a row with its position, if the source gives one. */
export function readRow(name: string, stream: ShopStream, row: unknown, query: RowQuery): PlacedRow {
  try {
    const key = stream.keyOf(row, query.by);
    const { id, at } = key;
    if (typeof id !== 'string' || Number.isNaN(Date.parse(at)))
      throw new Error('The position of a row must be its ID and an ISO 8601 time.');
    const own = { by: query.by, since: at, until: at, skip: 0, limit: stream.pageSize };
    return { row, key, read: { stream: name, row, id, query: own } };
  } catch (unplaced) {
    return { row, read: { stream: name, row, query, unplaced } };
  }
}

function spoiltRow(stream: string, query: RowQuery, failure: Rejected | Retry, at: number): SetAside {
  const { by, since, after, skip } = query;
  const { code, message } = failure;
  return {
    key: `${stream} ${JSON.stringify([by, since, after?.id, skip])}`,
    stream,
    query,
    at,
    code,
    message,
  };
}
