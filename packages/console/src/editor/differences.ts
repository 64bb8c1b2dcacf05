/** A difference between two values; undefined where one has none. */
export interface Difference {
  readonly path: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** The maximum number of differences; a payload of thousands of items can have one in each. */
const MOST = 200;

/** Returns the differences of two JSON values, in the order of members of the second. */
export function differencesOf(from: unknown, to: unknown): readonly Difference[] {
  const found: Difference[] = [];
  compare(from, to, '', found);
  return found;
}

function compare(from: unknown, to: unknown, path: string, found: Difference[]): void {
  if (found.length >= MOST) return;
  const [left, right] = [membersOf(from), membersOf(to)];
  if (left === undefined || right === undefined || Array.isArray(from) !== Array.isArray(to)) {
    if (JSON.stringify(from) !== JSON.stringify(to)) found.push({ path, from, to });
    return;
  }
  for (const key of new Set([...right.keys(), ...left.keys()])) {
    const at = Array.isArray(to) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
    compare(left.get(key), right.get(key), at, found);
  }
}

function membersOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : undefined;
}
