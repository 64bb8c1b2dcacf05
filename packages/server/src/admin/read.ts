import { randomUUID } from 'node:crypto';
import type { BodyOf, QueryOf, RouteName } from '@waybill/api';
import { type Event, momentOf, normaliseEvent } from '@waybill/core';
import type { FastifyRequest } from 'fastify';
import { Failure } from '../failure.ts';

/*
 * Reads what requests give. The schemas of the contract have checked it before; see requests.ts.
 */

/** A time that a request gives, as epoch milliseconds. */
export function moment(value: unknown): number {
  const read = momentOf(value);
  if (read === undefined) throw new Failure('request_invalid', 'A time cannot be read.');
  return read;
}

/** The parameters of the query of a route. */
export function query<N extends RouteName>(request: FastifyRequest): QueryOf<N> {
  return request.query as QueryOf<N>;
}

/** The `:id` of the address. */
export function id(request: FastifyRequest): string {
  return (request.params as { id: string }).id;
}

/** The `:mapping` of the address. */
export function mapping(request: FastifyRequest): string {
  return (request.params as { mapping: string }).mapping;
}

/** A user as the engine orders by them: `u:…`, `e:…`, `a:…`; anything else is a user ID. */
export function user(value: unknown): string {
  const text = String(value);
  return /^[uea]:/.test(text) ? text : `u:${text}`;
}

/** The body that a route takes. */
export function body<N extends RouteName>(request: FastifyRequest): BodyOf<N> {
  return (request.body ?? {}) as BodyOf<N>;
}

/** The body that is a part of the workspace: the workspace puts its secrets back, and checks it as a whole. */
export function part<T>(request: FastifyRequest): T {
  return (request.body ?? {}) as T;
}

/** The event that a call in a request makes; throws a Failure that says what is wrong with it. */
export function eventOf(call: unknown): Event {
  const event = normaliseEvent(call, { receivedAt: Date.now(), newMessageId: randomUUID });
  if (event.ok) return event.value;
  throw new Failure('event_invalid', event.issues.map((one) => one.message).join(' '), event.issues);
}

/** The entry of an id. */
export function pick<T extends { readonly id: string }>(list: readonly T[], wanted: string, noun: string): T {
  const found = list.find((one) => one.id === wanted);
  if (found === undefined) throw new Failure('request_not_found', `There is no ${noun} "${wanted}".`);
  return found;
}

/** The list with an entry in place of the one of its id. */
export function swap<T extends { readonly id: string }>(list: readonly T[], next: T): readonly T[] {
  return list.map((one) => (one.id === next.id ? next : one));
}

/** The list with an entry in place of the one of its id, or behind the others. */
export function put<T extends { readonly id: string }>(list: readonly T[], next: T): readonly T[] {
  return list.some((one) => one.id === next.id) ? swap(list, next) : [...list, next];
}

/** The list without the entry of an id. */
export function without<T extends { readonly id: string }>(list: readonly T[], gone: string): readonly T[] {
  return list.filter((one) => one.id !== gone);
}
