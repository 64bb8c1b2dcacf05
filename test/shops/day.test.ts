import { afterEach, describe, expect, it } from 'vitest';
import { changesOf, type Known } from '@waybill/commerce';
import { compileValidator, SHOP_FIELDS, type ShopState, type SourceEvent } from '@waybill/core';
import { createShopSandbox, type ShopPlatform } from '@waybill/shop-sandboxes';
import mappings from '@waybill/presets/iterable-for-shops.json' with { type: 'json' };
import { type Answer, openHarness } from '../e2e/harness.ts';
import { EVERYBODY, PROCESSED } from './by-hand.ts';
import { type Connected, connect } from './connected.ts';
import { heldBy } from './outcome.ts';
import { processedOf } from './processed.ts';
import { stateOf, statesOf } from './reference.ts';
import { heldAs, reachable, TOLD } from './told.ts';

/** A platform without any data. */
const silent: ShopPlatform = {
  slug: 'reference',
  name: 'Reference',
  traits: { edits: 'inPlace', silent: [] },
  open: () => ({ settings: {}, retries: [], handle: () => ({ status: 404 }), deliveriesOf: () => [] }),
};

/** The events of the day with every change, at the times of the story: months lie between the first and the last. */
async function eventsOfTheDay(): Promise<readonly SourceEvent[]> {
  const shop = await createShopSandbox({ platform: silent, start: Date.UTC(2026, 0, 5) });
  const events: SourceEvent[] = [];
  const kept = new Map<string, ShopState>();
  shop.model.onChange((change) => {
    const [before, after] = statesOf(shop.model, change);
    const state = after ?? before;
    if (state === undefined) return;
    const time = new Date(change.at).toISOString();
    const gone = { kind: state.kind, id: state.id, gone: true, at: time } as const;
    const known: Known = (kind, id) => kept.get(`${kind} ${id}`) as never;
    const context = { platform: 'reference', source: 'shop', settings: {}, now: change.at, known };
    events.push(...changesOf(before, after ?? gone, context));
    kept.set(`${state.kind} ${state.id}`, state);
  });
  await shop.play('all');
  await shop.close();
  return events;
}

/** The events of each day, the first day first. */
function byDay(events: readonly SourceEvent[]): readonly (readonly SourceEvent[])[] {
  const days = new Map<string, SourceEvent[]>();
  for (const event of events) {
    const day = String(event.timestamp).slice(0, 10);
    days.set(day, [...(days.get(day) ?? []), event]);
  }
  return [...days].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, batch]) => batch);
}

it('states of the model are valid states of shops', async () => {
  const shop = await createShopSandbox({ platform: silent });
  await shop.play('all');
  await shop.close();
  const kinds = Object.keys(shop.model.tables) as (keyof typeof shop.model.tables)[];
  for (const kind of kinds)
    for (const thing of shop.model.tables[kind].all()) {
      const state = stateOf(shop.model, kind, thing);
      if (state === undefined) continue;
      const { kind: _kind, ...fields } = state;
      expect(compileValidator(SHOP_FIELDS[state.kind])(fields)).toMatchObject({ ok: true, changes: [] });
    }
});

it('processors derive from the day what was worked out by hand', async () => {
  expect(Object.fromEntries(processedOf(await eventsOfTheDay()))).toEqual(PROCESSED);
});

describe('the data in Iterable after the day', () => {
  let connected: Connected | undefined;
  afterEach(async () => {
    await connected?.close();
    connected = undefined;
  });

  it('is what was worked out by hand, with every change visible', async () => {
    // It is not known whether Iterable accepts 4.12 where it first saw 0: here it does.
    const harness = await openHarness({ sandbox: { switches: { doubleIntoLong: 'accepted' } } });
    await harness.track('batch', { batch: await eventsOfTheDay() });
    await harness.server.idle();
    const held = heldBy(await harness.iterable());
    await harness.close();
    expect(held).toEqual(EVERYBODY);
  });

  it('includes everything reported, with the mappings for shops, also with strict types in Iterable', async () => {
    const settings = { apiKey: 'demo', projectType: 'hybrid', fieldTypes: 'convert' };
    const text = JSON.stringify(mappings.mappings).replaceAll('"listId":1', '"listId":1001');
    const harness = await openHarness({
      workspace: (apiUrl) => ({
        sources: [{ id: 'demo', writeKey: 'demo' }],
        destinations: [
          { id: 'iterable', type: 'iterable', settings: { ...settings, apiUrl }, mappings: JSON.parse(text) },
        ],
      }),
    });
    const headers = { 'Api-Key': 'demo', 'content-type': 'application/json' };
    const make = async (path: string, body: string): Promise<Answer> =>
      (await fetch(`${harness.sandbox.url}${path}`, { method: 'POST', headers, body })).json();
    expect(await make('/api/lists', '{"name":"Newsletter"}')).toEqual({ listId: 1001 });
    await make('/api/catalogs/Products', '{}');
    const events = await eventsOfTheDay();
    // The choices of a guest and of the later account have no order when they arrive together: only the later choice counts.
    for (const batch of byDay(events)) {
      await harness.track('batch', { batch });
      await harness.server.idle();
    }
    const { profiles } = (await harness.iterable()) as Answer;
    const steps = await Promise.all(events.map(({ messageId }) => harness.steps(messageId)));
    await harness.close();
    const ends = events.flatMap(({ event = 'identify' }, index) =>
      steps[index]!.flatMap(({ status, code }) => (status === 'delivered' ? [] : [`${event}: ${code}`])),
    );
    // Carts without a user, and the deletion, which no mapping handles.
    expect([...new Set(ends)].sort()).toEqual([
      'Cart Updated: no_matching_mapping',
      'Customer Deleted: no_matching_mapping',
    ]);
    const ada = profiles.find(({ email }: Answer) => email === 'ada@example.com');
    expect(ada.dataFields).toMatchObject({ unsubscribedChannelIds: [1] });
  });

  const days = Object.entries(TOLD).flatMap(([name, { ways }]) => ways.map((way) => [name, way] as const));
  it.each(days)('is that of a shop at %s that is followed by %s', async (name, ways) => {
    const platform = name as keyof typeof TOLD;
    const told = TOLD[platform];
    const faults = ways === 'both' ? { webhooks: { lost: 0.3, duplicated: 0.2, reordered: 0.3 } } : {};
    const { settings = {} } = told;
    connected = await connect({ platform, faults, settings, webhooks: ways !== 'polls' });
    const { shop, harness, read } = connected;
    await shop.play('all', ways === 'webhooks' ? () => harness.server.idle() : read);
    const { delivered, lost } = shop.stats().webhooks;
    expect([delivered > 0, lost > 0]).toEqual([ways !== 'polls', ways === 'both']);
    const held = heldBy(await harness.iterable());
    // Whether a change that only a webhook reports was lost is a matter of chance.
    const sure = ways === 'both' ? held.map((one) => reachable(told, one, ways)) : held;
    expect(sure).toEqual(EVERYBODY.map((one) => heldAs(told, one, ways)));
    const { body } = await harness.admin('events?limit=1000');
    // Shops report whole seconds, and here a whole day takes a few: of two changes in one second, the one that was read last wins.
    const inOrder = body.events.reverse().map(({ event }: Answer, index: number) => ({
      ...event,
      timestamp: new Date(Date.parse(event.timestamp) + index).toISOString(),
    }));
    const processed = processedOf(inOrder);
    for (const [person, { metrics, orders }] of Object.entries(PROCESSED)) {
      const { metrics: worked, orders: states } = processed.get(person)!;
      expect(worked).toEqual(metrics === undefined ? undefined : (told.counts?.(metrics) ?? metrics));
      expect(states).toContain(orders.at(-1));
    }
  });
});
