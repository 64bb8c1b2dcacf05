import type { Compare, CompareOperator, Operand } from '../ast.ts';
import { equal } from './equality.ts';
import type { Predicate, Reader } from './function.ts';

/** One operator of the language, for the reference. */
export interface OperatorEntry {
  readonly name: string;
  readonly doc: string;
  readonly example: string;
}

/** The comparison operators. */
export const COMPARISONS: readonly OperatorEntry[] = [
  {
    name: '=',
    doc: 'Same type and same value. Also written `==`. `= null` is true when the field is null or missing.',
    example: 'event = "Order Completed"',
  },
  {
    name: '!=',
    doc: 'The opposite of `=`: also true when the field is missing, unless compared with `null`.',
    example: 'properties.coupon != null',
  },
  {
    name: '>',
    doc: 'Greater: compares two numbers, or two strings by character order; false for anything else.',
    example: 'properties.total > 100',
  },
  { name: '>=', doc: 'Greater or equal, likewise.', example: 'properties.total >= 100' },
  { name: '<', doc: 'Less, likewise.', example: 'timestamp < "2026-01-01"' },
  { name: '<=', doc: 'Less or equal, likewise.', example: 'properties.quantity <= 3' },
];

/** Creates the predicate of a comparison from the readers of its sides. */
export function compileCompare(node: Compare, left: Reader, right: Reader): Predicate {
  if (node.operator === '=' || node.operator === '!=') {
    const same = compileEquality(node, left, right);
    return node.operator === '=' ? same : (event, item) => !same(event, item);
  }
  return compileOrder(node, left, right);
}

function compileEquality(node: Compare, left: Reader, right: Reader): Predicate {
  const [constant, read] = constantSide(node.left, node.right, left, right);
  if (constant === undefined) return (event, item) => equal(left(event, item), right(event, item));
  const value = constant.value;
  if (value === null) {
    return (event, item) => {
      const actual = read(event, item);
      return actual === null || actual === undefined;
    };
  }
  return (event, item) => read(event, item) === value;
}

/** The constant side, if one is constant, and the reader of the other. */
function constantSide(left: Operand, right: Operand, readLeft: Reader, readRight: Reader) {
  if (right.kind === 'literal') return [right, readLeft] as const;
  if (left.kind === 'literal') return [left, readRight] as const;
  return [undefined, readLeft] as const;
}

function compileOrder(node: Compare, left: Reader, right: Reader): Predicate {
  const holds = ORDER[node.operator as Exclude<CompareOperator, '=' | '!='>];
  if (node.right.kind === 'literal') {
    const bound = node.right.value;
    if (typeof bound === 'number') return compileBound(node.operator, left, bound);
    if (typeof bound !== 'string') return () => false;
  }
  return (event, item) => {
    const a = left(event, item);
    const b = right(event, item);
    if (typeof a === 'number') return typeof b === 'number' && holds(a, b);
    return typeof a === 'string' && typeof b === 'string' && holds(a, b);
  };
}

/** The usual case, a field and a number, without a second call per evaluation. */
function compileBound(operator: CompareOperator, read: Reader, bound: number): Predicate {
  switch (operator) {
    case '<':
      return (event, item) => {
        const value = read(event, item);
        return typeof value === 'number' && value < bound;
      };
    case '<=':
      return (event, item) => {
        const value = read(event, item);
        return typeof value === 'number' && value <= bound;
      };
    case '>':
      return (event, item) => {
        const value = read(event, item);
        return typeof value === 'number' && value > bound;
      };
    default:
      return (event, item) => {
        const value = read(event, item);
        return typeof value === 'number' && value >= bound;
      };
  }
}

type Ordered = string | number;

const ORDER = {
  '<': (a: Ordered, b: Ordered) => a < b,
  '<=': (a: Ordered, b: Ordered) => a <= b,
  '>': (a: Ordered, b: Ordered) => a > b,
  '>=': (a: Ordered, b: Ordered) => a >= b,
};
