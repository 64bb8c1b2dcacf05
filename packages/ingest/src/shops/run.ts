import type { RowKey, RowPage, RowQuery } from '@waybill/core';

/** A reading of rows in the order of time, and how far it has come. JSON: kept with the events. */
export interface Run {
  readonly by: RowQuery['by'];
  /** ISO 8601. */
  readonly since?: string;
  /** ISO 8601. */
  readonly until?: string;
  /** The newest row that was read. */
  readonly after?: RowKey;
  /** Ids of the rows of that time that were read: a shop that cannot begin after a row gives them again. */
  readonly edge?: readonly string[];
  readonly skip: number;
  /** First and last row of the page before, for as long as pages tell of no later time. */
  readonly before?: string;
  /** Pages without a row, one after the other. */
  readonly empty?: number;
}

/** A row with its place; without one when it has none. */
export interface Placed {
  readonly row: unknown;
  readonly key?: RowKey;
}

/** What a page means for the reading. */
export interface Advance {
  /** Absent at the end. */
  readonly next?: Run;
  /** Rows that were not read before. */
  readonly fresh: readonly Placed[];
}

/** Pages without a row that a shop may give while it says that there is more. */
const MOST_EMPTY = 10;

/** The query for the next page. It holds for shops that begin after a row, and for those that begin at a time and skip. */
export function queryOf({ by, since, until, after, skip }: Run, limit: number): RowQuery {
  const from = after?.at ?? since;
  return {
    by,
    ...(from === undefined ? {} : { since: from }),
    ...(until === undefined ? {} : { until }),
    ...(after === undefined ? {} : { after }),
    skip,
    limit,
  };
}

/** The order of times; those of the same millisecond may be told apart by their text. */
export function compareTimes(one: string, other: string): number {
  if (isPlain(one) && isPlain(other)) return one === other ? 0 : one < other ? -1 : 1;
  const difference = Date.parse(one) - Date.parse(other);
  if (difference !== 0) return difference;
  return one.length === other.length ? (one < other ? -1 : one > other ? 1 : 0) : 0;
}

/** Whether a time is written as `toISOString` does, so that its text tells the order: nearly every one is. */
function isPlain(time: string): boolean {
  return time.length === 24 && time.charCodeAt(4) === DASH && time.charCodeAt(10) === T && time.endsWith('Z');
}

const DASH = 0x2d;
const T = 0x54;

/**
 * Where a reading goes on after a page. While pages tell of later times it begins anew after the newest row, so that rows
 * which change meanwhile move nothing; rows of one time are passed over page by page.
 */
export function advance(
  run: Run,
  placed: readonly Placed[],
  page: Pick<RowPage, 'more'> & { readonly count: number },
  limit: number,
): Advance {
  const { after, edge = [], before, empty: _empty, ...rest } = run;
  const seen = new Set(edge);
  const fresh = placed.filter(
    ({ key }) => key === undefined || after === undefined || key.at !== after.at || !seen.has(key.id),
  );
  if (!(page.more ?? page.count >= limit)) return { fresh };
  if (page.count === 0) {
    const empty = (run.empty ?? 0) + 1;
    if (empty > MOST_EMPTY) throw new Error('The shop says that there is more, but returns no rows.');
    return { fresh, next: { ...run, empty, skip: run.skip + limit } };
  }
  const keys = placed.flatMap(({ key }) => (key === undefined ? [] : [key]));
  const newest = keys.reduce<RowKey | undefined>(
    (most, one) => (most === undefined || compareTimes(one.at, most.at) >= 0 ? one : most),
    undefined,
  );
  if (newest !== undefined && (after === undefined || compareTimes(newest.at, after.at) > 0)) {
    const ties = keys.flatMap(({ id, at }) => (at === newest.at ? [id] : []));
    return { fresh, next: { ...rest, after: newest, edge: ties, skip: 0 } };
  }
  const ends = JSON.stringify([keys[0], keys.at(-1), page.count]);
  // Some shops give the last page again and again.
  if (keys.length > 0 && ends === before) return { fresh: [] };
  return {
    fresh,
    next: {
      ...rest,
      ...(after === undefined ? {} : { after, edge }),
      before: ends,
      skip: run.skip + limit,
    },
  };
}
