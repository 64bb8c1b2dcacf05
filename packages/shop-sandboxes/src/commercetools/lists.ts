import { answer, type ShopAnswer } from '../frame/index.ts';
import { predicateOf } from './predicate.ts';
import type { Json } from './values.ts';

/** An error. */
export function error(status: number, code: string, message: string): ShopAnswer {
  return answer({ statusCode: status, message, errors: [{ code, message }] }, status);
}

/** A row with its object of the model. */
export interface Shown<T> {
  readonly of: T;
  readonly row: Json;
}

/** Returns the requested rows: filtered, sorted, from an offset of at most 10,000. */
export function listOf<T>(
  rows: readonly Shown<T>[],
  query: URLSearchParams,
  render: (page: readonly T[]) => readonly Json[],
): ShopAnswer {
  const limit = Number(query.get('limit') ?? 20);
  const offset = Number(query.get('offset') ?? 0);
  if (!Number.isInteger(limit) || limit < 0 || limit > 500)
    return error(400, 'InvalidInput', 'Malformed parameter: limit');
  if (!Number.isInteger(offset) || offset < 0 || offset > 10_000)
    return error(400, 'InvalidInput', 'Malformed parameter: offset');
  try {
    const wanted = query.getAll('where').map((where) => predicateOf(where, query));
    const meant = rows.filter(({ row }) => wanted.every((holds) => holds(row)));
    const sorted = [...meant].sort(orderOf(query.getAll('sort')));
    const page = sorted.slice(offset, offset + limit).map(({ of }) => of);
    const total = query.get('withTotal') === 'false' ? {} : { total: meant.length };
    const results = render(page);
    return answer({ limit, offset, count: results.length, ...total, results });
  } catch (cause) {
    if (!(cause instanceof Error) || !/^(Malformed|No value)/.test(cause.message)) throw cause;
    return error(400, 'InvalidInput', `Malformed parameter: where: ${cause.message}`);
  }
}

function orderOf(sorts: readonly string[]): (one: Shown<unknown>, other: Shown<unknown>) => number {
  return (one, other) => {
    for (const sort of sorts) {
      const [name = '', direction = 'asc'] = sort.split(' ');
      const [a, b] = [String(one.row[name] ?? ''), String(other.row[name] ?? '')];
      if (a !== b) return (a < b ? -1 : 1) * (direction === 'desc' ? -1 : 1);
    }
    return 0;
  };
}
