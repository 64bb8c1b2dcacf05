/** Parses a path of the trigger language or of shapes: `properties.products[0]["a.b"]`; `[]` is the first item. */
export function keysOf(path: string): readonly string[] {
  const keys: string[] = [];
  for (const [, plain, quoted, index] of path.matchAll(/([^.[\]]+)|\[("(?:[^"\\]|\\.)*")\]|\[(\d*)\]/g)) {
    if (plain !== undefined) keys.push(plain);
    else if (quoted !== undefined) keys.push(JSON.parse(quoted) as string);
    else keys.push(index === '' || index === undefined ? '0' : index);
  }
  return keys;
}

/** Returns the value at a path, own members only; undefined when there is none. */
export function valueAt(value: unknown, path: string): unknown {
  let at = value;
  for (const key of keysOf(path)) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[key];
  }
  return at;
}

/** Formats a value in one short line. */
export function brief(value: unknown): string {
  if (value === undefined) return '';
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}
