import type { RowKey, RowPage, RowQuery, ShopFailure } from '@waybill/core';
import type { JsonObject } from './read.ts';

/** One page of a list: the rows of a time span, the oldest first. */
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

/** The parameters of version 3 for a time span. */
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

/** The most pages of rows of one second. */
const MOST_TIES = 40;

/**
 * Reads a page of a list that can be sorted by time alone. BigCommerce counts in seconds and does not say how it sorts the rows of
 * one second: so the last second of a full page is read to its end, and the next page begins with the second after it.
 */
export async function pageInTime(
  query: RowQuery,
  keyOf: (row: JsonObject, by: RowQuery['by']) => RowKey,
  read: ReadSpan,
): Promise<RowPage<JsonObject> | ShopFailure> {
  const { by, skip, limit } = query;
  const since = query.after === undefined ? toSecond(query.since) : toSecond(query.after.at, 1);
  const until = toSecond(query.until);
  if (since !== undefined && until !== undefined && since > until) return { rows: [], more: false };
  const window = { by, ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) };
  const found = await read({ ...window, page: skip / limit + 1, limit });
  if ('failure' in found) return found;
  const { rows } = found;
  if (rows.length < limit) return { rows, more: false };
  const last = toSecond(keyOf(rows.at(-1)!, by).at)!;
  const ties = await secondOf(last, by, limit, read);
  // A page that is read in parts has a row that spoils it: perhaps among these.
  if ('failure' in ties) return limit === 1 ? { rows, more: true } : ties;
  const known = new Set(rows.map((row) => keyOf(row, by).id));
  const whole = [...rows, ...ties.rows.filter((row) => !known.has(keyOf(row, by).id))];
  return { rows: whole.sort((a, b) => compare(keyOf(a, by), keyOf(b, by))), more: true };
}

/** The most pages of a list that cannot be sorted. */
const MOST_UNSORTED = 40;

/**
 * Reads a page of a list that cannot be sorted by when its rows changed: the whole span is read, which is short where polls are not
 * far behind, and put into order.
 */
export async function pageOfUnsorted(
  query: RowQuery,
  keyOf: (row: JsonObject, by: RowQuery['by']) => RowKey,
  read: ReadSpan,
): Promise<RowPage<JsonObject> | ShopFailure> {
  const { by, skip, limit, after } = query;
  const since = toSecond(after?.at ?? query.since);
  const until = toSecond(query.until);
  const span = { by, ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) };
  const all: JsonObject[] = [];
  for (let page = 1; page <= MOST_UNSORTED; page++) {
    const found = await read({ ...span, page, limit: MOST });
    if ('failure' in found) return found;
    all.push(...found.rows);
    if (found.rows.length < MOST) break;
  }
  const sorted = all
    .map((row) => ({ row, key: keyOf(row, by) }))
    .filter(({ key }) => after === undefined || compare(key, after) > 0)
    .sort((a, b) => compare(a.key, b.key))
    .map(({ row }) => row);
  return { rows: sorted.slice(skip, skip + limit), more: sorted.length > skip + limit };
}

/** The most rows of a page that BigCommerce gives. */
const MOST = 250;

function compare(a: RowKey, b: RowKey): number {
  return Date.parse(a.at) - Date.parse(b.at) || Number(a.id) - Number(b.id);
}

async function secondOf(
  at: string,
  by: RowQuery['by'],
  limit: number,
  read: ReadSpan,
): Promise<{ readonly rows: readonly JsonObject[] } | ShopFailure> {
  const rows: JsonObject[] = [];
  for (let page = 1; page <= MOST_TIES; page++) {
    const found = await read({ by, since: at, until: at, page, limit });
    if ('failure' in found) return found;
    rows.push(...found.rows);
    if (found.rows.length < limit) break;
  }
  return { rows };
}

/** A time to the second, `later` seconds after it. */
function toSecond(at: string | undefined, later = 0): string | undefined {
  if (at === undefined) return undefined;
  const seconds = Math.floor(Date.parse(at) / 1000) + later;
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
