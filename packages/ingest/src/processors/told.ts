import { type Event, isHistorical } from '@waybill/core';
import type { LoggedEvent } from '@waybill/delivery';
import type { Cause } from './derive.ts';
import { keysOf } from './person.ts';

/** The properties of an event that every processor needs. */
export interface Told {
  readonly event: Event;
  /** Epoch milliseconds. */
  readonly arrived: number;
  readonly historical: boolean;
  readonly cause: Cause;
  /** The result of `keysOf`. */
  readonly keys: readonly string[];
  /** The address in the traits of the event; undefined without one. */
  readonly email: string | undefined;
}

/** Processors share the events that they read, so these properties are computed once for all of them, on first use. */
interface SharedEvent extends LoggedEvent {
  told: Told | undefined;
}

/** Wraps an event so that its properties are shared. */
export function shared(logged: LoggedEvent): LoggedEvent {
  return { ...logged, told: undefined } as SharedEvent;
}

function isShared(logged: LoggedEvent): logged is SharedEvent {
  return 'told' in logged;
}

/** Returns the shared properties of an event. */
export function toldBy(logged: LoggedEvent): Told {
  return isShared(logged) ? (logged.told ??= readTold(logged)) : readTold(logged);
}

function readTold({ seq, event }: LoggedEvent): Told {
  const { messageId, timestamp, receivedAt, traits, context } = event;
  const known = context?.['traits'] as { readonly email?: unknown } | null | undefined;
  const email = traits?.['email'] ?? known?.email;
  const historical = isHistorical(event);
  const cause = { key: `event ${seq} ${messageId}`, name: messageId, at: timestamp, historical };
  return {
    event,
    arrived: Date.parse(receivedAt),
    historical,
    cause,
    keys: sharedKeys(keysOf(event)),
    email: typeof email === 'string' ? email : undefined,
  };
}

/** Successive events often have the same user: then they share the list. */
let lastKeys: readonly string[] = [];

function sharedKeys(keys: readonly string[]): readonly string[] {
  const isSame = keys.length === lastKeys.length && keys.every((key, at) => key === lastKeys[at]);
  if (!isSame) lastKeys = keys;
  return lastKeys;
}
