import type { Row } from './values.ts';

/** How rows of a kind are searched and rendered. */
export interface Listing<T> {
  readonly rows: readonly T[];
  /** Returns the value of a searchable field; undefined for an unknown field. */
  readonly fieldOf: (row: T, field: string) => string | number | undefined;
  readonly render: (row: T) => Row;
}

/** A found page. */
export interface Found<T> {
  readonly page: readonly T[];
  readonly total: number;
  /** The criteria, which answers repeat. */
  readonly asked: Row;
}

/** A field that Magento cannot search by: its database fails. */
export class UnknownField extends Error {}

interface Filter {
  field?: string;
  value?: string;
  condition_type?: string;
}

const FILTER =
  /^searchCriteria\[filter_groups\]\[(\d+)\]\[filters\]\[(\d+)\]\[(field|value|condition_type)\]$/;
const SORT = /^searchCriteria\[sortOrders\]\[(\d+)\]\[(field|direction)\]$/;

/** Finds rows by searchCriteria: one filter of each group must match. */
export function find<T>(query: URLSearchParams, listing: Listing<T>): Found<T> {
  const groups = groupsOf(query);
  const orders = ordersOf(query);
  const fields = [...groups.flat().map(({ field }) => field), ...orders.map(({ field }) => field)];
  const [first] = listing.rows;
  if (first !== undefined)
    for (const field of fields)
      if (listing.fieldOf(first, field ?? '') === undefined && !OPTIONAL.has(field ?? ''))
        throw new UnknownField(field);
  const holds = (row: T, filter: Filter): boolean =>
    matches(listing.fieldOf(row, filter.field ?? ''), filter);
  const rows = listing.rows.filter((row) => groups.every((group) => group.some((one) => holds(row, one))));
  const sorted = [...rows].sort((a, b) => {
    for (const { field, direction } of orders) {
      const [one, other] = [listing.fieldOf(a, field) ?? '', listing.fieldOf(b, field) ?? ''];
      if (one !== other) return (one < other ? -1 : 1) * (direction === 'DESC' ? -1 : 1);
    }
    return 0;
  });
  const size = Number(query.get('searchCriteria[pageSize]') ?? sorted.length);
  const current = Number(query.get('searchCriteria[currentPage]') ?? 1);
  return {
    page: sorted.slice((current - 1) * size, current * size),
    total: sorted.length,
    asked: {
      filter_groups: groups.map((filters) => ({ filters })),
      ...(orders.length === 0 ? {} : { sort_orders: orders }),
      page_size: size,
      current_page: current,
    },
  };
}

/** Fields that a row may lack. */
const OPTIONAL = new Set(['customer_id', 'name', 'sku', 'type_id']);

function groupsOf(query: URLSearchParams): readonly (readonly Filter[])[] {
  const groups: Filter[][] = [];
  for (const [name, value] of query) {
    const [, group, at, member] = FILTER.exec(name) ?? [];
    if (group === undefined) continue;
    const filters = (groups[Number(group)] ??= []);
    (filters[Number(at)] ??= {})[member as keyof Filter] = value;
  }
  return groups.filter((one) => one !== undefined);
}

function ordersOf(query: URLSearchParams): readonly { field: string; direction: string }[] {
  const orders: { field: string; direction: string }[] = [];
  for (const [name, value] of query) {
    const [, at, member] = SORT.exec(name) ?? [];
    if (at === undefined) continue;
    (orders[Number(at)] ??= { field: '', direction: 'ASC' })[member as 'field' | 'direction'] = value;
  }
  return orders;
}

function matches(
  value: string | number | undefined,
  { value: wanted = '', condition_type }: Filter,
): boolean {
  if (value === undefined) return false;
  const given = typeof value === 'number' ? Number(wanted) : wanted;
  switch (condition_type) {
    case 'in':
      return wanted.split(',').includes(String(value));
    case 'gt':
      return value > given;
    case 'gteq':
      return value >= given;
    case 'lt':
      return value < given;
    case 'lteq':
      return value <= given;
    default:
      return value === given;
  }
}
