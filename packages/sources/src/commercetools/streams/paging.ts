import type { RowKey, RowPage, RowQuery, ShopFailure } from '@waybill/core';
import { type ApiCall, call, rowsOf } from '../api.ts';
import type { JsonObject } from '../../read.ts';
import { needed } from '../json.ts';
import type { Context } from '../settings.ts';

/** A list: its path, expansions, and filter. */
export interface List {
  readonly path: string;
  readonly expand?: readonly string[];
  readonly query?: ApiCall['query'];
}

const TIMES = { changed: 'lastModifiedAt', created: 'createdAt' } as const;

/** Returns the position of a row. */
export function keyOf(row: JsonObject, by: RowQuery['by']): RowKey {
  return { id: needed(row, 'id'), at: needed(row, TIMES[by]) };
}

/** Reads a page in the order of time and id. It starts after a row, never at an offset: those end at 10,000. */
export async function pageOf(
  { path, expand = [], query = [] }: List,
  asked: RowQuery,
  context: Context,
): Promise<RowPage<JsonObject> | ShopFailure> {
  const time = TIMES[asked.by];
  return rowsOf(context, {
    path,
    query: [
      ...whereOf(asked),
      ['sort', `${time} asc`],
      ['sort', 'id asc'],
      ['limit', String(asked.limit)],
      ...(asked.skip === 0 ? [] : [['offset', String(asked.skip)] as const]),
      ['withTotal', 'false'],
      ...expanded(expand),
      ...query,
    ],
  });
}

/** Reads one row; `gone` when there is none. */
export async function rowOf(
  { path, expand = [], query = [] }: List,
  id: string,
  context: Context,
): Promise<{ readonly row: JsonObject } | 'gone' | ShopFailure> {
  const got = await call(context, {
    path: `${path}/${encodeURIComponent(id)}`,
    query: [...expanded(expand), ...query],
  });
  if ('failure' in got) return got;
  return 'missing' in got ? 'gone' : { row: got.body };
}

/** Counts the rows. */
export async function countOf(
  path: string,
  span: Pick<RowQuery, 'by' | 'since' | 'until'>,
  context: Context,
): Promise<{ readonly count: number } | ShopFailure> {
  const query = [...whereOf(span), ['limit', '1'], ['withTotal', 'true']] as const;
  const found = await rowsOf(context, { path, query });
  return 'failure' in found ? found : { count: found.total ?? found.rows.length };
}

/** Returns the parameters that expand references. */
export function expanded(expand: readonly string[]): readonly (readonly [string, string])[] {
  return expand.map((one) => ['expand', one]);
}

/** The condition for a period; values are always parameters. */
function whereOf({
  by,
  since,
  until,
  after,
}: Pick<RowQuery, 'by' | 'since' | 'until' | 'after'>): readonly (readonly [string, string])[] {
  const time = TIMES[by];
  const parts: string[] = [];
  const values: (readonly [string, string])[] = [];
  if (after !== undefined) {
    parts.push(`(${time} > :at or (${time} = :at and id > :id))`);
    values.push(['var.at', after.at], ['var.id', after.id]);
  } else if (since !== undefined) {
    parts.push(`${time} >= :since`);
    values.push(['var.since', since]);
  }
  if (until !== undefined) {
    parts.push(`${time} <= :until`);
    values.push(['var.until', until]);
  }
  return parts.length === 0 ? [] : [['where', parts.join(' and ')], ...values];
}
