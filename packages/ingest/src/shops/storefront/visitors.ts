import { createHash } from 'node:crypto';
import type { Named as NamedPersons } from '@waybill/commerce';
import type { ShopAttribution } from '@waybill/core';
import type { CarriedWrite, Lease, Log } from '@waybill/delivery';
import { createQueue } from '../../loop.ts';

/** What the storefront has told of a cart: whose it is, and what led there. */
export interface Visit {
  readonly cartId: string;
  readonly anonymousId: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly attribution?: ShopAttribution;
}

/** Who a visitor is, as far as the shop has said. */
export interface Person {
  readonly userId?: string;
  readonly email?: string;
}

/** A visitor that the shop has named. */
export interface Named extends Person {
  readonly anonymousId: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** The visitors of a shop, kept beside its states. */
export interface Visitors {
  /** Who visitors are, by their ids. */
  personsOf(anonymousIds: readonly string[]): Promise<ReadonlyMap<string, Person>>;
  /** Keeps which carts are whose; resolves when it is durable. */
  note(visits: readonly Visit[]): Promise<void>;
  /** Forgets visitors who are somebody of these, and their visits. Nobody may be named meanwhile. */
  forget(named: Pick<NamedPersons, 'emails' | 'userIds'>): Promise<void>;
}

/**
 * Visits and persons lie in buckets by the hash of their ids, each bounded: of more than it holds the oldest are forgotten. So a storefront, which
 * anybody can pretend to be, takes a bounded place whatever it sends.
 */
const BUCKETS = 4_096;
const MOST_OF_BUCKET = 64;
const FORGET = 90 * 86_400_000;
/** Drawers that are looked through in one go. */
const PAGE = 200;

/** The key of the bucket that something lies in. */
export function bucketOf(kind: 'visit' | 'visitor', id: string): string {
  const hash = createHash('sha256').update(id).digest();
  return `${kind} ${hash.readUInt32BE() % BUCKETS}`;
}

/** Whether it is the key of a bucket. */
export function isBucket(key: string): boolean {
  return /^visit(?:or)? \d+$/.test(key);
}

/** What a bucket holds. */
export function contentsOf<T extends { readonly at: number }>(bucket: Uint8Array | undefined): readonly T[] {
  return bucket === undefined ? [] : (JSON.parse(Buffer.from(bucket).toString()) as readonly T[]);
}

/** A bucket with something new in it, in place of what was there under the same id. */
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

/** What is written of a bucket. */
export function bucketWrite(key: string, contents: readonly unknown[]): CarriedWrite {
  return { key, value: Buffer.from(JSON.stringify(contents)) };
}

/** Keeps the visitors of a shop, with what its owner keeps; `leaseOf` gives the lease of the shop, and `lost` is told when another server has it. */
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
  /** Takes out of all buckets of a kind what is to be forgotten. */
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
  // Each reads what the one before has written.
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
 * A visit in place of what was known of its cart; the same bucket when it says nothing new. A cart whose id is a number, which
 * can be guessed, stays with its first visitor.
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
