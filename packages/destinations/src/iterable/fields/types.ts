import { isRecord } from '../../http/json.ts';
import { canonicalDate, epochSeconds, looksLikeDate } from './dates.ts';

/** The types that Iterable fixes fields to. */
export type FieldType = 'string' | 'long' | 'double' | 'boolean' | 'date' | 'object' | 'geo_location';

const TYPES: ReadonlySet<string> = new Set<FieldType>([
  'string',
  'long',
  'double',
  'boolean',
  'date',
  'object',
  'geo_location',
]);

/** Converts a type name of Iterable; undefined for an unknown one. */
export function fieldType(word: string): FieldType | undefined {
  return TYPES.has(word) ? (word as FieldType) : undefined;
}

/** Returns the type of a field with this first value. Lists have the type of their members. */
export function typeOfValue(value: unknown, path: string): FieldType | undefined {
  switch (typeof value) {
    case 'string':
      return looksLikeDate(value) ? 'date' : 'string';
    case 'number':
      return Number.isInteger(value) ? 'long' : 'double';
    case 'boolean':
      return 'boolean';
    default:
      if (!isRecord(value)) return undefined;
      return path.endsWith('_geo_location') ? 'geo_location' : 'object';
  }
}

/** Whether a field of a type accepts a value of another. JSON does not distinguish 10 from 10.0. */
export function accepts(known: FieldType, type: FieldType): boolean {
  return known === type || (known === 'double' && type === 'long') || (known === 'string' && type === 'date');
}

/** Converts a value to a type without loss; undefined when that is impossible. */
export function converted(value: unknown, to: FieldType): string | number | boolean | undefined {
  switch (to) {
    case 'string':
      return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
    case 'long':
      return wholeOnly(numberOf(value));
    case 'double':
      return numberOf(value);
    case 'boolean':
      return booleanOf(value);
    case 'date':
      return dateOf(value);
    default:
      return undefined;
  }
}

function numberOf(value: unknown): number | undefined {
  if (typeof value !== 'string' || !/^\s*[+-]?\d{1,15}(\.\d{1,15})?\s*$/.test(value)) return undefined;
  return Number(value);
}

function wholeOnly(number: number | undefined): number | undefined {
  return number !== undefined && Number.isSafeInteger(number) ? number : undefined;
}

function booleanOf(value: unknown): boolean | undefined {
  if (value === 1 || value === 'true' || value === 'TRUE' || value === 'True') return true;
  return value === 0 || value === 'false' || value === 'FALSE' || value === 'False' ? false : undefined;
}

/** Numbers below this (1973) are not times of a shop. */
const FIRST_SECOND = 100_000_000;

function dateOf(value: unknown): string | undefined {
  if (typeof value !== 'number' && (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}[T ]/.test(value))) {
    return undefined;
  }
  const seconds = epochSeconds(value);
  if (seconds === undefined || seconds < FIRST_SECOND || seconds > 253_402_300_799) return undefined;
  return canonicalDate(seconds * 1000);
}
