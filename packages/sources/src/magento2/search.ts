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

/** A search: one of the filters of each group must hold. */
export interface Search {
  readonly path: string;
  readonly groups: readonly (readonly Filter[])[];
  readonly sort?: readonly string[];
  readonly size: number;
  /** From 1 on. */
  readonly page: number;
  /** Members of a row that are asked for: what is not, such as payments, never leaves the shop. */
  readonly fields: string;
  /** What else the call takes. */
  readonly more?: Query;
}

/** What was found, and how much there is in all. */
export interface Found {
  readonly rows: readonly JsonObject[];
  readonly total: number;
}

/** The most values of an `in`: addresses must stay below what web servers take. */
const MOST_VALUES = 100;
/** Rows of a page where all are wanted: the most that a Magento with limits gives. */
const WHOLE_PAGE = 300;
/** More pages than any list has that is read whole. */
const MOST_PAGES = 200;

/** The query of a search, for `searchCriteria`. */
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

/** Makes a search. Older versions repeat the last page when asked for one past the end; that is an empty one here. */
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

/** All rows with one of these values. */
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

/** All rows of a search. */
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

/** Where a stream is found, and how its rows are distinguished. */
export interface Place {
  readonly path: string;
  readonly fields: string;
  /** What else must hold. */
  readonly groups?: readonly (readonly Filter[])[];
}

const ID = 'entity_id';

/** The filters of a window of time: after a row means later, or at the same time with a higher id. */
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

/** How many rows of a stream there are. */
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
