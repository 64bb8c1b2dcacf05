import { answer, type ShopAnswer } from '../frame/index.ts';
import type { Rows } from '../model/index.ts';
import { secondOf } from './values.ts';

/** The maximum number of rows of a page. */
const MOST = 250;

/** An error of version 3. */
export function error3(
  status: number,
  title: string,
  errors: Readonly<Record<string, string>> = {},
): ShopAnswer {
  const type = 'https://developer.bigcommerce.com/api-docs/getting-started/api-status-codes';
  return answer({ status, title, type, errors, instance: null }, status);
}

/** An error of version 2: a list. */
export function error2(status: number, message: string): ShopAnswer {
  return answer([{ status, message, details: {} }], status);
}

/** A page of rows, or the error of the requested page. */
function pageOf<T>(
  rows: Rows<T>,
  query: URLSearchParams,
  preset: number,
):
  | { readonly rows: readonly T[]; readonly page: number; readonly limit: number }
  | { readonly wrong: string } {
  const page = numberOf(query, 'page') ?? 1;
  const limit = numberOf(query, 'limit') ?? preset;
  if (!Number.isInteger(page) || page < 1) return { wrong: 'page' };
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST) return { wrong: 'limit' };
  return { rows: rows.slice((page - 1) * limit, page * limit), page, limit };
}

/** A list of version 2: no total, and no body where there are no rows. */
export function list2<T>(
  rows: Rows<T>,
  query: URLSearchParams,
  render: (rows: readonly T[]) => readonly unknown[],
): ShopAnswer {
  const page = pageOf(rows, query, 50);
  if ('wrong' in page) return error2(400, `The field '${page.wrong}' is invalid.`);
  return page.rows.length === 0 ? { status: 204 } : answer(render(page.rows));
}

/** A list of version 3. */
export function list3<T>(
  rows: Rows<T>,
  query: URLSearchParams,
  render: (rows: readonly T[]) => readonly unknown[],
): ShopAnswer {
  const found = pageOf(rows, query, 50);
  if ('wrong' in found) return error3(422, 'Unprocessable Entity', { [found.wrong]: 'is invalid' });
  const { page, limit } = found;
  const pagination = {
    total: rows.length,
    count: found.rows.length,
    per_page: limit,
    current_page: page,
    total_pages: Math.ceil(rows.length / limit),
    links: { current: `?page=${page}&limit=${limit}` },
  };
  return answer({ data: render(found.rows), meta: { pagination } });
}

/** The requested period of a table, both ends in seconds and inclusive. */
export interface Ends {
  readonly from?: number;
  readonly to?: number;
}

/** Parses a period; undefined when invalid. */
export function endsOf(query: URLSearchParams, min: string, max: string): Ends | undefined {
  const from = timeOf(query.get(min));
  const to = timeOf(query.get(max));
  if (Number.isNaN(from) || Number.isNaN(to)) return undefined;
  return {
    ...(from === undefined ? {} : { from: secondOf(from) }),
    ...(to === undefined ? {} : { to: secondOf(to) + 999 }),
  };
}

function timeOf(text: string | null): number | undefined {
  if (text === null) return undefined;
  return Date.parse(/^\d{4}-\d\d-\d\dT[\d:]+$/.test(text) ? `${text}Z` : text);
}

function numberOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  return text === null ? undefined : Number(text);
}

/** Sorts rows by a time: those of one second have no reliable order. */
export function bySecond<T extends { readonly id: number }>(
  rows: readonly T[],
  at: (row: T) => number,
): readonly T[] {
  return [...rows].sort((a, b) => secondOf(at(a)) - secondOf(at(b)) || b.id - a.id);
}

/** The ids of a filter. */
export function idsOf(query: URLSearchParams, name: string): ReadonlySet<string> | undefined {
  const text = query.get(name);
  return text === null ? undefined : new Set(text.split(','));
}
