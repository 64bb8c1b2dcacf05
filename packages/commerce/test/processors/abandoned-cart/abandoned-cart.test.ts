import { deepStrictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { abandonedCart } from '@waybill/commerce';
import type { Event, ResolvedProcessor } from '@waybill/core';
import { createInstallation } from '@waybill/delivery';
import { createIntake, createProcessors } from '@waybill/ingest';
import {
  createTestEvent,
  createTestProcessor,
  fakeClock,
  processorTests,
  simulateProcessor,
} from '@waybill/testing';
import { BEGIN, eventOf, randomHistory } from './histories.ts';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

processorTests(
  abandonedCart,
  { describe, it },
  {
    runs: 15,
    settings: { steps: [60, 1440], returnUrl: 'https://shop.example/{{cart_id}}' },
    events: [
      'Product Added',
      'Product Removed',
      'Cart Viewed',
      'Checkout Started',
      'Order Completed',
      'identify',
    ],
  },
);

/** The result of events that all arrive within seconds, long after they happened, followed by a long time. */
function outcomeOf(events: readonly Event[], settings: Readonly<Record<string, unknown>>) {
  const simulation = simulateProcessor(abandonedCart, settings);
  const from = BEGIN + 4 * DAY;
  events.forEach((event, index) => simulation.receive(event, from + index * 100));
  simulation.advance(from + 30 * DAY);
  deepStrictEqual(simulation.failures, []);
  const rows = [...simulation.users()].flatMap(([key, { state }]) =>
    state === undefined ? [] : [[key, JSON.parse(state) as unknown]],
  );
  const derived = simulation.derived.map(({ messageId, event, properties }) => ({
    messageId,
    event,
    properties,
  }));
  return {
    state: Object.fromEntries(rows),
    derived: derived.sort((one, other) => (one.messageId < other.messageId ? -1 : 1)),
  };
}

describe('stored cart data', () => {
  it('ends in the same state and sends the same events, in any order of arrival and with duplicates', () => {
    const shuffled = fc.nat().chain((seed) => {
      const { events } = randomHistory(seed);
      // All are known to be one person: keys without an introduction are separate persons.
      const facts = events.map((told) => ({ ...eventOf(told), userId: 'u' }));
      return fc.tuple(
        fc.constant(facts),
        fc.shuffledSubarray(facts, { minLength: facts.length }),
        fc.subarray(facts),
      );
    });
    const settings = { steps: [60, 1440], latest: 10 * 1440, visitors: true };
    fc.assert(
      fc.property(shuffled, ([facts, others, again]) => {
        deepStrictEqual(outcomeOf([...others, ...again], settings), outcomeOf(facts, settings));
      }),
      { numRuns: 80 },
    );
  });

  it('is bounded: of more carts, events and products the newest are kept', () => {
    const simulation = simulateProcessor(abandonedCart);
    const products = Array.from({ length: 200 }, (_, at) => ({
      product_id: `product-${at}`,
      name: 'x'.repeat(600),
      url: `https://shop.example/${'x'.repeat(470)}`,
      image_url: `https://shop.example/${'y'.repeat(470)}`,
      price: 1,
    }));
    for (let at = 0; at < 40; at += 1)
      simulation.receive(
        createTestEvent('Cart Updated', {
          messageId: `m-${at}`.padEnd(100, 'x'),
          timestamp: new Date(BEGIN + at * MINUTE).toISOString(),
          properties: { cart_id: `cart-${at < 25 ? 0 : at % 7}`, products: products.slice(at % 150) },
        }),
        BEGIN + at * MINUTE,
      );
    const size = Math.max(...[...simulation.users().values()].map(({ state = '' }) => state.length));
    expect(size).toBeLessThan(250_000);
    expect(simulation.failures).toEqual([]);
    for (let at = 80; at < 105; at += 1) simulation.advance(BEGIN + at * MINUTE);
    const carts = new Set(simulation.derived.map(({ properties }) => properties?.['cart_id']));
    expect([...carts].sort()).toEqual(['cart-0', 'cart-1', 'cart-2', 'cart-3', 'cart-4']);
  });
});

const cart = (id: string, messageId: string, at: number, products: readonly string[]): Event =>
  createTestEvent('Cart Updated', {
    messageId,
    timestamp: new Date(at).toISOString(),
    properties: {
      cart_id: id,
      products: products.map((one) => ({ product_id: one, price: 4, quantity: 1 })),
    },
  });

const resolved: ResolvedProcessor = {
  id: 'carts',
  name: 'carts',
  enabled: true,
  processor: abandonedCart,
  sources: ['test'],
  settings: { steps: [60, 1440, 4320], latest: 1440, endAfter: 1440, settle: 5 },
};

describe('reminders of a cart', () => {
  it('are the same when the server is killed between any two steps', async () => {
    const lived = async (kills: boolean): Promise<readonly unknown[]> => {
      const time = { now: BEGIN };
      const installation = createInstallation({ now: () => time.now });
      const open = (holder: string) => {
        const stores = installation.open({ writes: ['log'] });
        const intake = createIntake({
          log: stores.log,
          sourceOf: () => undefined,
          guesses: { judge: () => 0 },
          refusals: { add: () => undefined },
          metrics: { accepted: () => undefined, duplicate: () => undefined, refused: () => undefined },
          now: () => time.now,
          newMessageId: () => 'unused',
          sparing: () => undefined,
          onStored: () => undefined,
        });
        const processors = createProcessors({
          log: stores.log,
          intake,
          holder,
          now: () => time.now,
          onFailure: (_processor, { message }) => {
            throw new Error(message);
          },
          onError: () => undefined,
        });
        void processors.configure([resolved]);
        return { stores, intake, processors };
      };
      let server = open('one');
      await server.processors.idle();
      const steps: readonly (Event | number)[] = [
        cart('1', 'm-1', BEGIN, ['a']),
        30 * MINUTE,
        cart('1', 'm-2', BEGIN + 30 * MINUTE, ['a', 'b']),
        cart('2', 'm-3', BEGIN + 30 * MINUTE, ['c']),
        60 * MINUTE,
        cart('1', 'm-4', BEGIN + 90 * MINUTE, []),
        10 * MINUTE,
        DAY,
        3 * DAY,
        DAY,
      ];
      for (const step of steps) {
        if (typeof step === 'number') time.now += step;
        else await server.intake.take([step], { source: { id: 'test' }, path: 'test' }).stored;
        if (kills) {
          // Cut off halfway.
          server.processors.wake();
          await Promise.resolve();
          server.stores.crash();
          void server.processors.stop().catch(() => undefined);
          server = open('one');
        }
        for (let turn = 0; turn < 3; turn += 1) {
          await server.processors.idle();
          time.now += 6 * MINUTE;
        }
        await server.processors.idle();
      }
      const read = await server.stores.log.read({ after: 0, limit: 1_000 });
      await server.processors.stop();
      return read.flatMap(({ sourceId, event }) =>
        sourceId === 'test' ? [] : [[event.event, event.messageId, event.properties]],
      );
    };
    const whole = await lived(false);
    expect(whole.length).toBe(7);
    expect((await lived(true)).toSorted()).toEqual(whole.toSorted());
  });

  it('are sent once after a stop of hours, shortly after the first opportunity', async () => {
    const clock = fakeClock();
    const under = await createTestProcessor(abandonedCart, { clock });
    await under.send(cart('1', 'm-1', clock.now(), ['a']));
    clock.advance(10 * 60 * MINUTE);
    await under.restart();
    expect(await under.advance(MINUTE)).toEqual([]);
    const sent = await under.advance(5 * MINUTE);
    expect(sent.map(({ properties }) => properties?.['step'])).toEqual([1]);
    // The interval to the next one stays.
    expect(await under.advance(22 * 60 * MINUTE)).toEqual([]);
    const next = await under.advance(62 * MINUTE);
    expect(next.map(({ properties }) => properties?.['step'])).toEqual([2]);
    await under.stop();
  });

  it('are not sent when the order arrived after the stop', async () => {
    const clock = fakeClock();
    const under = await createTestProcessor(abandonedCart, { clock });
    await under.send(cart('1', 'm-1', clock.now(), ['a']));
    const ordered = clock.advance(30 * MINUTE);
    clock.advance(10 * 60 * MINUTE);
    await under.restart();
    const at = new Date(ordered).toISOString();
    const order = { timestamp: at, originalTimestamp: at, properties: { order_id: '1', cart_id: '1' } };
    expect(await under.send(createTestEvent('Order Completed', order))).toEqual([]);
    expect(await under.advance(30 * DAY)).toEqual([]);
    await under.stop();
  });

  it('wait while the clock is behind, and are skipped when it jumps too far', async () => {
    const clock = fakeClock();
    const under = await createTestProcessor(abandonedCart, { clock });
    await under.send(cart('1', 'm-1', clock.now(), ['a']));
    expect(await under.advance(-5 * DAY)).toEqual([]);
    expect(await under.advance(5 * DAY + 59 * MINUTE)).toEqual([]);
    expect((await under.advance(MINUTE)).map(({ event }) => event)).toEqual(['Abandoned Cart Step']);
    await under.advance(60 * DAY);
    const rest = await under.advance(6 * MINUTE);
    expect(rest.map(({ properties }) => properties?.['reason'])).toEqual(['done']);
    await under.stop();
  });
});
