/** The recorded day as all processors see it, over a log in a file: the clock advances between the events. */
import { type ResolvedProcessor, resolveWorkspace, type SourceEvent } from '@waybill/core';
import { type Log, openStores } from '@waybill/delivery';
import { createIntake, createProcessors, createRefusals, processors } from '@waybill/ingest';
import { readDay } from './player.ts';

/** A time at which processors run, with the events since the previous one. */
export interface Tick {
  readonly at: number;
  readonly events: readonly SourceEvent[];
}

/** The result of a day: the derived events and the stored data of all users, as comparable strings. */
export interface DayEnd {
  readonly derived: readonly SourceEvent[];
  readonly kept: readonly string[];
}

const MINUTE = 60_000;
const SETTINGS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'customer-metrics': { baseCurrency: 'EUR', rates: { GBP: 1.2, USD: 0.9 } },
  'abandoned-cart': { steps: [60, 1_440] },
  replenishment: { defaultDays: 2 },
  'review-requests': { deliveredDays: 1 },
  'consent-gate': { events: ['Abandoned Cart Step', 'Browse Abandoned'] },
};
/** All ten. */
export const PROCESSORS: readonly string[] = processors
  .map(({ slug }) => slug)
  .filter((slug) => slug !== 'dummy');

const LANTERN = { product_id: 'P-1003', name: 'Ember Lantern', price: 39.5, currency: 'EUR' };
const CANDLE = { product_id: 'P-1015', name: 'Cedar Candle', price: 24.35, currency: 'USD' };

/** Data that the recording lacks: campaigns, consent, products, parcels and subscriptions. */
const BESIDE: readonly SourceEvent[] = [
  track('07:00:00', 'Product Updated', { anonymousId: 'lantern' }, { ...LANTERN, in_stock: false }),
  track('07:00:00', 'Product Updated', { anonymousId: 'candle' }, CANDLE),
  page('08:05:40', { userId: 'u-1001', anonymousId: 'anon-mara' }, [
    'utm_source=letter&utm_medium=email&utm_campaign=spring&iterableEmailCampaignId=77',
  ]),
  track('08:06:30', 'Email Subscribed', { userId: 'u-1001' }, {}),
  page('09:10:00', { anonymousId: 'anon-oliver' }, ['gclid=G-1']),
  at('09:12:00', { type: 'identify', userId: 'u-1002', anonymousId: 'anon-oliver', traits: {} }),
  track(
    '10:00:00',
    'Product Updated',
    { anonymousId: 'lantern' },
    { ...LANTERN, price: 35.55, in_stock: true },
  ),
  track(
    '11:00:00',
    'Subscription Started',
    { userId: 'u-1025' },
    { subscription_id: 'sub-1', status: 'active' },
  ),
  track('14:00:00', 'Email Unsubscribed', { userId: '20417' }, {}),
  track('16:00:00', 'Product Deleted', { anonymousId: 'candle' }, { product_id: 'P-1015' }),
  track('18:00:00', 'Order Delivered', { userId: 'u-1001' }, { order_id: 'AF-7001', shipment_id: 's' }),
  track('20:50:00', 'Product Viewed', { userId: 'u-1001' }, LANTERN),
  track('21:30:00', 'Subscription Cancelled', { userId: 'u-1025' }, { subscription_id: 'sub-1' }),
];

/** The day, every half an hour, and the three days after it, every two hours. */
export function ticksOfTheDay(): readonly Tick[] {
  const all = [...readDay(), ...BESIDE].map(
    ({ comment: _comment, expect: _expect, ...event }: Answer) => event,
  );
  const events = (all as (SourceEvent & { timestamp: string })[]).sort((one, other) =>
    one.timestamp < other.timestamp ? -1 : one.timestamp > other.timestamp ? 1 : 0,
  );
  const [begin, end] = ['2026-03-14T00:00:00Z', '2026-03-18T00:00:00Z'].map(Date.parse) as [number, number];
  const ticks: Tick[] = [];
  for (let from = begin; from < end;) {
    const to = from + (from < begin + 1_440 * MINUTE ? 30 : 120) * MINUTE;
    const inIt = events.filter(
      ({ timestamp }) => Date.parse(timestamp) >= from && Date.parse(timestamp) < to,
    );
    ticks.push({ at: to, events: inIt });
    from = to;
  }
  return ticks;
}

/** Lives the day from a tick on. `watched` wraps the log for all writers. */
export async function liveDay(
  folder: string,
  ticks: readonly Tick[],
  {
    from = 0,
    watched = (log) => log,
    lived = () => undefined,
  }: {
    readonly from?: number;
    readonly watched?: (log: Log) => Log;
    readonly lived?: (tick: number) => void;
  } = {},
): Promise<void> {
  const time = { now: ticks[0]!.at - MINUTE };
  const now = (): number => time.now;
  const stores = await openStores(`sqlite:${folder}`, { writes: ['log'], only: ['log'], now });
  const log = watched(stores.log);
  const intake = createIntake({
    log,
    sourceOf: () => undefined,
    guesses: { judge: () => 0 },
    refusals: createRefusals(),
    metrics: { accepted: () => undefined, duplicate: () => undefined, refused: () => undefined },
    now,
    newMessageId: () => 'none',
    sparing: (_key, say) => say(0),
    onStored: () => undefined,
  });
  const feed = async ({ at: end, events }: Tick): Promise<void> => {
    const stored = events.map((event) => {
      time.now = Date.parse(event.timestamp!);
      return intake.take([event], { source: { id: 'shop' }, path: 'day' }).stored;
    });
    await Promise.all(stored);
    time.now = end;
  };
  // A resumed process reads what arrived in the meantime.
  if (from > 0) await feed(ticks[from]!);
  const failures: string[] = [];
  const running = createProcessors({
    log,
    intake,
    holder: 'one',
    now,
    onFailure: (id, { message }) => failures.push(`${id}: ${message}`),
    onError: (id, error) => failures.push(`${id}: ${String(error)}`),
  });
  await running.configure(configured());
  await running.idle();
  for (let tick = from; tick < ticks.length; tick += 1) {
    if (tick > from || from === 0) await feed(ticks[tick]!);
    await running.idle();
    lived(tick);
  }
  await running.stop();
  await stores.close();
  if (failures.length > 0) throw new Error(failures.join('\n'));
}

/** All of them as in a workspace; the last one sees what the others derive. */
function configured(): readonly ResolvedProcessor[] {
  const before = PROCESSORS.slice(0, -1);
  const workspace = {
    sources: [{ id: 'shop', writeKey: 'key' }],
    processors: PROCESSORS.map((type) => ({
      id: type,
      type,
      settings: SETTINGS[type] ?? {},
      ...(before.includes(type) ? {} : { sources: ['shop', ...before] }),
    })),
    destinations: [],
  };
  const resolved = resolveWorkspace(workspace, { destinations: [], processors, env: () => undefined });
  if (!resolved.ok) throw new Error(JSON.stringify(resolved.issues));
  return resolved.value.processors;
}

/** What is left in the folder. */
export async function endOfDay(folder: string): Promise<DayEnd> {
  const { log, close } = await openStores(`sqlite:${folder}`, { writes: [], only: ['log'] });
  const read = await log.read({ after: 0, limit: 100_000 });
  const derived = read
    .filter(({ sourceId }) => sourceId !== 'shop')
    .map(({ event: { receivedAt: _receivedAt, ...event } }) => event as SourceEvent);
  const kept: string[] = [];
  for (const slug of PROCESSORS) {
    const rows = await log.carriedAfter(`processor ${slug}`, { limit: 100_000 });
    for (const { key, value } of rows) kept.push(`${slug} ${key} ${Buffer.from(value).toString()}`);
    for (const { key, due } of await log.timers(`processor ${slug}`, { limit: 100_000 }))
      kept.push(`${slug} ${key} ${due}`);
  }
  await close();
  return { derived: derived.sort((one, other) => (one.messageId! < other.messageId! ? -1 : 1)), kept };
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the recording is read as JSON
type Answer = any;

function at(time: string, event: object): SourceEvent {
  const timestamp = `2026-03-14T${time}.000Z`;
  return { messageId: `beside ${time} ${JSON.stringify(event).length}`, timestamp, ...event } as SourceEvent;
}

function track(time: string, event: string, who: object, properties: object): SourceEvent {
  return at(time, { type: 'track', event, ...who, properties });
}

function page(time: string, who: object, [query]: readonly string[]): SourceEvent {
  const properties = { url: `https://alderfinch.example/?${query}` };
  return at(time, { type: 'page', name: 'Home', ...who, properties });
}
