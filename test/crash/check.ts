import type { SentEvent, UserRecord } from './load.ts';

/** What the checker found in the record of the destination. */
export interface Verdict {
  readonly missing: readonly string[];
  readonly twice: readonly string[];
  readonly outOfOrder: readonly string[];
  readonly wrongEnd: readonly string[];
  readonly strange: readonly string[];
  /** Items that arrived more than once and changed nothing the second time. */
  readonly redelivered: number;
  /** Events that Iterable creates from a cart update, beyond one per update: they have no ID. */
  readonly cartEventsTwice: number;
  readonly users: number;
  readonly events: number;
  readonly purchases: number;
}

interface LogItem {
  readonly endpoint: string;
  readonly outcome: string;
  readonly id?: string;
  readonly orderMarker?: number;
}

interface State {
  readonly profiles: readonly { readonly userId: string; readonly dataFields: Record<string, unknown> }[];
  readonly events: readonly { readonly userId: string; readonly id: string; readonly eventName: string }[];
  readonly purchases: readonly { readonly userId: string; readonly id: string }[];
  readonly carts: readonly { readonly userId: string; readonly items: readonly { readonly id: string }[] }[];
}

/** Compares what was acknowledged with what the destination holds; the engine's own record is not asked. */
export async function check(sandbox: string, users: readonly UserRecord[]): Promise<Verdict> {
  const found = {
    missing: [] as string[],
    twice: [] as string[],
    outOfOrder: [] as string[],
    wrongEnd: [] as string[],
    strange: [] as string[],
  };
  const state = await read<State>(`${sandbox}/_sandbox/state`);
  const profiles = new Map(state.profiles.map((one) => [one.userId, one.dataFields]));
  const carts = new Map(state.carts.map((one) => [one.userId, one.items]));
  const events = countIds(state.events.filter((one) => one.eventName !== 'updateCart'));
  const purchases = countIds(state.purchases);
  for (const [name, ids] of Object.entries({ event: events, purchase: purchases })) {
    for (const [id, count] of ids) if (count > 1) found.twice.push(`${name} ${id} is there ${count} times`);
  }

  let redelivered = 0;
  let cartUpdates = 0;
  let expectedEvents = 0;
  let expectedPurchases = 0;
  for (const { userId, sent } of users) {
    const { items } = await read<{ items: readonly LogItem[] }>(`${sandbox}/_sandbox/log?user=${userId}`);
    const first = new Set<number>();
    let highest = 0;
    for (const item of items) {
      const seq = item.orderMarker;
      if (item.outcome !== 'accepted' || seq === undefined) {
        found.strange.push(`${userId}: ${JSON.stringify(item)}`);
        continue;
      }
      if (first.has(seq)) {
        redelivered += 1;
        continue;
      }
      if (seq < highest) found.outOfOrder.push(`${userId}: ${seq} came after ${highest}`);
      first.add(seq);
      highest = Math.max(highest, seq);
    }
    for (const one of sent) {
      if (!first.has(one.seq)) found.missing.push(`${userId}: ${one.kind} ${one.seq} never arrived`);
      if (one.kind === 'track' && !events.has(one.id)) found.missing.push(`event ${one.id}`);
      if (one.kind === 'order' && !purchases.has(one.id)) found.missing.push(`purchase ${one.id}`);
    }
    if (first.size > sent.length)
      found.strange.push(`${userId}: ${first.size} items for ${sent.length} events`);
    expectedEvents += sent.filter((one) => one.kind === 'track').length;
    expectedPurchases += sent.filter((one) => one.kind === 'order').length;
    cartUpdates += sent.filter((one) => one.kind === 'cart').length;
    checkEnd(userId, sent, profiles.get(userId), carts.get(userId), found.wrongEnd);
  }
  if (events.size !== expectedEvents) {
    found.strange.push(`${events.size} events for ${expectedEvents} that were acknowledged`);
  }
  if (purchases.size !== expectedPurchases) {
    found.strange.push(`${purchases.size} purchases for ${expectedPurchases} that were acknowledged`);
  }
  return {
    ...found,
    redelivered,
    cartEventsTwice: state.events.filter((one) => one.eventName === 'updateCart').length - cartUpdates,
    users: users.length,
    events: events.size,
    purchases: purchases.size,
  };
}

/** The profile and the cart must be what the last event made of them. */
function checkEnd(
  userId: string,
  sent: readonly SentEvent[],
  profile: Record<string, unknown> | undefined,
  cart: readonly { readonly id: string }[] | undefined,
  wrong: string[],
): void {
  const last = (kinds: readonly string[]): SentEvent | undefined =>
    sent.findLast((one) => kinds.includes(one.kind));
  const identified = last(['identify']);
  if (identified !== undefined && profile?.['plan'] !== `plan-${identified.seq}`) {
    wrong.push(`${userId}: plan is ${String(profile?.['plan'])}, the last one sent is ${identified.seq}`);
  }
  const written = last(['identify', 'cart', 'order']);
  if (written !== undefined && profile?.['seq'] !== written.seq) {
    wrong.push(`${userId}: seq is ${String(profile?.['seq'])}, the last one sent is ${written.seq}`);
  }
  const filled = last(['cart', 'order']);
  const expected = filled?.kind === 'cart' ? `p${filled.seq}` : undefined;
  if (cart?.[0]?.id !== expected) {
    wrong.push(`${userId}: the cart holds ${String(cart?.[0]?.id)}, it should hold ${String(expected)}`);
  }
}

function countIds(list: readonly { readonly id: string }[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { id } of list) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

async function read<T>(url: string): Promise<T> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return (await answer.json()) as T;
}
