/** The key under which Segment stores a directive that wraps the whole mapping. */
export const ROOT_KEY = '__segment_internal_directive';

/** The key under which Segment stores the sync mode of a mapping. */
export const MODE_KEY = '__segment_internal_sync_mode';

/** A place in a mapping: the keys and indexes that lead to it. */
export type Place = readonly (string | number)[];

/**
 * Writes a place as a JSON path: `items[1].quantity`, `["a.b"].c`. The fields under a root directive are where the
 * author wrote them, not inside the directive that receives them.
 */
export function formatPlace(place: Place): string {
  const root = place.indexOf(ROOT_KEY);
  const shown =
    root >= 0 && place[root + 2] === 'mapping' ? [...place.slice(0, root), ...place.slice(root + 3)] : place;
  let out = '';
  for (const key of shown) {
    if (typeof key === 'number') out += `[${key}]`;
    else if (/^[@\w$-]+$/.test(key)) out += out === '' ? key : `.${key}`;
    else out += `[${JSON.stringify(key)}]`;
  }
  return out;
}

/**
 * Splits a `@path` into keys. One `$.` is dropped anywhere; dots and brackets separate; quotes are removed from keys.
 * No keys means the whole scope. A key that contains a dot needs `@waybill.get`.
 */
export function parsePath(text: string): readonly string[] {
  return splitKeys(text.replace('$.', ''));
}

/** Splits a path that has no `$.` (the inside of a template's braces) into keys. */
export function splitKeys(text: string): readonly string[] {
  const keys: string[] = [];
  let key = '';
  const end = () => {
    if (key !== '') keys.push(key.replaceAll(/["']/g, ''));
    key = '';
  };
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (char === '.') {
      end();
    } else if (char === '[' && isQuoteOrDigit(text[i + 1])) {
      end();
    } else if (char === ']' && isQuoteOrDigit(text[i - 1])) {
      end();
      while (text[i + 1] === ']') i++;
    } else {
      key += char;
    }
  }
  end();
  return keys;
}

function isQuoteOrDigit(char: string | undefined): boolean {
  return char !== undefined && (char === '"' || char === "'" || (char >= '0' && char <= '9'));
}

/**
 * Reads a path of keys, own members only. A falsy value on the way is the result: `$.traits.email` of
 * `traits: null` is null.
 */
export function readKeys(scope: unknown, keys: readonly string[]): unknown {
  let value = scope;
  for (const key of keys) {
    if (!value) return value;
    value = readOwn(value, key);
  }
  return value;
}

/** Reads one member of a truthy value, never an inherited one. */
export function readOwn(value: unknown, key: string): unknown {
  return Object.hasOwn(value as object, key) ? (value as Record<string, unknown>)[key] : undefined;
}

const PROTOTYPES: readonly object[] = [
  Object.prototype,
  Array.prototype,
  String.prototype,
  Number.prototype,
  Boolean.prototype,
  Date.prototype,
];

/**
 * Whether plain property access is safe for a key: no value in an event inherits it. `length` is always an own member
 * of strings and arrays. Functions cannot occur; with them, `name` would be inherited.
 */
export function isPlainKey(key: string): boolean {
  return key === 'length' || PROTOTYPES.every((prototype) => !(key in prototype));
}
