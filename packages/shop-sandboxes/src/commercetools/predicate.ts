import type { Json } from './values.ts';

/** Whether a row matches. */
export type Predicate = (row: Json) => boolean;

const TOKEN = /\s*("(?:[^"\\]|\\.)*"|<=|>=|!=|<>|[=<>(),]|[:\w.-]+)/gy;

/**
 * Parses a `where`: comparisons and `in`, joined by `and` and `or`, of members and nested members:
 * `paymentInfo(payments(id in :ids))`. Throws for anything unknown.
 */
export function predicateOf(where: string, query: URLSearchParams): Predicate {
  const tokens = [...where.matchAll(TOKEN)].map(([, token]) => token!);
  if (tokens.join('').length !== where.replace(/\s/g, '').length) throw new Error(`Malformed: ${where}`);
  let place = 0;
  const next = (): string => tokens[place++] ?? '';
  const expect = (wanted: string): void => {
    if (next() !== wanted) throw new Error(`Malformed: ${where}`);
  };

  const values = (token: string): readonly string[] => {
    if (token.startsWith(':')) {
      const given = query.getAll(`var.${token.slice(1)}`);
      if (given.length === 0) throw new Error(`No value for ${token}`);
      return given;
    }
    return [token.startsWith('"') ? (JSON.parse(token) as string) : token];
  };

  const either = (): Predicate => {
    const parts = [both()];
    while (tokens[place] === 'or' && ++place > 0) parts.push(both());
    return (row) => parts.some((part) => part(row));
  };
  const both = (): Predicate => {
    const parts = [one()];
    while (tokens[place] === 'and' && ++place > 0) parts.push(one());
    return (row) => parts.every((part) => part(row));
  };
  const one = (): Predicate => {
    if (tokens[place] === '(') return inside();
    const name = next();
    if (tokens[place] === '(') {
      const holds = inside();
      return (row) => membersOf(row[name]).some(holds);
    }
    return comparison(name, next());
  };
  const inside = (): Predicate => {
    expect('(');
    const holds = either();
    expect(')');
    return holds;
  };
  const comparison = (name: string, operator: string): Predicate => {
    if (operator === 'in') {
      const isList = tokens[place] === '(' && ++place > 0;
      const wanted = [...values(next())];
      while (isList && tokens[place] === ',' && ++place > 0) wanted.push(...values(next()));
      if (isList) expect(')');
      return (row) => wanted.includes(String(valueOf(row, name)));
    }
    const compare = COMPARE[operator];
    if (compare === undefined) throw new Error(`Malformed: ${where}`);
    const [wanted = ''] = values(next());
    return (row) => {
      const value = valueOf(row, name);
      return value !== undefined && compare(String(value), normal(wanted));
    };
  };

  const whole = either();
  if (place !== tokens.length) throw new Error(`Malformed: ${where}`);
  return whole;
}

const COMPARE: Readonly<Record<string, (one: string, other: string) => boolean>> = {
  '=': (one, other) => one === other,
  '!=': (one, other) => one !== other,
  '<>': (one, other) => one !== other,
  '>': (one, other) => one > other,
  '>=': (one, other) => one >= other,
  '<': (one, other) => one < other,
  '<=': (one, other) => one <= other,
};

/** Normalised times can be compared as strings. */
function normal(value: string): string {
  return /^\d{4}-\d\d-\d\dT/.test(value) ? new Date(value).toISOString() : value;
}

function membersOf(value: unknown): readonly Json[] {
  return (Array.isArray(value) ? value : [value]).filter(
    (one) => typeof one === 'object' && one !== null,
  ) as Json[];
}

/** The searchable values of a row; for an address also its lower-case form, which rows do not contain. */
function valueOf(row: Json, name: string): unknown {
  return name === 'lowercaseEmail' ? String(row['email']).toLowerCase() : row[name];
}
