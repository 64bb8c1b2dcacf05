import { randomUUID } from 'node:crypto';
import type { BodyOf, QueryOf, RouteName } from '@waybill/api';
import { type Event, momentOf, normaliseEvent } from '@waybill/core';
import type { FastifyRequest } from 'fastify';
import { Failure } from '../failure.ts';

/*
 * Reads the inputs of requests, which were validated by the schemas of the contract; see requests.ts.
 */

/** Converts a time in a request to epoch milliseconds. */
export function moment(value: unknown): number {
  const read = momentOf(value);
  if (read === undefined) throw new Failure('request_invalid', 'A time cannot be read.');
  return read;
}

/** Returns the query parameters of a route. */
export function query<N extends RouteName>(request: FastifyRequest): QueryOf<N> {
  return request.query as QueryOf<N>;
}

/** Returns the `:id` of the path. */
export function id(request: FastifyRequest): string {
  return (request.params as { id: string }).id;
}

/** Returns the `:mapping` of the path. */
export function mapping(request: FastifyRequest): string {
  return (request.params as { mapping: string }).mapping;
}

/** Returns a user as an order key: `u:…`, `e:…`, `a:…`; anything else is a user ID. */
export function user(value: unknown): string {
  const text = String(value);
  return /^[uea]:/.test(text) ? text : `u:${text}`;
}

/** Returns the body of a route. */
export function body<N extends RouteName>(request: FastifyRequest): BodyOf<N> {
  return (request.body ?? {}) as BodyOf<N>;
}

/** Returns a body that is a part of the workspace: the editor restores its secrets and checks it as a whole. */
export function part<T>(request: FastifyRequest): T {
  return (request.body ?? {}) as T;
}

/** Returns the event of a call in a request; throws a Failure with its problems. */
export function eventOf(call: unknown): Event {
  const event = normaliseEvent(call, { receivedAt: Date.now(), newMessageId: randomUUID });
  if (event.ok) return event.value;
  throw new Failure('event_invalid', event.issues.map((one) => one.message).join(' '), event.issues);
}

/** Returns the entry with an ID. */
export function pick<T extends { readonly id: string }>(list: readonly T[], wanted: string, noun: string): T {
  const found = list.find((one) => one.id === wanted);
  if (found === undefined) throw new Failure('request_not_found', `There is no ${noun} "${wanted}".`);
  return found;
}

/** Returns the list with an entry replacing the one with its ID. */
export function swap<T extends { readonly id: string }>(list: readonly T[], next: T): readonly T[] {
  return list.map((one) => (one.id === next.id ? next : one));
}

/** Returns the list with an entry replacing the one with its ID, or added last. */
export function put<T extends { readonly id: string }>(list: readonly T[], next: T): readonly T[] {
  return list.some((one) => one.id === next.id) ? swap(list, next) : [...list, next];
}

/** Returns the list without the entry with an ID. */
export function without<T extends { readonly id: string }>(list: readonly T[], gone: string): readonly T[] {
  return list.filter((one) => one.id !== gone);
}
