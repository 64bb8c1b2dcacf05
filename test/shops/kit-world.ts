import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Event } from '@waybill/core';
import {
  createShopSandbox,
  type Order,
  type Platform,
  type ShopFaults,
  type ShopSandbox,
} from '@waybill/shop-sandboxes';
import { shops } from '@waybill/sources';
import { createTestShop, type FakeClock, fakeClock, type TestShop, type TestWebhook } from '@waybill/testing';
import { over } from './over.ts';

const MINUTE = 60_000;

/** A derived event: the name of a track call, or its type, with its content. */
export interface Told {
  readonly name: string;
  readonly at: string;
  readonly messageId: string;
  readonly userId: string | undefined;
  readonly historical: boolean;
  readonly says: Readonly<Record<string, unknown>>;
}

/** A local shop of a platform, and the source that reads it without a server, with one manual clock. */
export interface KitWorld {
  readonly platform: Platform;
  readonly clock: FakeClock;
  readonly sandbox: ShopSandbox;
  readonly shop: TestShop;
  /** The requests that the shop has made to the webhook. */
  readonly hooks: TestWebhook[];
  /** All events so far, as JSON. */
  readonly text: () => string;
  /** The events since the last call, from webhooks and from all polls due within these minutes. */
  told(minutes?: number): Promise<readonly Told[]>;
  /** The same, while no webhook arrives. */
  polled(minutes?: number): Promise<readonly Told[]>;
  /** A customer checks out and orders. */
  buy(email: string, of?: Buying): Order;
  close(): Promise<void>;
}

/** A purchase. */
export interface Buying {
  readonly store?: 'germany' | 'japan';
  readonly product?: 'mug' | 'kettle' | 'giftSet' | 'coffee';
  readonly quantity?: number;
  readonly customerId?: number;
  readonly coupon?: string;
  readonly payment?: 'paid' | 'later' | 'open';
  readonly isTest?: boolean;
  readonly shipping?: number;
  /** The phone number for text messages, with consent. */
  readonly phone?: string;
}

/** The address of all customers. */
export const PLACE = {
  firstName: 'Kim',
  lastName: 'Kit',
  street: ['Unter den Linden 5'],
  city: 'Berlin',
  postalCode: '10117',
  country: 'DE',
  state: 'Berlin',
  stateCode: 'BE',
};

/** Opens a world; the initial content of the shop causes no events. */
export async function kitWorld(platform: Platform, settings: object = {}): Promise<KitWorld> {
  const clock = fakeClock();
  const hooks: TestWebhook[] = [];
  const receiver: { shop?: TestShop } = {};
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
      const url = new URL(request.url!, 'http://localhost');
      const hook = {
        method: request.method!,
        headers: request.headers as Record<string, string>,
        query: Object.fromEntries(url.searchParams),
        body: Buffer.concat(chunks).toString(),
      };
      hooks.push(hook);
      response.writeHead((await receiver.shop!.receive(hook)) === undefined ? 200 : 401).end();
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const sandbox = await createShopSandbox({ platform, webhookUrl: address, limits: false, now: clock.now });
  sandbox.model.catalog.addCoupon('GIFT100', 100);
  const source = shops.find(({ slug }) => slug === platform)!;
  const shop = createTestShop(source, {
    clock,
    address,
    settings: { ...sandbox.settings, ...settings },
    answers: over(sandbox),
  });
  receiver.shop = shop;
  const all: Told[] = [];
  const told = async (minutes = 0): Promise<readonly Told[]> => {
    await sandbox.settled();
    const found = (await shop.advance(minutes * MINUTE)).map(toldOf);
    all.push(...found);
    return found;
  };
  await told(6);
  const world: KitWorld = {
    platform,
    clock,
    sandbox,
    shop,
    hooks,
    text: () => JSON.stringify(all),
    told,
    async polled(minutes = 6) {
      const found = await told(minutes);
      sandbox.fail({});
      return found;
    },
    buy: (email, of = {}) => buy(sandbox, email, of),
    async close() {
      await shop.stop();
      await sandbox.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
  return world;
}

/** Faults under which no webhook arrives. */
export function silent(more: ShopFaults = {}): ShopFaults {
  return { ...more, webhooks: { lost: 1 } };
}

function buy({ model, day }: ShopSandbox, email: string, of: Buying): Order {
  const { store = 'germany', product = 'mug', quantity = 1, customerId, coupon, shipping = 500 } = of;
  const lines = [{ productId: day.things[product], quantity }];
  const whose = customerId === undefined ? {} : { customerId };
  const cart = model.carts.begin(day.things[store], lines, whose);
  if (coupon !== undefined) model.carts.applyCoupon(cart.id, coupon);
  const { payment = 'paid', isTest = false, phone } = of;
  const billingAddress = phone === undefined ? PLACE : { ...PLACE, phone };
  model.carts.checkout(cart.id, { email, billingAddress, shipping });
  return model.orders.place(cart.id, { payment, isTest, smsOptIn: phone !== undefined });
}

function toldOf(event: Event): Told {
  const { type, messageId, timestamp, userId, context } = event;
  const says = ('properties' in event ? event.properties : 'traits' in event ? event.traits : {}) ?? {};
  return {
    name: type === 'track' ? (event.event ?? type) : type,
    at: String(timestamp),
    messageId,
    userId: userId ?? undefined,
    historical: (context as { readonly historical?: boolean } | undefined)?.historical === true,
    says,
  };
}
