import type { RowPage, RowQuery, ShopFailure } from '@waybill/core';

import { type Query, read } from './client.ts';
import { type JsonObject, objectsOf } from '../read.ts';
import { filterTime, memberOf, numberOf } from './json.ts';
import type { Context } from './settings.ts';

/** A condition of a search. */
export interface Filter {
  readonly field: string;
  readonly is: 'eq' | 'in' | 'gt' | 'gteq' | 'lteq';
  readonly value: string;
}

/** A search: one of the filters of each group must match. */
export interface Search {
  readonly path: string;
  readonly groups: readonly (readonly Filter[])[];
  readonly sort?: readonly string[];
  readonly size: number;
  /** From 1. */
  readonly page: number;
  /** The requested members of a row: others, such as payments, never leave the shop. */
  readonly fields: string;
  /** Other parameters of the call. */
  readonly more?: Query;
}

/** The found rows, and the total. */
export interface Found {
  readonly rows: readonly JsonObject[];
  readonly total: number;
}

/** The maximum number of values of an `in`: URLs must stay below the limit of web servers. */
const MOST_VALUES = 100;
/** The page size for complete lists: the maximum of a Magento with limits. */
const WHOLE_PAGE = 300;
/** More pages than any complete list has. */
const MOST_PAGES = 200;

/** Returns the query of a search, for `searchCriteria`. */
export function criteriaOf({ groups, sort = [], size, page, fields, more }: Search): Query {
  const query: Record<string, string> = { ...more };
  groups.forEach((group, at) => {
    group.forEach(({ field, is, value }, index) => {
      const name = `searchCriteria[filter_groups][${at}][filters][${index}]`;
      query[`${name}[field]`] = field;
      query[`${name}[value]`] = value;
      query[`${name}[condition_type]`] = is;
    });
  });
  sort.forEach((field, at) => {
    query[`searchCriteria[sortOrders][${at}][field]`] = field;
    query[`searchCriteria[sortOrders][${at}][direction]`] = 'ASC';
  });
  query['searchCriteria[pageSize]'] = String(size);
  query['searchCriteria[currentPage]'] = String(page);
  query['fields'] = fields === '' ? 'total_count' : `items[${fields}],total_count`;
  return query;
}

/** Runs a search. Older versions repeat the last page after the end; here that page is empty. */
export async function search(context: Context, what: Search): Promise<Found | ShopFailure> {
  const answer = await read(context, what.path, criteriaOf(what));
  if ('failure' in answer) return answer;
  const total = numberOf(memberOf(answer.body, 'total_count'));
  if (total === undefined) {
    const message = `The answer of Magento to ${what.path} is not a list.`;
    return { failure: { status: 'retry', code: 'source_unreadable_answer', message } };
  }
  const before = (what.page - 1) * what.size;
  return { rows: before >= total ? [] : objectsOf(memberOf(answer.body, 'items')), total };
}

/** Returns all rows with one of these values. */
export async function searchIn(
  context: Context,
  what: Pick<Search, 'path' | 'fields' | 'more'> & { readonly field: string },
  values: readonly string[],
): Promise<readonly JsonObject[] | ShopFailure> {
  const { field, ...rest } = what;
  const all: JsonObject[] = [];
  for (let at = 0; at < values.length; at += MOST_VALUES) {
    const value = values.slice(at, at + MOST_VALUES).join(',');
    const found = await searchAll(context, { ...rest, groups: [[{ field, is: 'in', value }]] });
    if ('failure' in found) return found;
    all.push(...found);
  }
  return all;
}

/** Returns all rows of a search. */
export async function searchAll(
  context: Context,
  what: Pick<Search, 'path' | 'groups' | 'fields' | 'more'>,
): Promise<readonly JsonObject[] | ShopFailure> {
  const all: JsonObject[] = [];
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const found = await search(context, { ...what, size: WHOLE_PAGE, page });
    if ('failure' in found) return found;
    all.push(...found.rows);
    if (page * WHOLE_PAGE >= found.total) break;
  }
  return all;
}

/** The endpoint of a stream, and the identity of its rows. */
export interface Place {
  readonly path: string;
  readonly fields: string;
  /** Further filters. */
  readonly groups?: readonly (readonly Filter[])[];
}

const ID = 'entity_id';

/** The filters of a period: after a row means later, or at the same time with a higher ID. */
function windowOf(query: Pick<RowQuery, 'by' | 'since' | 'until' | 'after'>): readonly (readonly Filter[])[] {
  const field = fieldOf(query.by);
  const { since, until, after } = query;
  const groups: (readonly Filter[])[] = [];
  const from = after?.at ?? since;
  if (from !== undefined) groups.push([{ field, is: 'gteq', value: filterTime(from) }]);
  if (after !== undefined) {
    groups.push([
      { field, is: 'gt', value: filterTime(after.at) },
      { field: ID, is: 'gt', value: String(Number(after.id)) },
    ]);
  }
  if (until !== undefined) groups.push([{ field, is: 'lteq', value: filterTime(until) }]);
  return groups;
}

const fieldOf = (by: RowQuery['by']): string => (by === 'changed' ? 'updated_at' : 'created_at');

/** Reads a page of a stream, in the order of time and id. */
export async function pageOf(
  context: Context,
  { path, fields, groups = [] }: Place,
  query: RowQuery,
): Promise<(RowPage<JsonObject> & { readonly more: boolean }) | ShopFailure> {
  const page = Math.floor(query.skip / query.limit) + 1;
  const found = await search(context, {
    path,
    fields,
    groups: [...windowOf(query), ...groups],
    sort: [fieldOf(query.by), ID],
    size: query.limit,
    page,
  });
  if ('failure' in found) return found;
  return { rows: found.rows, more: page * query.limit < found.total };
}

/** Counts the rows of a stream. */
export async function countOf(
  context: Context,
  { path, groups = [] }: Place,
  query: Pick<RowQuery, 'by' | 'since' | 'until'>,
): Promise<{ readonly count: number } | ShopFailure> {
  const found = await search(context, {
    path,
    fields: '',
    groups: [...windowOf(query), ...groups],
    size: 1,
    page: 1,
  });
  return 'failure' in found ? found : { count: found.total };
}
