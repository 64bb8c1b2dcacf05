import { describe, expect, it } from 'vitest';
import { compileTrigger, defineFields, defineProcessor, type Event, type Processor } from '@waybill/core';
import { beginWork, processors, readRow } from '@waybill/ingest';
import { createTestProcessor } from '@waybill/testing';

const AT = Date.parse('2026-03-02T10:00:00.000Z');

/** The state and derived events when events are processed in steps of a size. */
async function workedOn(processor: Processor, events: readonly Event[], size: number) {
  const under = await createTestProcessor(processor, {
    settings: processor.slug === 'consent-gate' ? { events: ['Browse Abandoned'] } : {},
  });
  await under.stop();
  const matches = compileTrigger(processor.trigger);
  const kept = new Map<string, Uint8Array>();
  const derived = [];
  const failures = [];
  const mine = events
    .map((event, at) => ({ seq: at + 1, sourceId: 'shop', event }))
    .filter(({ event }) => matches(event));
  for (let from = 0; from < mine.length; from += size) {
    const work = beginWork(under.resolved, kept, AT);
    for (const logged of mine.slice(from, from + size)) work.event(logged);
    const done = work.done();
    for (const { key, value } of done.state) {
      if (value === undefined) kept.delete(key);
      else kept.set(key, value);
    }
    derived.push(...done.events);
    failures.push(...done.failures);
  }
  const rows = [...kept].map(([key, value]) => [key, Buffer.from(value).toString()] as const);
  return { derived, failures, rows: rows.sort(([one], [other]) => (one < other ? -1 : 1)) };
}

const told = (n: number, event: string, properties: object, more: object = {}): Event => {
  const at = new Date(AT + n * 60_000).toISOString();
  return {
    type: 'track',
    messageId: `m-${n}`,
    timestamp: at,
    receivedAt: at,
    event,
    properties: { ...properties },
    ...more,
  };
};

const shirt = {
  product_id: 'p1',
  sku: 's1',
  name: 'Shirt',
  category: 'tops',
  brand: 'b',
  price: 19.9,
  quantity: 2,
};
const cap = { product_id: 'p2', sku: 's2', name: 'Cap', price: 5, quantity: 1 };
const visitor = { anonymousId: 'a-1' };
const account = { ...visitor, userId: 'ada', context: { traits: { email: 'ada@example.com' } } };
const cart = { cart_id: 'c-1', currency: 'EUR', value: 44.8, products: [shirt, cap] };
const HISTORY: readonly Event[] = [
  {
    ...told(0, '', {}, visitor),
    type: 'page',
    name: 'Home',
    properties: { url: 'https://shop.example/?utm_source=mail' },
  },
  told(1, 'Product Viewed', { currency: 'EUR', ...shirt }, visitor),
  told(2, 'Product Added', { cart_id: 'c-1', currency: 'EUR', ...shirt }, visitor),
  told(3, 'Product Viewed', { currency: 'EUR', ...cap }, account),
  told(4, 'Cart Updated', cart, account),
  told(5, 'Product Viewed', { currency: 'EUR', ...cap }, { userId: 'bob' }),
  told(6, 'Checkout Started', cart, account),
  told(7, 'Order Completed', { order_id: 'o-1', total: 44.8, ...cart }, account),
  told(8, 'Order Refunded', { order_id: 'o-1', refund_id: 'r-1', total: 5, currency: 'EUR' }, account),
  told(9, 'Order Completed', { order_id: 'o-1', total: 44.8, ...cart }, account),
  told(10, 'Product Viewed', { currency: 'EUR', ...cap }, account),
];

describe('a step', () => {
  it.each(processors.map((processor) => [processor.slug, processor] as const))(
    'of %s has the same result as a step for each event',
    async (_slug, processor) => {
      const each = await workedOn(processor, HISTORY, 1);
      expect(each.failures).toEqual([]);
      for (const size of [2, 3, HISTORY.length])
        expect(await workedOn(processor, HISTORY, size)).toEqual(each);
    },
  );

  it('follows an address that moves from one account to another', async () => {
    const one = processors.find(({ slug }) => slug === 'browse-abandonment')!;
    const viewed = (n: number, more: object): Event =>
      told(n, 'Product Viewed', { ...cap, product_id: `p${n}` }, more);
    const guest = { context: { traits: { email: 'ada@example.com' } } };
    const [ada, bob] = [
      { ...guest, userId: 'ada' },
      { ...guest, userId: 'bob' },
    ];
    // The keys of the third event are those of the first two, with others between.
    const events = [ada, ada, bob, ada, guest, bob, guest, guest].map((who, n) => viewed(n, who));
    const each = await workedOn(one, events, 1);
    for (const size of [2, 5, events.length]) expect(await workedOn(one, events, size)).toEqual(each);
    const seen = each.rows.flatMap(([key, row]) => {
      const { state } = readRow(Buffer.from(row));
      if (state === undefined) return [];
      const { viewed: views } = JSON.parse(state) as { viewed: { id: string }[] };
      return [[key, views.map(({ id }) => id)]];
    });
    expect(seen).toEqual([
      ['u:ada', ['m-4', 'm-3', 'm-1', 'm-0']],
      ['u:bob', ['m-7', 'm-6', 'm-5', 'm-2']],
    ]);
  });

  it('undoes the changes of a failing processor, and fails the event that makes a state too large', async () => {
    const spoiler = defineProcessor({
      slug: 'spoiler',
      name: 'Spoiler',
      description: 'Changes what it was given.',
      settings: defineFields({}),
      trigger: 'type = "track"',
      events: {},
      initial: (): { seen: string[] } => ({ seen: [] }),
      process: ({ seen }, { event = '' }) => {
        if (event === 'Broken') {
          seen.push('by mistake');
          throw new Error('It broke.');
        }
        return { state: { seen: [...seen, event === 'Large' ? 'x'.repeat(300_000) : event] } };
      },
    });
    const names = ['One', 'Broken', 'Two', 'Large', 'Three', 'Broken', 'Four'];
    const events = names.map((name, n) => told(n, name, {}, { userId: 'ada' }));
    const each = await workedOn(spoiler, events, 1);
    expect(readRow(Buffer.from(each.rows[0]![1]))).toMatchObject({
      state: '{"seen":["One","Two","Three","Four"]}',
    });
    expect(each.failures.map(({ cause }) => cause)).toEqual(['m-1', 'm-3', 'm-5']);
    expect(await workedOn(spoiler, events, 7)).toEqual(each);
    // The last state of a step is checked too.
    const last = await workedOn(spoiler, events.slice(2, 4), 2);
    expect(last.failures).toMatchObject([{ cause: 'm-3' }]);
    expect(last.rows).toHaveLength(1);
  });

  it('writes nothing for unchanged users', async () => {
    const one = processors.find(({ slug }) => slug === 'customer-metrics')!;
    const under = await createTestProcessor(one);
    await under.stop();
    const order = HISTORY[7]!;
    const first = beginWork(under.resolved, new Map(), AT);
    first.event({ seq: 1, sourceId: 'shop', event: order });
    const kept = new Map(first.done().state.map(({ key, value }) => [key, value!] as const));
    expect(kept.size).toBeGreaterThan(0);
    const again = beginWork(under.resolved, kept, AT);
    again.event({ seq: 2, sourceId: 'shop', event: order });
    expect(again.done().state).toEqual([]);
    expect(again.done(true).state.map(({ key }) => key)).toContain('u:ada');
  });

  it('continues with rows of an older version', async () => {
    const one = processors.find(({ slug }) => slug === 'browse-abandonment')!;
    const under = await createTestProcessor(one);
    await under.stop();
    const old = Object.entries({
      'u:ada': {
        state: '{"viewed":[],"known":true,"boughtAt":1772400000000}',
        who: { userId: 'ada', email: 'ada@example.com' },
        timers: { look: AT + 60_000 },
        turns: 3,
        notes: [{ at: AT, note: 'The viewed products are sent.' }],
      },
      'a:a-1': { is: 'u:ada' },
    });
    const kept = new Map(old.map(([key, row]) => [key, Buffer.from(JSON.stringify(row))] as const));
    expect(readRow(kept.get('u:ada'))).toEqual(old[0]![1]);
    const work = beginWork(under.resolved, kept, AT);
    work.event({ seq: 9, sourceId: 'shop', event: told(0, 'Product Viewed', cap, visitor) });
    const { state, timers, failures } = work.done();
    expect(failures).toEqual([]);
    expect(state.map(({ key }) => key)).toEqual(['u:ada']);
    const row = readRow(state[0]!.value);
    expect(row).toMatchObject({ who: { userId: 'ada', anonymousId: 'a-1' }, notes: [{ at: AT }] });
    expect(JSON.parse(row.state!)).toMatchObject({ known: true, viewed: [{ id: 'm-0' }] });
    // A person checked a minute ago is checked later: the timer of the old row is cancelled.
    expect(timers.map(({ due, value }) => [due, value !== undefined])).toEqual([
      [AT + 60_000, false],
      [expect.any(Number), true],
    ]);
  });
});
