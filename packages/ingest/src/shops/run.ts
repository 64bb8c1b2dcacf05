import type { RowKey, RowPage, RowQuery } from '@waybill/core';

/** The progress of a reading of rows in order of time. JSON: stored with the events. */
export interface Run {
  readonly by: RowQuery['by'];
  /** ISO 8601. */
  readonly since?: string;
  /** ISO 8601. */
  readonly until?: string;
  /** The newest row that was read. */
  readonly after?: RowKey;
  /** IDs of the read rows of that time: a shop that cannot start after a row repeats them. */
  readonly edge?: readonly string[];
  readonly skip: number;
  /** First and last row of the previous page, while pages have no later time. */
  readonly before?: string;
  /** The number of consecutive empty pages. */
  readonly empty?: number;
}

/** A row with its position, if it has one. */
export interface Placed {
  readonly row: unknown;
  readonly key?: RowKey;
}

/** The effect of a page on the reading. */
export interface Advance {
  /** Absent at the end. */
  readonly next?: Run;
  /** New rows. */
  readonly fresh: readonly Placed[];
}

/** The maximum number of empty pages while a shop says that there is more. */
const MOST_EMPTY = 10;

/** Returns the query for the next page, for shops that start after a row, and for those that start at a time and skip. */
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

/** Compares times; those of the same millisecond may differ in their string. */
export function compareTimes(one: string, other: string): number {
  if (isPlain(one) && isPlain(other)) return one === other ? 0 : one < other ? -1 : 1;
  const difference = Date.parse(one) - Date.parse(other);
  if (difference !== 0) return difference;
  return one.length === other.length ? (one < other ? -1 : one > other ? 1 : 0) : 0;
}

/** Whether a time has the form of `toISOString`, so that strings can be compared: nearly all do. */
function isPlain(time: string): boolean {
  return time.length === 24 && time.charCodeAt(4) === DASH && time.charCodeAt(10) === T && time.endsWith('Z');
}

const DASH = 0x2d;
const T = 0x54;

/**
 * Advances a reading by a page. While pages have later times it restarts after the newest row, so that concurrent changes do
 * not shift offsets; rows of one time are skipped page by page.
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
  // Some shops repeat the last page.
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
