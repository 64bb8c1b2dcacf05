import { createHash } from 'node:crypto';
import type { Named as NamedPersons } from '@waybill/commerce';
import type { ShopAttribution } from '@waybill/core';
import type { CarriedWrite, Lease, Log } from '@waybill/delivery';
import { createQueue } from '../../loop.ts';

/** A visit of a cart: its visitor, and the attribution. */
export interface Visit {
  readonly cartId: string;
  readonly anonymousId: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly attribution?: ShopAttribution;
}

/** The identity of a visitor, from the shop. */
export interface Person {
  readonly userId?: string;
  readonly email?: string;
}

/** A visitor that the shop has identified. */
export interface Named extends Person {
  readonly anonymousId: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** The visitors of a shop, stored with its states. */
export interface Visitors {
  /** Returns the identities of visitors, by ID. */
  personsOf(anonymousIds: readonly string[]): Promise<ReadonlyMap<string, Person>>;
  /** Stores the visitors of carts; resolves when durable. */
  note(visits: readonly Visit[]): Promise<void>;
  /** Removes visitors with one of these identities, and their visits. No identities may be added meanwhile. */
  forget(named: Pick<NamedPersons, 'emails' | 'userIds'>): Promise<void>;
}

/**
 * Visits and persons are in bounded buckets by the hash of their IDs: the oldest are dropped. So a storefront, which anybody
 * can impersonate, takes bounded space.
 */
const BUCKETS = 4_096;
const MOST_OF_BUCKET = 64;
const FORGET = 90 * 86_400_000;
/** The number of buckets per step. */
const PAGE = 200;

/** Returns the key of the bucket of an ID. */
export function bucketOf(kind: 'visit' | 'visitor', id: string): string {
  const hash = createHash('sha256').update(id).digest();
  return `${kind} ${hash.readUInt32BE() % BUCKETS}`;
}

/** Whether a key belongs to a bucket. */
export function isBucket(key: string): boolean {
  return /^visit(?:or)? \d+$/.test(key);
}

/** Parses a bucket. */
export function contentsOf<T extends { readonly at: number }>(bucket: Uint8Array | undefined): readonly T[] {
  return bucket === undefined ? [] : (JSON.parse(Buffer.from(bucket).toString()) as readonly T[]);
}

/** Adds an entry to a bucket, replacing one with the same ID. */
export function putInto<T extends { readonly at: number }>(
  contents: readonly T[],
  fresh: T,
  idOf: (one: T) => string,
): readonly T[] {
  const others = contents.filter(
    ({ at, ...one }) => idOf({ at, ...one } as T) !== idOf(fresh) && fresh.at - at < FORGET,
  );
  return [...others, fresh].slice(-MOST_OF_BUCKET);
}

/** Serialises a bucket. */
export function bucketWrite(key: string, contents: readonly unknown[]): CarriedWrite {
  return { key, value: Buffer.from(JSON.stringify(contents)) };
}

/**
 * Creates the visitors of a shop, stored with its owner; `leaseOf` returns the lease of the shop, and `lost` is called when
 * another server has it.
 */
export function createVisitors(input: {
  readonly log: Pick<Log, 'append' | 'carried' | 'carriedAfter'>;
  readonly owner: string;
  readonly leaseOf: () => Promise<Lease<string> | undefined>;
  readonly lost: () => void;
}): Visitors {
  const { log, leaseOf, lost } = input;
  const lease = async (): Promise<Lease<string>> => {
    const held = await leaseOf();
    if (held === undefined) throw new Error('Another server reads this source.');
    return held;
  };
  const write = async (visits: readonly Visit[]): Promise<void> => {
    const held = await lease();
    const keys = [...new Set(visits.map(({ cartId }) => bucketOf('visit', cartId)))];
    const { state } = await log.carried(held.key, keys);
    const buckets = new Map(keys.map((key) => [key, contentsOf<Visit>(state.get(key))]));
    const changed = new Set<string>();
    for (const visit of visits) {
      const key = bucketOf('visit', visit.cartId);
      const contents = buckets.get(key)!;
      const next = putVisit(contents, visit);
      if (next === contents) continue;
      buckets.set(key, next);
      changed.add(key);
    }
    const writes = [...changed].map((key) => bucketWrite(key, buckets.get(key)!));
    await keep(held, writes);
  };
  const keep = async (held: Lease<string>, state: readonly CarriedWrite[]): Promise<void> => {
    if (state.length === 0 || (await log.append([], { lease: held, state })) !== 'stale') return;
    lost();
    throw new Error('Another server reads this source.');
  };
  /** Removes entries from all buckets of a kind. */
  const empty = async <T extends { readonly at: number }>(
    kind: 'visit' | 'visitor',
    isForgotten: (one: T) => boolean,
  ): Promise<void> => {
    const held = await lease();
    const prefix = `${kind} `;
    for (let after: string | undefined = prefix; after !== undefined;) {
      const page: readonly { readonly key: string; readonly value: Uint8Array }[] = await log.carriedAfter(
        held.key,
        { after, limit: PAGE },
      );
      const writes = page.flatMap(({ key, value }) => {
        if (!isBucket(key) || !key.startsWith(prefix)) return [];
        const contents = contentsOf<T>(value);
        const rest = contents.filter((one) => !isForgotten(one));
        return rest.length === contents.length ? [] : [bucketWrite(key, rest)];
      });
      await keep(held, writes);
      const last = page.at(-1)?.key;
      after = page.length < PAGE || last?.startsWith(prefix) !== true ? undefined : last;
    }
  };
  // Serialised: each reads the writes of the previous one.
  const inTurn = createQueue();
  return {
    async personsOf(anonymousIds) {
      if (anonymousIds.length === 0) return new Map();
      const { state } = await log.carried(input.owner, [
        ...new Set(anonymousIds.map((id) => bucketOf('visitor', id))),
      ]);
      return new Map(
        anonymousIds.flatMap((id) => {
          const contents = contentsOf<Named>(state.get(bucketOf('visitor', id)));
          const found = contents.find((one) => one.anonymousId === id);
          return found === undefined ? [] : [[id, found] as const];
        }),
      );
    },
    note(visits) {
      if (visits.length === 0) return Promise.resolve();
      return inTurn(() => write(visits));
    },
    forget: ({ emails, userIds }) =>
      inTurn(async () => {
        const forgotten = new Set<string>();
        await empty<Named>('visitor', ({ anonymousId, userId, email }) => {
          const isOne =
            (userId !== undefined && userIds.has(userId)) ||
            (email !== undefined && emails.has(email.trim().toLowerCase()));
          if (isOne) forgotten.add(anonymousId);
          return isOne;
        });
        if (forgotten.size > 0) await empty<Visit>('visit', ({ anonymousId }) => forgotten.has(anonymousId));
      }),
  };
}

/**
 * Adds a visit, replacing that of its cart; returns the same bucket when unchanged. A cart with a guessable numeric ID stays
 * with its first visitor.
 */
function putVisit(contents: readonly Visit[], visit: Visit): readonly Visit[] {
  const known = contents.find(({ cartId }) => cartId === visit.cartId);
  const isOther = known !== undefined && known.anonymousId !== visit.anonymousId;
  if (isOther && /^\d+$/.test(visit.cartId)) return contents;
  if (known !== undefined && !isOther) {
    if (known.at > visit.at) return contents;
    const isSame = JSON.stringify(known.attribution) === JSON.stringify(visit.attribution);
    if (isSame || visit.attribution === undefined) return contents;
  }
  return putInto(contents, visit, ({ cartId }) => cartId);
}
