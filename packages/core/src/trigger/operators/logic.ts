import type { OperatorEntry } from './comparison.ts';
import type { Predicate } from './function.ts';

/** The words that join and negate conditions, strongest first. */
export const LOGIC: readonly OperatorEntry[] = [
  {
    name: '!',
    doc: 'Negates the condition that follows, including a whole comparison. Also written `not`.',
    example: '!contains(event, "Test")',
  },
  { name: 'and', doc: 'All conditions are true.', example: 'type = "track" and event = "Signed Up"' },
  { name: 'or', doc: 'At least one condition is true.', example: 'type = "page" or type = "screen"' },
];

/** Creates the predicate of `and`. */
export function compileAnd(parts: readonly Predicate[]): Predicate {
  const [a, b, c] = parts;
  if (parts.length === 2 && a && b) return (event, item) => a(event, item) && b(event, item);
  if (parts.length === 3 && a && b && c) {
    return (event, item) => a(event, item) && b(event, item) && c(event, item);
  }
  return (event, item) => {
    for (const part of parts) if (!part(event, item)) return false;
    return true;
  };
}

/** Creates the predicate of `or`. */
export function compileOr(parts: readonly Predicate[]): Predicate {
  const [a, b] = parts;
  if (parts.length === 2 && a && b) return (event, item) => a(event, item) || b(event, item);
  return (event, item) => {
    for (const part of parts) if (part(event, item)) return true;
    return false;
  };
}
