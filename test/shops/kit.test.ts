import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PLATFORMS, type Platform, type ShopFaults } from '@waybill/shop-sandboxes';
import { type KitWorld, kitWorld, PLACE, silent, type Told } from './kit-world.ts';

/*
 * The cases that every shop must pass, on each of the four platforms: one local shop each, read without a server, on a manual clock.
 */

/** The events about orders; updates may come as often as a shop changes an order. */
const facts = (told: readonly Told[]): readonly string[] =>
  told.map(({ name }) => name).filter((name) => /^Order (Completed|Cancelled|Refunded|Shipped)$/.test(name));
const named = (told: readonly Told[], name: string): readonly Told[] =>
  told.filter((one) => one.name === name);
const amounts = ({ says }: Told): readonly unknown[] =>
  ['total', 'subtotal', 'shipping', 'tax', 'discount', 'currency'].map((name) => says[name]);

/**
 * Times of orders around clock changes, and the zone of the server: UltraCart writes the hour of New York, and Magento writes UTC
 * without an offset, which can be an invalid time in a zone that skips it.
 */
const CHANGES_OF_CLOCKS = [
  ['Europe/Berlin', '2026-10-25T00:30:00Z'],
  ['Europe/Berlin', '2026-10-25T01:30:00Z'],
  ['America/New_York', '2026-11-01T05:30:00Z'],
  ['America/New_York', '2026-11-01T06:30:00Z'],
  ['America/New_York', '2027-03-14T02:30:00Z'],
  ['America/New_York', '2027-03-14T07:30:00Z'],
  ['Europe/Berlin', '2027-03-28T01:30:00Z'],
  ['Europe/Berlin', '2027-03-28T02:30:00Z'],
] as const;

describe.each(PLATFORMS.map((platform) => [platform]))('%s', (platform: Platform) => {
  let world: KitWorld;
  let number = 0;
  beforeAll(async () => {
    world = await kitWorld(platform);
  }, 30_000);
  afterAll(() => world.close());
  const somebody = (): string => `kit-${(number += 1)}@example.com`;
  const store = () => world.sandbox.day.things.germany;
  const account = (email: string, storeId = store()) =>
    world.sandbox.model.customers.create({
      email,
      firstName: 'Kim',
      lastName: 'Kit',
      storeId,
      addresses: [PLACE],
    });
  /** The events during a fault of the shop, and after its repair. */
  const under = async (faults: ShopFaults): Promise<readonly Told[]> => {
    world.sandbox.fail(faults);
    const first = await world.told(6);
    world.sandbox.fail({});
    return [...first, ...(await world.told(10))];
  };

  describe('Webhook', () => {
    it('repeated and reordered requests report each change once', async () => {
      world.sandbox.fail({ webhooks: { duplicated: 1, reordered: 1 } });
      const order = world.buy(somebody());
      world.sandbox.model.fulfilment.ship(order.id, { tracking: '1Z1' });
      world.sandbox.model.fulfilment.refund(order.id, {
        lines: [{ lineId: order.lines[0]!.id, quantity: 1 }],
      });
      const told = await world.told();
      world.sandbox.fail({});
      expect([...facts(told)].sort()).toEqual(['Order Completed', 'Order Refunded', 'Order Shipped']);
      expect(new Set(told.map(({ messageId }) => messageId)).size).toBe(told.length);
    });

    it('a repeated request reports nothing, and one that is not from the shop is refused', async () => {
      world.buy(somebody());
      await world.sandbox.settled();
      const hook = world.hooks.at(-1)!;
      expect(await world.shop.receive(hook)).toBeUndefined();
      const { authorization: _login, ...headers } = hook.headers!;
      const changed = platform === 'ultracart' ? { ...hook, headers } : { ...hook, body: `${hook.body} ` };
      // The token of Google is about who sends, not about what is sent.
      const wrong = platform === 'commercetools' ? { ...hook, headers } : changed;
      expect(await world.shop.receive(wrong)).toBe('source_signature_invalid');
      expect(facts(await world.told())).toEqual(['Order Completed']);
    });
  });

  describe('Cursor', () => {
    it('what no webhook reports is polled, once, even across a restart', async () => {
      world.sandbox.fail(silent());
      world.buy(somebody());
      world.buy(somebody());
      expect(facts(await world.told(6))).toEqual(['Order Completed', 'Order Completed']);
      await world.shop.restart();
      expect(facts(await world.polled())).toEqual([]);
    });

    it.each([-10, 10])('a shop whose clock is %i minutes off is read all the same', async (minutes) => {
      world.sandbox.fail(silent({ skewMs: minutes * 60_000 }));
      world.buy(somebody());
      expect(facts(await world.polled(12))).toEqual(['Order Completed']);
    });

    it('a row that makes its page unreadable is set aside, and the others are read', async () => {
      const [spoiled, good] = [world.buy(somebody()), world.buy(somebody())];
      const told = await under(silent({ spoiled: [{ kind: 'order', id: spoiled.id }] }));
      expect(named(told, 'Order Completed').length).toBe(2);
      expect(good.id).not.toBe(spoiled.id);
    });
  });

  describe('Limits', () => {
    it.each<readonly [string, ShopFaults]>([
      ['429 without a header', { calls: [{ kind: 'status', status: 429, times: 3 }] }],
      [
        '429 that names a time',
        { calls: [{ kind: 'status', status: 429, headers: { 'retry-after': '20' }, times: 2 }] },
      ],
      ['503 as a page for people', { calls: [{ kind: 'html', status: 503, times: 4 }] }],
      ['a connection that breaks off', { calls: [{ kind: 'drop', times: 2 }] }],
      ['an answer that breaks off', { calls: [{ kind: 'half', times: 2 }] }],
      ['tokens that end early', { tokenCalls: 3 }],
    ])('%s loses nothing and duplicates nothing', async (_what, faults) => {
      world.buy(somebody());
      expect(facts(await under(faults))).toEqual(['Order Completed']);
    });
  });

  describe('Orders', () => {
    it('an edit is not a second order, and a cancellation is reported once', async () => {
      const { model, day } = world.sandbox;
      const order = world.buy(somebody(), { quantity: 2 });
      await world.told();
      const line = order.lines.find(({ productId }) => productId === day.things.mug)!;
      const edited = model.orders.edit(order.id, line.id, 3);
      // Magento cancels the order in favour of another.
      const replaces = platform === 'magento2' ? ['Order Cancelled', 'Order Completed'] : [];
      expect([...facts(await world.told())].sort()).toEqual(replaces);
      model.orders.cancel(edited.id, 'Changed my mind');
      expect(facts(await world.told())).toEqual(['Order Cancelled']);
    });

    it('partial refunds are separate refunds, with their amounts', async () => {
      const { model } = world.sandbox;
      const order = world.buy(somebody(), { quantity: 3 });
      await world.told();
      const lines = [{ lineId: order.lines[0]!.id, quantity: 1 }];
      const given = [model.fulfilment.refund(order.id, { lines }).refunds.at(-1)!, undefined];
      const first = named(await world.told(), 'Order Refunded');
      given[1] = model.fulfilment.refund(order.id, { lines }).refunds.at(-1)!;
      const second = named(await world.told(), 'Order Refunded');
      const shipping = model.fulfilment.refund(order.id, { shipping: true }).refunds.at(-1)!;
      const third = named(await world.told(), 'Order Refunded');
      expect([first, second, third].map((one) => one.map(({ says }) => says['total']))).toEqual(
        [given[0]!, given[1]!, shipping].map(({ amount }) => [amount / 100]),
      );
      expect(new Set([...first, ...second, ...third].map(({ messageId }) => messageId)).size).toBe(3);
    });

    it('test orders, and orders whose payment fails, are not orders', async () => {
      const { model } = world.sandbox;
      if (platform === 'ultracart') world.buy(somebody(), { isTest: true });
      if (platform !== 'ultracart') {
        const dying = world.buy(somebody(), { payment: 'open' });
        model.orders.cancel(dying.id, 'Payment failed');
      }
      expect(facts(await world.told())).toEqual([]);
    });
  });

  describe('Time', () => {
    const zone = process.env['TZ'];
    afterEach(() => {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    });

    it('orders in a repeated or skipped hour of a clock change are reported once each, with their time', async () => {
      const { clock, sandbox } = world;
      const told: Told[] = [];
      for (const [zoneOfServer, at] of CHANGES_OF_CLOCKS) {
        process.env['TZ'] = zoneOfServer;
        clock.set(Date.parse(at) - 60_000);
        await world.told();
        sandbox.fail(silent());
        clock.set(at);
        world.buy(somebody());
        told.push(...named(await world.polled(12), 'Order Completed'));
      }
      const second = (at: string): string => `${at.slice(0, 19)}Z`;
      expect(told.map(({ at }) => second(at))).toEqual(CHANGES_OF_CLOCKS.map(([, at]) => at));
    });
  });

  describe('Money', () => {
    it('a free order is an order, with a total of 0', async () => {
      world.buy(somebody(), { coupon: 'GIFT100', shipping: 0 });
      const [order, ...others] = named(await world.told(6), 'Order Completed');
      expect([amounts(order!), others]).toEqual([[0, 0, 0, 0, 12.61, 'EUR'], []]);
      expect(order!.says['products']).toMatchObject([{ quantity: 1 }]);
      expect(named(await world.told(60), 'Order Refunded')).toEqual([]);
    });

    it('discount and tax are counted once: the parts add up to the total', async () => {
      world.buy(somebody(), { quantity: 2, coupon: 'WELCOME10' });
      const [order] = named(await world.told(), 'Order Completed');
      const [total, subtotal, shipping, tax, discount] = amounts(order!) as readonly number[];
      expect(subtotal! + shipping! + tax!).toBeCloseTo(total!, 6);
      expect(discount).toBeCloseTo(2.52, 6);
    });

    it('yen have no cents, and a kit is one line', async () => {
      const { total } = world.buy(somebody(), { store: 'japan', product: 'giftSet' });
      const [order] = named(await world.told(), 'Order Completed');
      expect([order!.says['total'], order!.says['currency']]).toEqual([total, 'JPY']);
      expect(order!.says['products']).toHaveLength(1);
    });
  });

  describe('Identity', () => {
    it('a guest is reported by their order, and is the same person with an account', async () => {
      const email = somebody();
      world.buy(email);
      const guest = await world.told();
      expect(named(guest, 'identify').map(({ says }) => says['email'])).toContain(email);
      account(email);
      const registered = named(await world.told(), 'identify').map(({ says }) => says['email']);
      expect(new Set(registered)).toEqual(new Set([email]));
    });

    it('a changed e-mail address names the previous one', async () => {
      const [before, after] = [somebody(), somebody()];
      const { id } = account(before);
      await world.told();
      world.sandbox.model.customers.changeEmail(id, after);
      const [changed, ...others] = named(await world.told(), 'Email Changed');
      expect([changed?.says['previous_email'], others.length]).toEqual([before, 0]);
    });
  });

  describe('Carts', () => {
    it('are reported whole, and emptied when they become an order', async () => {
      const { model, day } = world.sandbox;
      const email = somebody();
      const { id } = account(email);
      await world.told();
      const cart = model.carts.begin(store(), [{ productId: day.things.mug, quantity: 2 }], {
        customerId: id,
      });
      model.carts.add(cart.id, { productId: day.things.kettle });
      const filled = named(await world.told(2), 'Cart Updated');
      // UltraCart only reports abandoned carts.
      if (platform === 'ultracart') {
        expect(filled).toEqual([]);
        model.carts.abandon(cart.id);
        expect(named(await world.told(2), 'Cart Abandoned')).toHaveLength(1);
        return;
      }
      expect(filled.at(-1)!.says['products']).toHaveLength(2);
      model.carts.checkout(cart.id, { email, billingAddress: PLACE, shipping: 0 });
      model.orders.place(cart.id);
      const emptied = named(await world.told(2), 'Cart Updated');
      expect(emptied.at(-1)!.says['products']).toEqual([]);
    });
  });

  describe('Consent', () => {
    it('opting in and out again is reported, each once', async () => {
      const email = somebody();
      account(email);
      await world.told();
      const say = (state: 'subscribed' | 'unsubscribed') =>
        world.sandbox.model.customers.say({
          storeId: store(),
          email,
          channel: 'email',
          state,
          origin: 'account',
        });
      say('subscribed');
      const on = await world.told();
      say('unsubscribed');
      const off = await world.told();
      const of = (told: readonly Told[]) =>
        told.map(({ name }) => name).filter((name) => /^Email /.test(name));
      expect([of(on), of(off)]).toEqual([['Email Subscribed'], ['Email Unsubscribed']]);
      expect((await world.told(60)).filter(({ name }) => /^Email /.test(name))).toEqual([]);
    });
  });

  describe('Text messages', () => {
    it('an opt-in and STOP are reported if the platform has them, with the person', async () => {
      const [email, phone] = [somebody(), '+4930901820'];
      const { id } = account(email);
      world.sandbox.model.customers.update(id, { phone });
      const say = (state: 'subscribed' | 'unsubscribed') =>
        world.sandbox.model.customers.say({
          storeId: store(),
          email,
          phone,
          channel: 'sms',
          state,
          origin: 'account',
        });
      // At UltraCart it is a tick in the checkout.
      if (platform === 'ultracart') world.buy(email, { customerId: id, phone });
      else say('subscribed');
      const yes = (await world.told(6)).filter(({ name }) => name.startsWith('SMS '));
      say('unsubscribed');
      const no = (await world.told(6)).filter(({ name }) => name.startsWith('SMS '));
      const can = platform === 'commercetools' || platform === 'ultracart';
      expect([yes, no].map((told) => told.map(({ name }) => name))).toEqual(
        can ? [['SMS Subscribed'], ['SMS Unsubscribed']] : [[], []],
      );
      if (platform === 'ultracart')
        expect(no).toMatchObject([{ says: { origin: 'STOP' }, userId: String(id) }]);
    });
  });

  describe('Back-fill', () => {
    it('reads existing data as historical events, each once, as many as the shop counts', async () => {
      const fresh = await kitWorld(platform);
      fresh.sandbox.fail(silent());
      for (let index = 0; index < 7; index += 1) fresh.buy(`past-${index}@example.com`);
      fresh.clock.advance(40 * 86_400_000);
      await fresh.shop.restart();
      const told = await fresh.shop.backfill();
      await fresh.shop.restart();
      const again = await fresh.shop.sync();
      const completed = told.filter((event) => event.type === 'track' && event.event === 'Order Completed');
      const ended = fresh.shop.status().filter(({ mode }) => mode === 'backfill');
      await fresh.close();
      expect(completed).toHaveLength(7);
      expect(
        completed.every(({ context }) => (context as { historical?: boolean }).historical === true),
      ).toBe(true);
      expect(again).toEqual([]);
      for (const { ended: isDone, read, total } of ended)
        expect([isDone, read]).toEqual([true, total ?? read]);
    });
  });

  it('Privacy: no secret of the settings and no card number is in reported or set-aside data', () => {
    const text = world.text() + JSON.stringify(world.shop.asides());
    const secrets = Object.entries(world.sandbox.settings).filter(([name]) =>
      /secret|key|token|password/i.test(name),
    );
    for (const [name, value] of secrets)
      if (typeof value === 'string' && !/Url$|ClientId$|^projectKey$/.test(name))
        expect(text).not.toContain(value);
    expect(text).not.toMatch(/"(password|cc_number|card_number|credit_card)"/i);
  });
});

it('each case stands in the table of proofs', () => {
  const source = readFileSync(join(import.meta.dirname, 'kit.test.ts'), 'utf8');
  const page = readFileSync(join(import.meta.dirname, '../../docs/sources/proof.md'), 'utf8');
  const titles = [...source.matchAll(/^ +it(?:\.each.*?\])?\)?\('([^']+)'/gms)].map(([, title]) => title!);
  expect(titles.length).toBeGreaterThanOrEqual(16);
  expect(titles.filter((title) => !page.includes(`| ${title} `))).toEqual([]);
});
