import type { ShopAttribution, ShopGone, ShopState, SourceEvent } from '@waybill/core';
import type { CarriedWrite, Log } from '@waybill/delivery';
import { contentsOf, bucketOf, bucketWrite, type Named, putInto, type Visit } from './visitors.ts';

/** How long after an order data about its cart still counts: clocks differ. */
const AFTER_ORDER = 600_000;

type Owned = Extract<ShopState, { readonly kind: 'cart' | 'order' }>;

/** The storefront visits of the carts of a step. */
export interface Visits {
  /** Adds the visitor and attribution to a cart or an order; and to its stored state. */
  met(state: ShopState | ShopGone, before: ShopState | ShopGone | undefined): ShopState | ShopGone;
  /** Returns the identities of visitors to store, from the events. */
  named(events: readonly SourceEvent[]): Promise<readonly CarriedWrite[]>;
}

/** Reads the storefront visits of the carts in states. */
export async function readVisits(
  states: readonly (ShopState | ShopGone)[],
  input: { readonly log: Pick<Log, 'carried'>; readonly owner: string; readonly now: () => number },
): Promise<Visits> {
  const { log, owner, now } = input;
  const carts = [...new Set(states.flatMap((one) => cartOf(one) ?? []))];
  const keys = [...new Set(carts.map((id) => bucketOf('visit', id)))];
  const { state } =
    keys.length === 0 ? { state: new Map<string, Uint8Array>() } : await log.carried(owner, keys);
  const visits = new Map(
    carts.flatMap((id) => {
      const found = contentsOf<Visit>(state.get(bucketOf('visit', id))).find(({ cartId }) => cartId === id);
      return found === undefined ? [] : [[id, found] as const];
    }),
  );
  const visitors = new Set([...visits.values()].map(({ anonymousId }) => anonymousId));
  return {
    met(one, before) {
      if ('gone' in one || (one.kind !== 'cart' && one.kind !== 'order')) return one;
      const visit = visits.get(cartOf(one) ?? '');
      const kept = before === undefined || 'gone' in before ? undefined : (before as Owned);
      return joined(one, visit, kept);
    },
    async named(events) {
      const found = new Map<string, Named>();
      for (const { anonymousId, userId, context } of events) {
        const email = (context?.['traits'] as { readonly email?: unknown } | undefined)?.email;
        if (anonymousId === undefined || !visitors.has(anonymousId)) continue;
        if (userId === undefined && typeof email !== 'string') continue;
        found.set(anonymousId, {
          anonymousId,
          at: now(),
          ...(userId === undefined ? {} : { userId }),
          ...(typeof email === 'string' ? { email } : {}),
        });
      }
      return found.size === 0 ? [] : writesOf([...found.values()], log, owner);
    },
  };
}

async function writesOf(
  persons: readonly Named[],
  log: Pick<Log, 'carried'>,
  owner: string,
): Promise<readonly CarriedWrite[]> {
  const keys = [...new Set(persons.map(({ anonymousId }) => bucketOf('visitor', anonymousId)))];
  const { state } = await log.carried(owner, keys);
  const buckets = new Map(keys.map((key) => [key, contentsOf<Named>(state.get(key))]));
  for (const person of persons) {
    const key = bucketOf('visitor', person.anonymousId);
    buckets.set(
      key,
      putInto(buckets.get(key)!, person, ({ anonymousId }) => anonymousId),
    );
  }
  return [...buckets].map(([key, contents]) => bucketWrite(key, contents));
}

/** Returns the cart of a state or an order; else the key that links an order to its visitor. */
function cartOf(state: ShopState | ShopGone): string | undefined {
  if ('gone' in state) return undefined;
  if (state.kind === 'cart') return state.id;
  return state.kind === 'order' ? (state.cartId ?? state.visitorKey) : undefined;
}

/**
 * The visitor of the storefront takes precedence over that of the shop; for attribution the shop does. Earlier joins stay,
 * because visits expire without a change.
 */
function joined(state: Owned, visit: Visit | undefined, kept: Owned | undefined): Owned {
  const anonymousId = visit?.anonymousId ?? kept?.customer?.anonymousId ?? state.customer?.anonymousId;
  const led = visit === undefined || isTooLate(state, visit) ? undefined : visit.attribution;
  const attribution: ShopAttribution =
    state.kind === 'order'
      ? { ...led, ...kept?.attribution, ...state.attribution }
      : { ...kept?.attribution, ...led, ...state.attribution };
  return {
    ...state,
    ...(anonymousId === undefined ? {} : { customer: { ...state.customer, anonymousId } }),
    ...(Object.keys(attribution).length === 0 ? {} : { attribution }),
  };
}

/** Whether the attribution is from after the order. */
function isTooLate(state: Owned, { at }: Visit): boolean {
  if (state.kind !== 'order' || state.placedAt === undefined) return false;
  return at > Date.parse(state.placedAt) + AFTER_ORDER;
}
