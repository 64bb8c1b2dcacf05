import type { Quantifier } from '../ast.ts';
import type { OperatorEntry } from './comparison.ts';
import type { Predicate, Reader } from './function.ts';

/** The words that apply a condition to the items of a list. */
export const QUANTIFIERS: readonly OperatorEntry[] = [
  {
    name: 'any',
    doc: 'At least one item of the list meets the condition; false when there is no list.',
    example: 'any(properties.products, sku = "A-1" and price > 10)',
  },
  {
    name: 'all',
    doc: 'The list has at least one item and every item meets the condition; false when there is no list or no item.',
    example: 'all(properties.products, category = "shoes")',
  },
];

/** Creates the predicate of `any` or `all` from the reader of the list and the condition on an item. */
export function compileQuantifier(node: Quantifier, readList: Reader, holds: Predicate): Predicate {
  if (node.kind === 'any') {
    return (event, item) => {
      const list = readList(event, item);
      return Array.isArray(list) && list.some((element) => holds(event, element));
    };
  }
  return (event, item) => {
    const list = readList(event, item);
    return Array.isArray(list) && list.length > 0 && list.every((element) => holds(event, element));
  };
}
