/** The types of values. */
export const VALUE_TYPES = ['string', 'number', 'boolean', 'null', 'object', 'list'] as const;

/** The type of a value. */
export type ValueType = (typeof VALUE_TYPES)[number];

/** The limits of inspecting an event. */
const REACH = { depth: 8, members: 100, items: 3, key: 100 };

/** Visits every path of an event with a value: `properties.products[].sku`, where `[]` matches each item of a list. */
export function visitPaths(
  event: Readonly<Record<string, unknown>>,
  visit: (path: string, type: ValueType, value: unknown) => void,
): void {
  for (const key of Object.keys(event).slice(0, REACH.members)) into(event[key], key, 1, visit);
}

function into(
  value: unknown,
  path: string,
  depth: number,
  visit: (path: string, type: ValueType, value: unknown) => void,
): void {
  const type = typeOf(value);
  visit(path, type, value);
  if (depth >= REACH.depth) return;
  if (type === 'list') {
    for (const item of (value as readonly unknown[]).slice(0, REACH.items))
      into(item, `${path}[]`, depth + 1, visit);
  }
  if (type !== 'object') return;
  const container = value as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(container).slice(0, REACH.members))
    if (key.length <= REACH.key) into(container[key], pathTo(path, key), depth + 1, visit);
}

function pathTo(path: string, key: string): string {
  return /^[\w$-]+$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}

function typeOf(value: unknown): ValueType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  const type = typeof value;
  return type === 'string' || type === 'number' || type === 'boolean' ? type : 'object';
}
