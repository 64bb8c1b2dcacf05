import type { Row } from './values.ts';

type Wanted = ReadonlyMap<string, Wanted | undefined>;

/** Reduces an answer to the members in `fields`: `items[id,name],total_count`. */
export function project(value: unknown, fields: string | null): unknown {
  if (fields === null || fields === '') return value;
  return pick(value, parse(fields));
}

function parse(text: string): Wanted {
  const stack: Map<string, Wanted | undefined>[] = [new Map()];
  let last = '';
  for (const [token] of text.matchAll(/[\w-]+|[[\],]/g)) {
    const top = stack.at(-1)!;
    if (token === '[') {
      const inner = new Map<string, Wanted | undefined>();
      top.set(last, inner);
      stack.push(inner);
    } else if (token === ']') stack.pop();
    else if (token !== ',') {
      top.set(token, undefined);
      last = token;
    }
  }
  return stack[0]!;
}

function pick(value: unknown, wanted: Wanted): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => pick(one, wanted));
  if (typeof value !== 'object' || value === null) return value;
  const row = value as Row;
  return Object.fromEntries(
    [...wanted].flatMap(([name, inner]) =>
      name in row ? [[name, inner === undefined ? row[name] : pick(row[name], inner)]] : [],
    ),
  );
}
