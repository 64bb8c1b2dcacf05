import type { RowKey, RowPage, RowQuery, ShopFailure } from '@waybill/core';
import type { JsonObject } from '../read.ts';

/** A page of a list: the rows of a period, the oldest first. */
export interface Span {
  readonly by: RowQuery['by'];
  /** ISO 8601 to the second, inclusive. */
  readonly since?: string;
  readonly until?: string;
  readonly page: number;
  readonly limit: number;
}

/** Reads one page of a list. */
export type ReadSpan = (
  span: Span,
) => Promise<{ readonly rows: readonly JsonObject[]; readonly total?: number } | ShopFailure>;

/** Returns the parameters of version 3 for a period. */
export function datesOf({
  by,
  since,
  until,
}: Pick<RowQuery, 'by' | 'since' | 'until'>): Record<string, string> {
  const field = by === 'changed' ? 'date_modified' : 'date_created';
  return {
    ...(since === undefined ? {} : { [`${field}:min`]: since }),
    ...(until === undefined ? {} : { [`${field}:max`]: until }),
  };
}

/**
 * Reads a page of a list that can only be sorted by time, from `since` on. BigCommerce has a resolution of seconds: rows of the
 * last second of a page are repeated in the next one.
 */
export async function pageInTime(
  { by, skip, limit, ...rest }: RowQuery,
  read: ReadSpan,
): Promise<RowPage<JsonObject> | ShopFailure> {
  const found = await read({ by, ...secondsOf(rest), page: skip / limit + 1, limit });
  return 'failure' in found ? found : { rows: found.rows, more: found.rows.length === limit };
}

/** The maximum number of pages of an unsorted list. */
const MOST_UNSORTED = 40;

/**
 * Reads a page of a list that cannot be sorted by time of change: reads the whole period, which is short if polls are not far
 * behind, and sorts it.
 */
export async function pageOfUnsorted(
  query: RowQuery,
  keyOf: (row: JsonObject, by: RowQuery['by']) => RowKey,
  read: ReadSpan,
): Promise<RowPage<JsonObject> | ShopFailure> {
  const { by, skip, limit, after } = query;
  const span = { by, ...secondsOf(query) };
  const all: JsonObject[] = [];
  for (let page = 1; page <= MOST_UNSORTED; page++) {
    const found = await read({ ...span, page, limit: MOST });
    if ('failure' in found) return found;
    all.push(...found.rows);
    if (found.rows.length < MOST) break;
  }
  // A row without a position comes last, and is set aside.
  const keyOrNone = (row: JsonObject): RowKey | undefined => {
    try {
      return keyOf(row, by);
    } catch {
      return undefined;
    }
  };
  const placed = all.map((row) => ({ row, key: keyOrNone(row) }));
  const sorted = [
    ...placed
      .flatMap(({ row, key }) => (key === undefined ? [] : [{ row, key }]))
      .filter(({ key }) => after === undefined || compare(key, after) > 0)
      .sort((a, b) => compare(a.key, b.key)),
    ...placed.filter(({ key }) => key === undefined),
  ];
  const rows = sorted.slice(skip, skip + limit).map(({ row }) => row);
  return { rows, more: sorted.length > skip + limit };
}

/** BigCommerce's maximum number of rows of a page. */
const MOST = 250;

function compare(a: RowKey, b: RowKey): number {
  return Date.parse(a.at) - Date.parse(b.at) || Number(a.id) - Number(b.id);
}

/** Rounds the ends of a period to seconds: a row of the same second is included. */
function secondsOf({ since, until }: Pick<RowQuery, 'since' | 'until'>) {
  const second = (at: string): string =>
    new Date(Math.floor(Date.parse(at) / 1000) * 1000).toISOString().replace('.000Z', 'Z');
  return {
    ...(since === undefined ? {} : { since: second(since) }),
    ...(until === undefined ? {} : { until: second(until) }),
  };
}
