import {
  type Derivation,
  type DerivedPayload,
  type IdentifierMembers,
  identifiersAt,
  type Identifiers,
  type Identity,
  type Item,
} from '@waybill/core';
import { eventGiver, type ItemsCall } from './events.ts';

/*
 * The encoding of the items of a call for the process of their code. Copies cost both sides, so nothing is sent twice: payloads of an
 * earlier question are already there, and common values are sent once.
 */

/** A member of many items: one value for all of them, or one for each. */
export type Column<T> = { readonly all: T } | { readonly each: readonly T[] };

/** Encoded items. */
export interface WireItems {
  readonly keys: readonly string[];
  /** The events, as JSON; absent when they are not sent along. */
  readonly events?: string;
  /** By place; undefined where the process has it. */
  readonly payloads: Column<unknown>;
  /** By place: the number of a payload that the process has. */
  readonly held: Column<number | undefined>;
  readonly identities?: WireIdentities;
  readonly attempts: Column<number>;
  readonly syncModes: Column<Item['syncMode']>;
  readonly hookOutputs: Column<Item['hookOutputs']>;
  readonly mappings: Column<Item['mapping']>;
}

interface WireIdentities {
  /** Undefined for an item without an identity. */
  readonly by: Column<Identity['by'] | undefined>;
  /** Where the payloads contain the identifiers; the columns are absent then. */
  readonly members?: IdentifierMembers;
  readonly emails?: Column<string | undefined>;
  readonly userIds?: Column<string | undefined>;
  readonly notes: Column<readonly string[] | undefined>;
}

/** The encoded identifiers and batch keys of payloads. */
export type WireDerivation = Omit<Extract<Derivation, { readonly failure?: undefined }>, 'each'> & {
  readonly count: number;
  readonly has: Column<boolean>;
  readonly emails: Column<unknown>;
  readonly userIds: Column<unknown>;
  readonly within: Column<string | undefined>;
  readonly groups: Column<string | undefined>;
  readonly problems: Column<string | undefined>;
};

/** The answer when the process no longer has payloads that it was expected to have. */
export const NOT_HELD = 'not held';

/** The maximum number of payloads: those of one question have consecutive numbers. */
const MOST_PAYLOADS = 65_536;

/** The number of most recent questions whose payloads are kept. */
const MOST_BATCHES = 16;

function column<T, R>(of: readonly T[], read: (one: T) => R): Column<R> {
  const each = new Array<R>(of.length);
  let alike = true;
  for (let at = 0; at < of.length; at += 1) {
    const one = (each[at] = read(of[at]!));
    if (alike && one !== each[0]) alike = false;
  }
  return alike ? { all: each[0]! } : { each };
}

function reader<T>(from: Column<T>): (at: number) => T {
  if ('all' in from) {
    const { all } = from;
    return () => all;
  }
  const { each } = from;
  return (at) => each[at]!;
}

/** Tracks the payloads of a process, from outside. */
export interface Lent {
  /** Records payloads that are sent with a question, and returns their first number. */
  lend(payloads: readonly unknown[]): number;
  /** Returns the number of a payload in the process, once. */
  take(payload: unknown): number | undefined;
}

/** Creates the tracking of payloads outside the process. */
export function createLent(): Lent {
  const numbers = new WeakMap<object, number>();
  let batches = 0;
  return {
    lend(payloads) {
      const batch = (batches += 1);
      const most = Math.min(payloads.length, MOST_PAYLOADS);
      for (let at = 0; at < most; at += 1) {
        const payload = payloads[at];
        if (typeof payload === 'object' && payload !== null) numbers.set(payload, batch * MOST_PAYLOADS + at);
      }
      return batch;
    },
    take(payload) {
      if (typeof payload !== 'object' || payload === null) return undefined;
      const number = numbers.get(payload);
      if (number !== undefined) numbers.delete(payload);
      return number;
    },
  };
}

/** Keeps payloads within the process. */
export interface Held {
  keep(batch: number, payloads: readonly unknown[]): void;
  /** Returns a payload, once; undefined when it is gone. */
  take(number: number): unknown;
}

/** Creates the store of payloads within the process. */
export function createHeld(): Held {
  const batches = new Map<number, { readonly payloads: unknown[]; left: number }>();
  return {
    keep(batch, payloads) {
      batches.set(batch, { payloads: [...payloads], left: payloads.length });
      if (batches.size > MOST_BATCHES) batches.delete(batches.keys().next().value!);
    },
    take(number) {
      const at = number % MOST_PAYLOADS;
      const batch = (number - at) / MOST_PAYLOADS;
      const found = batches.get(batch);
      const payload = found?.payloads[at];
      if (found === undefined || payload === undefined) return undefined;
      found.payloads[at] = undefined;
      found.left -= 1;
      if (found.left === 0) batches.delete(batch);
      return payload;
    },
  };
}

/** Encodes items; payloads that the process already has are not sent. */
export function writeItems(
  items: readonly Item[],
  events: string | undefined,
  { lent, members }: { readonly lent?: Lent; readonly members?: IdentifierMembers | undefined } = {},
): WireItems {
  const held = column(items, ({ payload }) => lent?.take(payload));
  const numberOf = reader(held);
  const isHeld = 'each' in held ? held.each.every((one) => one !== undefined) : held.all !== undefined;
  return {
    keys: items.map(({ key }) => key),
    ...(events === undefined ? {} : { events }),
    payloads: isHeld
      ? { all: undefined }
      : { each: items.map(({ payload }, at) => (numberOf(at) === undefined ? payload : undefined)) },
    held,
    ...(items.every(({ identity }) => identity === undefined)
      ? {}
      : { identities: writeIdentities(items, members) }),
    attempts: column(items, ({ attempt }) => attempt),
    syncModes: column(items, ({ syncMode }) => syncMode),
    hookOutputs: column(items, ({ hookOutputs }) => hookOutputs),
    mappings: column(items, ({ mapping }) => mapping),
  };
}

function writeIdentities(items: readonly Item[], members: IdentifierMembers | undefined): WireIdentities {
  return {
    by: column(items, ({ identity }) => identity?.by),
    ...(members !== undefined && areIn(items, members)
      ? { members }
      : {
          emails: column(items, ({ identity }) => identity?.email),
          userIds: column(items, ({ identity }) => identity?.userId),
        }),
    notes: column(items, ({ identity }) => (identity?.notes.length === 0 ? undefined : identity?.notes)),
  };
}

/** Whether payloads contain the identifiers of their items unchanged. */
function areIn(items: readonly Item[], members: IdentifierMembers): boolean {
  const read = identifiersAt(members);
  return items.every(({ identity, payload }) => {
    const { email, userId } = read(payload as object);
    return identity?.email === email && identity?.userId === userId;
  });
}

/** Decodes items; undefined when payloads are missing. */
export function readItems(wire: WireItems, held: Held, call: ItemsCall): readonly Item[] | undefined {
  const payloadOf = reader(wire.payloads);
  const numberOf = reader(wire.held);
  const identityOf: IdentityOf =
    wire.identities === undefined ? () => undefined : identitiesOf(wire.identities);
  const attemptOf = reader(wire.attempts);
  const mappingOf = reader(wire.mappings);
  const syncModeOf = reader(wire.syncModes);
  const outputsOf = reader(wire.hookOutputs);
  const withEvent = eventGiver(wire.events, call);
  const items: Item[] = [];
  for (let at = 0; at < wire.keys.length; at += 1) {
    const number = numberOf(at);
    const payload = number === undefined ? payloadOf(at) : held.take(number);
    if (number !== undefined && payload === undefined) return undefined;
    const item: Partial<Mutable<Item>> = {
      key: wire.keys[at]!,
      payload,
      identity: identityOf(at, payload),
      attempt: attemptOf(at),
    };
    const mapping = mappingOf(at);
    if (mapping !== undefined) item.mapping = mapping;
    const syncMode = syncModeOf(at);
    if (syncMode !== undefined) item.syncMode = syncMode;
    const outputs = outputsOf(at);
    if (outputs !== undefined) item.hookOutputs = outputs;
    items.push(withEvent(item, at));
  }
  return items;
}

const NONE = { all: undefined };

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

type IdentityOf = (at: number, payload: unknown) => Identity | undefined;

function identitiesOf({ members, emails = NONE, userIds = NONE, ...wire }: WireIdentities): IdentityOf {
  const byOf = reader(wire.by);
  const emailOf = reader(emails);
  const userIdOf = reader(userIds);
  const read = members === undefined ? undefined : identifiersAt(members);
  const notesOf = reader(wire.notes);
  return (at, payload) => {
    const by = byOf(at);
    if (by === undefined) return undefined;
    const carried = read?.(payload as object) as { email?: string; userId?: string } | undefined;
    const email = carried === undefined ? emailOf(at) : carried.email;
    const userId = carried === undefined ? userIdOf(at) : carried.userId;
    const notes = [...(notesOf(at) ?? [])];
    if (email === undefined) return userId === undefined ? { by, notes } : { by, userId, notes };
    return userId === undefined ? { by, email, notes } : { by, email, userId, notes };
  };
}

/** Encodes the identifiers and batch keys of payloads. */
export function writeDerivation(
  projectType: WireDerivation['projectType'],
  each: readonly DerivedPayload[],
): WireDerivation {
  return {
    ...(projectType === undefined ? {} : { projectType }),
    count: each.length,
    has: column(each, ({ identifiers }) => identifiers !== undefined),
    emails: column(each, ({ identifiers }) => identifiers?.email),
    userIds: column(each, ({ identifiers }) => identifiers?.userId),
    within: column(each, ({ identifiers }) => identifiers?.within),
    groups: column(each, ({ group }) => group),
    problems: column(each, ({ problem }) => problem),
  };
}

/** Decodes the identifiers and batch keys of payloads. */
export function readDerivation({ projectType, count, ...wire }: WireDerivation): Derivation {
  const has = reader(wire.has);
  const emailOf = reader(wire.emails);
  const userIdOf = reader(wire.userIds);
  const withinOf = reader(wire.within);
  const groupOf = reader(wire.groups);
  const problemOf = reader(wire.problems);
  const identifiersOf = (at: number): Identifiers => {
    const within = withinOf(at);
    const found = { email: emailOf(at), userId: userIdOf(at) };
    return within === undefined ? found : { ...found, within };
  };
  return {
    ...(projectType === undefined ? {} : { projectType }),
    // Created on access: otherwise thousands of small objects would be alive at the same time.
    each: (at): DerivedPayload | undefined => {
      if (at >= count) return undefined;
      const problem = problemOf(at);
      if (problem !== undefined) return { problem };
      const group = groupOf(at);
      if (!has(at)) return group === undefined ? {} : { group };
      const identifiers = identifiersOf(at);
      return group === undefined ? { identifiers } : { identifiers, group };
    },
  };
}
