import { isRecord } from '../read.ts';

/** A member of an object; undefined where there is no object. */
export function memberOf(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** A text that says something; numbers are written out, as events have ids as text and REST as numbers. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return text === '' ? undefined : text;
}

/** An id; 0 stands for none. */
export function idOf(value: unknown): string | undefined {
  const text = textOf(value);
  return text === '0' ? undefined : text;
}

/** A number; undefined for what is none. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

const TIME = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?:\.\d+)?Z?$/;

/** A time of Magento, which is UTC without saying so, as ISO 8601; undefined for none, which MySQL writes as zeroes. */
export function timeOf(value: unknown): string | undefined {
  const found = typeof value === 'string' ? TIME.exec(value) : null;
  if (found === null || found[1]!.startsWith('0000')) return undefined;
  const time = `${found[1]}T${found[2]}Z`;
  return Number.isNaN(Date.parse(time)) ? undefined : time;
}

/** An ISO time as filters take it. */
export function filterTime(iso: string): string {
  return new Date(iso).toISOString().slice(0, 19).replace('T', ' ');
}
