import type { Event } from '@waybill/core';
import { type Contents, type History, type OracleSettings, PRICES, type Tick, type Told } from './oracle.ts';

/** The start of every history. */
export const BEGIN = Date.UTC(2026, 0, 5);
/** Ten minutes. */
export const TICK = 600_000;
const DAY = 144;
const HOUR = 6;

/** A seeded generator of numbers from 0 to 1. */
function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The parameters of a history. */
interface Draw {
  readonly below: (count: number) => number;
  readonly chance: (share: number) => boolean;
  readonly one: <T>(list: readonly T[]) => T;
}

/** Creates a random history of one person with several keys. */
export function randomHistory(seed: number): History {
  const roll = dice(seed);
  const draw: Draw = {
    below: (count) => Math.floor(roll() * count),
    chance: (share) => roll() < share,
    one: (list) => list[Math.floor(roll() * list.length)]!,
  };
  const span = draw.one([6, DAY, 3 * DAY]);
  const down = Array.from({ length: draw.below(3) }, (): readonly [Tick, Tick] => {
    const from = draw.below(span + 3 * DAY);
    return [from, from + draw.one([1, 3, 5, HOUR * 4, HOUR * 30, DAY * 3])];
  });
  const events = eventsOf(draw, span);
  const arriving = events.flatMap((event) => arrivalsOf(event, draw, down));
  arriving.sort((one, other) => one.arrives - other.arrives);
  return { events: arriving, down, end: span + 16 * DAY, settings: settingsOf(draw) };
}

function settingsOf({ one, chance }: Draw): OracleSettings {
  return {
    steps: one([[6], [0, 3], [6, 12, 18], [6, DAY, 3 * DAY]]),
    shop: chance(0.15),
    visitors: chance(0.3),
    consent: chance(0.3),
    minimum: chance(0.3) ? 15 : 0,
    latest: one([HOUR * 2, DAY]),
    endAfter: one([0, 6, DAY]),
    settle: one([1, 2, 6]),
  };
}

function eventsOf(draw: Draw, span: Tick): readonly Omit<Told, 'arrives'>[] {
  const { below, chance, one } = draw;
  const count = 2 + below(12);
  const signsIn = chance(0.7) ? below(span) : Number.POSITIVE_INFINITY;
  const carts = one([[''], ['', 'c1'], ['c1', 'c2'], ['', 'c1', 'c2']]);
  const told = Array.from({ length: count }, (_, index): Omit<Told, 'arrives'> => {
    const at = below(span);
    const who =
      at < signsIn
        ? one([['a:1'], ['a:1'], ['a:2'], ['e:x'], ['e:x', 'a:1']])
        : one([['u:1'], ['u:1', 'a:1']]);
    return { id: `m${index}`, at, who, historical: chance(0.08), what: whatOf(draw, one(carts)) };
  });
  if (signsIn === Number.POSITIVE_INFINITY) return told;
  const who = one([
    ['u:1', 'a:1'],
    ['u:1', 'e:x'],
    ['u:1', 'e:x', 'a:2'],
    ['u:1', 'e:x', 'a:1'],
  ]);
  const event = {
    id: 'signs-in',
    at: signsIn,
    who,
    historical: false,
    what: { kind: 'introduced' } as const,
  };
  return [...told, event];
}

function whatOf({ below, chance, one }: Draw, cart: string): Told['what'] {
  const contents = (least: number): Contents =>
    Object.fromEntries(
      ['p1', 'p2', 'p3'].slice(0, least + below(3 - least + 1)).map((product) => [product, 1 + below(2)]),
    );
  const product = one(['p1', 'p2', 'p3']);
  const roll = below(100);
  if (roll < 30) return { kind: 'added', cart, product, count: 1 + below(2) };
  if (roll < 40) return { kind: 'removed', cart, product, count: below(3) };
  if (roll < 65) return { kind: 'whole', cart, has: contents(chance(0.2) ? 0 : 1) };
  if (roll < 75) return { kind: 'abandoned', cart, has: contents(1) };
  if (roll < 88) return { kind: 'order', cart: chance(0.3) ? '' : cart };
  return { kind: 'consent', yes: chance(0.7) };
}

/** One arrival, sometimes later than the event; some arrive twice, with the same ID or another. */
function arrivalsOf(
  event: Omit<Told, 'arrives'>,
  { below, chance }: Draw,
  down: History['down'],
): readonly Told[] {
  const up = (tick: Tick): Tick => {
    const stop = down.find(([from, to]) => tick >= from && tick < to);
    return stop === undefined ? tick : up(stop[1] + below(3));
  };
  const late = (): Tick => (chance(0.7) ? 0 : chance(0.7) ? below(4) : below(DAY));
  const first = { ...event, arrives: up(event.at + late()) };
  if (!chance(0.2)) return [first];
  const isWhole =
    event.what.kind === 'whole' || event.what.kind === 'order' || event.what.kind === 'abandoned';
  const id = isWhole && chance(0.5) ? `${event.id}-again` : event.id;
  return [first, { ...event, id, arrives: up(event.at + late()) }];
}

/** Creates the event of a history as a source or a page sends it. */
export function eventOf({ id, at, who, historical, what }: Told): Event {
  const name = (prefix: string): string | undefined => who.find((one) => one.startsWith(prefix))?.slice(2);
  const [userId, anonymousId, email] = [name('u:'), name('a:'), name('e:')];
  return {
    messageId: id,
    timestamp: new Date(BEGIN + at * TICK).toISOString(),
    ...(userId === undefined ? {} : { userId }),
    ...(anonymousId === undefined ? {} : { anonymousId }),
    context: {
      ...(email === undefined ? {} : { traits: { email } }),
      ...(historical ? { historical } : {}),
    },
    ...bodyOf(what),
  } as Event;
}

function bodyOf(what: Told['what']): Partial<Event> {
  if (what.kind === 'introduced') return { type: 'identify', traits: {} };
  if (what.kind === 'consent') return track(what.yes ? 'Email Subscribed' : 'Email Unsubscribed', {});
  const cart = what.cart === '' ? {} : { cart_id: what.cart };
  if (what.kind === 'order') return track('Order Completed', { ...cart, order_id: 'o', total: 1 });
  if ('product' in what) {
    const line = lineOf(what.product, what.count);
    if (what.kind === 'added') return track('Product Added', { ...cart, ...line });
    return track('Product Removed', {
      ...cart,
      ...line,
      ...(what.count === 0 ? { quantity: undefined } : {}),
    });
  }
  const products = Object.entries(what.has).map(([product, count]) => lineOf(product, count));
  return track(what.kind === 'whole' ? 'Cart Updated' : 'Cart Abandoned', { ...cart, products });
}

function track(event: string, properties: Readonly<Record<string, unknown>>): Partial<Event> {
  return { type: 'track', event, properties };
}

function lineOf(product: string, quantity: number) {
  return { product_id: product, quantity, price: PRICES[product] };
}
