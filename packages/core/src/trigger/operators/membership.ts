import type { Membership } from '../ast.ts';
import type { OperatorEntry } from './comparison.ts';
import { equal } from './equality.ts';
import type { Predicate, Reader } from './function.ts';

/** The operator that searches for a value in a list. */
export const MEMBERSHIP: readonly OperatorEntry[] = [
  {
    name: 'in',
    doc:
      'The value is one of the list: `["a", "b"]`, or a field that contains a list. A missing list contains nothing; ' +
      'a missing value is in a list that contains `null`.',
    example: '"vip" in traits.tags',
  },
];

/** Creates the predicate of `in` from the readers of the value and the list. */
export function compileMembership(node: Membership, read: Reader, readList: Reader): Predicate {
  if (node.list.kind === 'list') {
    const values = new Set<unknown>(node.list.items.map((item) => item.value));
    return (event, item) => values.has(read(event, item) ?? null);
  }
  return (event, item) => {
    const list = readList(event, item);
    if (!Array.isArray(list)) return false;
    const value = read(event, item) ?? null;
    // Strings, numbers and booleans, which nearly all are, are found by the engine's own search.
    if (value !== null && typeof value !== 'object') return list.includes(value);
    return list.some((candidate) => equal(candidate, value));
  };
}
