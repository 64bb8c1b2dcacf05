import type { FastifyRequest } from 'fastify';
import { Failure } from '../failure.ts';

/** A whole number that a request gives. */
export function number(name: string, value: unknown): number {
  const read = Number(value);
  if (!Number.isSafeInteger(read) || read < 0)
    throw new Failure('request_invalid', `"${name}" must be a whole number.`);
  return read;
}

/** A time that a request gives, as epoch milliseconds. */
export function moment(name: string, value: unknown): number {
  const read = typeof value === 'number' ? value : Date.parse(String(value));
  if (Number.isNaN(read)) throw new Failure('request_invalid', `"${name}" must be an ISO 8601 time.`);
  return read;
}

/** Yes or no. */
export function yes(name: string, value: unknown): boolean {
  if (value === true || value === 'true') return true;
  if (value === undefined || value === false || value === 'false') return false;
  throw new Failure('request_invalid', `"${name}" must be true or false.`);
}

/** A whole number of the query, bounded. */
export function whole(request: FastifyRequest, name: string, fallback: number, most: number): number {
  const value = (request.query as Record<string, unknown>)[name];
  return value === undefined ? fallback : Math.min(number(name, value), most);
}

/** The `:id` of the address. */
export function id(request: FastifyRequest): string {
  return (request.params as { id: string }).id;
}

/** A user as the engine orders by them: `u:…`, `e:…`, `a:…`; anything else is a user ID. */
export function user(value: unknown): string {
  const text = String(value);
  return /^[uea]:/.test(text) ? text : `u:${text}`;
}

/** The body, which must be a JSON object. */
export function body<T>(request: FastifyRequest): T {
  if (typeof request.body !== 'object' || request.body === null || Array.isArray(request.body)) {
    throw new Failure('request_invalid', 'The body must be a JSON object.');
  }
  return request.body as T;
}

/** The entry of an id. */
export function pick<T extends { readonly id: string }>(list: readonly T[], wanted: string, noun: string): T {
  const found = list.find((one) => one.id === wanted);
  if (found === undefined) throw new Failure('request_not_found', `There is no ${noun} "${wanted}".`);
  return found;
}
