import { isRecord } from '../read.ts';

/** Returns a member of an object; undefined when it is not an object. */
export function memberOf(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** Returns a non-empty string; numbers are converted, because IDs are strings in events and numbers in REST. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return text === '' ? undefined : text;
}

/** Returns an ID; 0 means none. */
export function idOf(value: unknown): string | undefined {
  const text = textOf(value);
  return text === '0' ? undefined : text;
}

/** Returns a number; undefined for anything else. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

const TIME = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?:\.\d+)?Z?$/;

/** Converts a time of Magento, UTC without a zone, to ISO 8601; undefined for none, which MySQL writes as zeroes. */
export function timeOf(value: unknown): string | undefined {
  const found = typeof value === 'string' ? TIME.exec(value) : null;
  if (found === null || found[1]!.startsWith('0000')) return undefined;
  const time = `${found[1]}T${found[2]}Z`;
  return Number.isNaN(Date.parse(time)) ? undefined : time;
}

/** Formats an ISO time for filters. */
export function filterTime(iso: string): string {
  return new Date(iso).toISOString().slice(0, 19).replace('T', ' ');
}
