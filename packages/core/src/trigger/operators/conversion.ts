import { ofOneValue, type FunctionEntry } from './function.ts';

const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** Returns the type of a value, in terms of the language. */
export function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'boolean') return 'bool';
  return typeof value;
}

function toBool(value: unknown): boolean {
  if (typeof value === 'string') {
    const word = value.trim().toLowerCase();
    return word !== '' && word !== 'false' && word !== '0';
  }
  if (Array.isArray(value)) return value.length > 0;
  return Boolean(value);
}

function toText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  try {
    return JSON.stringify(value) ?? null;
  } catch {
    // A value that is not JSON (a cycle, a bigint) has no string form; a trigger never fails on an event.
    return null;
  }
}

function toNumber(value: unknown): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return null;
  const text = value.trim();
  const number = DECIMAL.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(number) ? number : null;
}

/** The functions that return or change the type of a value. */
export const CONVERSION: readonly FunctionEntry[] = [
  {
    name: 'typeof',
    parameters: ['value'],
    returns: 'string',
    doc: 'The type of the value: `"string"`, `"number"`, `"bool"`, `"list"`, `"object"`, or `"null"` for null and missing.',
    example: 'typeof(properties.total) = "number"',
    compile: ofOneValue(typeName),
  },
  {
    name: 'bool',
    parameters: ['value'],
    returns: 'bool',
    doc: 'False for null, missing, `0`, an empty list and the strings `""`, `"0"` and `"false"`; true for everything else.',
    example: 'bool(traits.newsletter)',
    compile: ofOneValue(toBool),
  },
  {
    name: 'string',
    parameters: ['value'],
    returns: 'string',
    doc: 'The value as a string; lists and objects as JSON. Null when the value is null or missing.',
    example: 'string(properties.order_id) = "1001"',
    compile: ofOneValue(toText),
  },
  {
    name: 'number',
    parameters: ['value'],
    returns: 'number',
    doc: 'The value as a number: numbers, and strings that are a decimal number. Null for everything else.',
    example: 'number(properties.total) > 100',
    compile: ofOneValue(toNumber),
  },
];
