/**
 * Computes the expected events of a history of carts, minute by minute, from everything that has arrived until then.
 * Independent of the processor: without carried state, timers or merging.
 */

/** A moment: a number of ticks of ten minutes. */
export type Tick = number;

/** An event of a history. */
export interface Told {
  readonly id: string;
  /** When it happened, and when it arrives. */
  readonly at: Tick;
  readonly arrives: Tick;
  readonly historical: boolean;
  /** Its identifiers: a user, an address, a visitor. */
  readonly who: readonly string[];
  readonly what:
    | { readonly kind: 'introduced' }
    | { readonly kind: 'consent'; readonly yes: boolean }
    | { readonly kind: 'order'; readonly cart: string }
    | { readonly kind: 'abandoned'; readonly cart: string; readonly has: Contents }
    | { readonly kind: 'whole'; readonly cart: string; readonly has: Contents }
    | {
        readonly kind: 'added' | 'removed';
        readonly cart: string;
        readonly product: string;
        readonly count: number;
      };
}

/** Quantities by product. */
export type Contents = Readonly<Record<string, number>>;

/** A history, with the times at which the server was down. */
export interface History {
  readonly events: readonly Told[];
  readonly down: readonly (readonly [from: Tick, to: Tick])[];
  readonly end: Tick;
  readonly settings: OracleSettings;
}

/** Settings in ticks. */
export interface OracleSettings {
  readonly steps: readonly Tick[];
  readonly shop: boolean;
  readonly visitors: boolean;
  readonly consent: boolean;
  readonly minimum: number;
  readonly latest: Tick;
  readonly endAfter: Tick;
  readonly settle: Tick;
}

/** A sent event. */
export interface Sent {
  readonly at: Tick;
  readonly cart: string;
  /** The step, or why it ended. */
  readonly what: number | string;
  readonly leftAt: Tick;
  readonly has?: Contents;
}

/** The price of each product. */
export const PRICES: Readonly<Record<string, number>> = { p1: 5, p2: 12.5, p3: 40 };

/** The progress of reminders of one cart. */
interface Memory {
  readonly at: Tick;
  readonly id: string;
  readonly leftAt: Tick;
  readonly base: Tick;
  readonly next: number;
  readonly sent: number;
  readonly ended: boolean;
}

/** A group of keys that are not known to be another person. */
interface Group {
  /** Their first key. */
  readonly name: string;
  events: Told[];
  memories: Map<string, Memory>;
  /** The next check, and whether it is already the second one after a downtime. */
  alarm: Tick | undefined;
  retry: boolean;
}

/** Computes the expected events. */
export function oracle({ events, down, end, settings }: History): readonly Sent[] {
  const sent: Sent[] = [];
  /** Returns the group of a key. */
  const meant = new Map<string, Group>();
  const arrivals = Map.groupBy(events, ({ arrives }) => arrives);
  const lastArrival = Math.max(...arrivals.keys());
  const seen = new Set<string>();
  for (let tick = 0; tick <= end; tick += 1) {
    if (tick > lastArrival && [...meant.values()].every(({ alarm }) => alarm === undefined)) break;
    if (down.some(([from, to]) => tick >= from && tick < to)) continue;
    for (const group of new Set(meant.values())) sent.push(...wake(group, tick, settings));
    for (const event of arrivals.get(tick) ?? []) {
      if (seen.has(event.id)) continue;
      seen.add(event.id);
      const [strongest = '', ...weaker] = event.who;
      const group = meant.get(strongest) ?? nobody(strongest);
      meant.set(strongest, group);
      let isJoined = false;
      for (const name of weaker) {
        const other = meant.get(name);
        // A key alone is this person. An address given by a visitor stays a separate person.
        if (other !== undefined && other !== group && other.name === name) {
          if (isKept(other, settings)) isJoined = true;
          join(group, other);
          for (const [one, is] of meant) if (is === other) meant.set(one, group);
        }
        meant.set(name, group);
      }
      if (isJoined) setAlarm(group, tick, settings);
      group.events.push(event);
      if (!event.historical) setAlarm(group, tick, settings);
    }
  }
  return sent;
}

function setAlarm(group: Group, tick: Tick, settings: OracleSettings): void {
  const due = earliest(group, settings);
  group.alarm = due === undefined ? undefined : Math.max(due, tick + settings.settle);
  group.retry = false;
}

function nobody(name: string): Group {
  return { name, events: [], memories: new Map(), alarm: undefined, retry: false };
}

/** Checks a person when due; after a downtime a little later, because of pending events. */
function wake(group: Group, tick: Tick, settings: OracleSettings): readonly Sent[] {
  const sent: Sent[] = [];
  while (group.alarm !== undefined && group.alarm <= tick) {
    if (!group.retry && tick - group.alarm > settings.settle) {
      group.alarm = tick + settings.settle;
      group.retry = true;
      continue;
    }
    sent.push(...lookAt(group, tick, settings));
    group.alarm = earliest(group, settings);
    group.retry = false;
  }
  return sent;
}

/** Whether anything but identity is known; consent matters only where it is required. */
function isKept({ events }: Group, { consent }: OracleSettings): boolean {
  return events.some(({ what }) => what.kind !== 'introduced' && (consent || what.kind !== 'consent'));
}

function join(group: Group, other: Group): void {
  group.events.push(...other.events);
  for (const [cart, memory] of other.memories) {
    const mine = group.memories.get(cart);
    if (mine === undefined || isLater(memory, mine)) group.memories.set(cart, memory);
  }
}

function isLater(one: Memory, other: Memory): boolean {
  if (one.at !== other.at) return one.at > other.at;
  if (one.id !== other.id) return one.id > other.id;
  return one.next > other.next || (one.next === other.next && one.ended);
}

/** The state of a cart by the arrived events. */
interface Standing {
  readonly has: Contents;
  /** The event that caused it, and its time. */
  readonly at: Tick;
  readonly id: string;
  readonly live: boolean;
  readonly open: boolean;
}

function standingOf(group: Group, cart: string): Standing | undefined {
  const about = group.events
    .filter(({ what }) => 'cart' in what && what.kind !== 'order' && what.cart === cart)
    .filter(({ what }) => what.kind !== 'abandoned' || Object.keys(what.has).length > 0)
    .toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  const orders = group.events.filter(({ what }) => what.kind === 'order');
  // Orders that empty it: those with its ID, and those without a cart ID.
  const emptying = orders.filter(
    ({ what }) => what.kind === 'order' && (what.cart === cart || what.cart === ''),
  );
  const emptied = emptying.length === 0 ? undefined : Math.max(...emptying.map(({ at }) => at));
  let now: Standing | undefined;
  let bought: Contents | undefined;
  let isEmptied = emptied === undefined;
  const empty = (): void => {
    bought = now?.has ?? {};
    now = { has: {}, at: emptied!, id: '', live: true, open: false };
    isEmptied = true;
  };
  for (const { what, at, id, historical } of about) {
    if (!isEmptied && at > emptied!) empty();
    const has = changed(now?.has ?? {}, what);
    if (bought !== undefined && (what.kind === 'whole' || what.kind === 'abandoned')) {
      if (alike(bought, has)) continue;
      bought = undefined;
    }
    if (now !== undefined && alike(now.has, has)) now = { ...now, live: now.live || !historical };
    else {
      bought = undefined;
      now = { has, at, id, live: !historical, open: false };
    }
  }
  if (!isEmptied) empty();
  if (now === undefined) return undefined;
  const { at, has, live } = now;
  const isBought = orders.some((order) => order.at >= at);
  const named = group.events.filter(
    ({ what }) =>
      (what.kind === 'whole' ||
        what.kind === 'abandoned' ||
        what.kind === 'added' ||
        what.kind === 'removed') &&
      what.cart !== '',
  );
  const givesWay = cart === '' && named.some((one) => one.at >= at - 30 * 144);
  return { ...now, open: live && !isBought && !givesWay && Object.keys(has).length > 0 };
}

function changed(before: Contents, what: Told['what']): Contents {
  if (what.kind === 'whole' || what.kind === 'abandoned') return what.has;
  if (what.kind !== 'added' && what.kind !== 'removed') return before;
  const after = new Map(Object.entries(before));
  const count = after.get(what.product) ?? 0;
  if (what.kind === 'added') after.set(what.product, count + what.count);
  else if (what.count === 0 || count - what.count <= 0) after.delete(what.product);
  else after.set(what.product, count - what.count);
  return Object.fromEntries(after);
}

function alike(one: Contents, other: Contents): boolean {
  const text = (of: Contents): string => JSON.stringify(Object.entries(of).sort());
  return text(one) === text(other);
}

function cartsOf({ events }: Group): readonly string[] {
  return [...new Set(events.flatMap(({ what }) => ('cart' in what ? [what.cart] : [])))].sort();
}

/** The next step for a cart, and its time. */
type Plan =
  | { readonly kind: 'over'; readonly due: Tick; readonly memory: Memory; readonly reason: string }
  | {
      readonly kind: 'step' | 'done';
      readonly due: Tick;
      readonly memory: Memory;
      readonly standing: Standing;
    };

function planOf(group: Group, cart: string, settings: OracleSettings): Plan | undefined {
  const standing = standingOf(group, cart);
  const memory = group.memories.get(cart);
  const isSame =
    memory !== undefined &&
    standing?.open === true &&
    (memory.at > standing.at || (memory.at === standing.at && memory.id >= standing.id));
  if (memory !== undefined && !isSame && memory.sent > 0 && !memory.ended) {
    const isBought = group.events.some(({ what, at }) => what.kind === 'order' && at >= memory.at);
    const isEmpty = standing === undefined || Object.keys(standing.has).length === 0;
    const reason = isBought ? 'ordered' : isEmpty ? 'emptied' : 'changed';
    return { kind: 'over', due: 0, memory, reason };
  }
  if (standing?.open !== true) return undefined;
  const begun = isSame ? memory : fresh(group, cart, standing, settings);
  if (begun === undefined || begun.ended) return undefined;
  const { steps, endAfter } = settings;
  if (begun.next < steps.length)
    return { kind: 'step', due: begun.base + steps[begun.next]!, memory: begun, standing };
  if (begun.sent === 0) return undefined;
  return { kind: 'done', due: begun.base + steps.at(-1)! + endAfter, memory: begun, standing };
}

function fresh(
  group: Group,
  cart: string,
  { at, id }: Standing,
  { shop }: OracleSettings,
): Memory | undefined {
  const words = group.events.flatMap((one) =>
    one.what.kind === 'abandoned' && one.what.cart === cart ? [one.at] : [],
  );
  const word = Math.max(-1, ...words);
  if (shop && word < at) return undefined;
  const leftAt = shop ? word : at;
  return { at, id, leftAt, base: leftAt, next: 0, sent: 0, ended: false };
}

function earliest(group: Group, settings: OracleSettings): Tick | undefined {
  const dues = cartsOf(group).flatMap((cart) => planOf(group, cart, settings)?.due ?? []);
  return dues.length === 0 ? undefined : Math.min(...dues);
}

function lookAt(group: Group, tick: Tick, settings: OracleSettings): readonly Sent[] {
  const sent: Sent[] = [];
  for (const cart of cartsOf(group)) {
    for (;;) {
      const plan = planOf(group, cart, settings);
      if (plan === undefined || plan.due > tick) break;
      const { memory } = plan;
      const { leftAt } = memory;
      if (plan.kind !== 'step') {
        sent.push({ at: tick, cart, what: plan.kind === 'over' ? plan.reason : 'done', leftAt });
        group.memories.set(cart, { ...memory, ended: true });
        continue;
      }
      const next = memory.next + 1;
      if (!isSent(group, plan.standing, tick - plan.due, settings)) {
        group.memories.set(cart, { ...memory, next });
        continue;
      }
      const has = Object.fromEntries(Object.entries(plan.standing.has).sort());
      sent.push({ at: tick, cart, what: next, leftAt, has });
      const base = Math.max(memory.base, tick - settings.steps[memory.next]!);
      group.memories.set(cart, { ...memory, base, next, sent: next });
    }
  }
  return sent;
}

function isSent(group: Group, { has }: Standing, late: Tick, settings: OracleSettings): boolean {
  if (late > settings.latest) return false;
  if (!settings.visitors && group.name.startsWith('a:')) return false;
  if (settings.consent) {
    const said = group.events.flatMap(({ at, what }) =>
      what.kind === 'consent' ? [{ at, yes: what.yes }] : [],
    );
    const last = Math.max(-1, ...said.map(({ at }) => at));
    const newest = said.filter(({ at }) => at === last);
    if (newest.length === 0 || newest.some(({ yes }) => !yes)) return false;
  }
  const value = Object.entries(has).reduce((sum, [product, count]) => sum + PRICES[product]! * count, 0);
  return settings.minimum === 0 || value >= settings.minimum;
}
