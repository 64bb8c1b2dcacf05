import { type Event, isHistorical } from '@waybill/core';
import type { LoggedEvent } from '@waybill/delivery';
import type { Cause } from './derive.ts';
import { keysOf } from './person.ts';

/** What every processor asks of an event. */
export interface Told {
  readonly event: Event;
  /** Epoch milliseconds. */
  readonly arrived: number;
  readonly historical: boolean;
  readonly cause: Cause;
  /** As `keysOf` has them. */
  readonly keys: readonly string[];
  /** The address in the traits of the event; undefined when there is none. */
  readonly email: string | undefined;
}

/** Processors share the events that they read, so what one tells is worked out once for all of them, when it is asked for first. */
interface SharedEvent extends LoggedEvent {
  told: Told | undefined;
}

/** An event that several are to ask what it tells. */
export function shared(logged: LoggedEvent): LoggedEvent {
  return { ...logged, told: undefined } as SharedEvent;
}

function isShared(logged: LoggedEvent): logged is SharedEvent {
  return 'told' in logged;
}

/** What an event tells. */
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

/** Events that follow each other are often of one user: the same list tells that. */
let lastKeys: readonly string[] = [];

function sharedKeys(keys: readonly string[]): readonly string[] {
  const isSame = keys.length === lastKeys.length && keys.every((key, at) => key === lastKeys[at]);
  if (!isSame) lastKeys = keys;
  return lastKeys;
}
