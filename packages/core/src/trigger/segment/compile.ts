import type { Predicate, Reader, TriggerEvent } from '../operators/function.ts';
import { compileAnd, compileOr } from '../operators/logic.ts';
import type { SegmentCondition, SegmentTest } from './parse.ts';

/** Compiles a trigger as the hosted product reads it. */
export function compileSegment(node: SegmentCondition): Predicate {
  if (node.kind === 'test') return compileTest(node, compileSegmentReader(node));
  const children = node.children.map(compileSegment);
  return node.kind === 'and' ? compileAnd(children) : compileOr(children);
}

/** Creates the reader of the value of a condition. */
export function compileSegmentReader(node: SegmentTest): Reader {
  const { field, path } = node;
  if (path === undefined) return () => undefined;
  if (path.length === 0) {
    if (field === 'type') return (event) => event['type'];
    if (field === 'event') return (event) => event['event'];
    return (event) => event[field];
  }
  return (event) => {
    let value: unknown = event[field];
    for (const key of path) {
      // A falsy value on the way is the value of the whole path: `properties.total.x` is 0 when the total is 0.
      if (!value) return value;
      value = readOwn(value, key);
    }
    return value;
  };
}

/** Strings have own length and characters; inherited members are never read. */
function readOwn(container: NonNullable<unknown>, key: string): unknown {
  if (typeof container === 'string') {
    if (key === 'length') return container.length;
    return /^(?:0|[1-9]\d*)$/.test(key) ? container[Number(key)] : undefined;
  }
  if (typeof container !== 'object' || !Object.hasOwn(container, key)) return undefined;
  // An own key of the object.
  return (container as TriggerEvent)[key];
}

function compileTest(node: SegmentTest, read: Reader): Predicate {
  const text = String(node.value);
  const bound = Number(node.value);
  switch (node.operator) {
    case '=':
      return (event, item) => read(event, item) === text;
    case '!=':
      return (event, item) => read(event, item) !== text;
    case 'number_equals':
      return ofNumber(read, (value) => value === bound);
    case 'number_not_equals':
      return ofNumber(read, (value) => value !== bound);
    case '<':
      return ofNumber(read, (value) => value < bound);
    case '<=':
      return ofNumber(read, (value) => value <= bound);
    case '>':
      return ofNumber(read, (value) => value > bound);
    case '>=':
      return ofNumber(read, (value) => value >= bound);
    case 'contains':
      return ofText(read, (value) => value.includes(text));
    case 'not_contains':
      return ofText(read, (value) => !value.includes(text));
    case 'starts_with':
      return ofText(read, (value) => value.startsWith(text));
    case 'not_starts_with':
      return ofText(read, (value) => !value.startsWith(text));
    case 'ends_with':
      return ofText(read, (value) => value.endsWith(text));
    case 'not_ends_with':
      return ofText(read, (value) => !value.endsWith(text));
    case 'exists':
      return (event, item) => (read(event, item) ?? null) !== null;
    case 'not_exists':
      return (event, item) => (read(event, item) ?? null) === null;
    case 'is_true':
      return (event, item) => read(event, item) === true;
    case 'is_false':
      return (event, item) => read(event, item) === false;
    default:
      return () => false;
  }
}

function ofNumber(read: Reader, holds: (value: number) => boolean): Predicate {
  return (event, item) => {
    const value = read(event, item);
    return typeof value === 'number' && holds(value);
  };
}

function ofText(read: Reader, holds: (value: string) => boolean): Predicate {
  return (event, item) => {
    const value = read(event, item);
    return typeof value === 'string' && holds(value);
  };
}
