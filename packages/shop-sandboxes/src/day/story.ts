import type { Order, ShopModel } from '../model/index.ts';
import type { Furniture } from './furnish.ts';
import { PEOPLE, type Person } from './people.ts';

/** What the story remembers between steps: IDs by name. */
export type Cast = Record<string, number>;

/** The context of a step. */
export interface Scene {
  readonly model: ShopModel;
  readonly things: Furniture;
  readonly cast: Cast;
}

/** A step of the day. */
export interface DayStep {
  /** Its name. */
  readonly name: string;
  /** What happens, in a sentence. */
  readonly tells: string;
  /** The milliseconds that pass before it, with a simulated clock. */
  readonly after: number;
  readonly play: (scene: Scene) => void;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const { ada, ben, chiyo, dora, emil } = PEOPLE;

function checkOut(scene: Scene, cartId: number, who: Person, shipping: number): void {
  const { email, phone, address } = who;
  scene.model.carts.checkout(cartId, { email, phone, billingAddress: address, shipping });
}

function register(scene: Scene, who: Person, storeId: number, adopt = false): number {
  const { address, ...personal } = who;
  return scene.model.customers.create({ ...personal, storeId, addresses: [address] }, { adopt }).id;
}

function lineOf(order: Order, productId: number): number {
  return order.lines.find((one) => one.productId === productId)!.id;
}

function say(
  scene: Scene,
  who: Person,
  channel: 'email' | 'sms',
  state: 'subscribed' | 'unsubscribed',
  origin: 'checkout' | 'footer' | 'account',
): void {
  const { email, phone, firstName, lastName } = who;
  const storeId = who === chiyo ? scene.things.japan : scene.things.germany;
  scene.model.customers.say({ storeId, email, phone, firstName, lastName, channel, state, origin });
}

/** The day, which is the same in the shops of all platforms. */
export const STORY: readonly DayStep[] = [
  {
    name: 'guest-fills-cart',
    tells: 'Ada, a guest in Germany, puts two mugs and a shirt into a cart, and enters a code.',
    after: HOUR,
    play: ({ model, things, cast }) => {
      const attribution = { source: 'newsletter', medium: 'email', campaign: 'spring' };
      const cart = model.carts.begin(things.germany, [{ productId: things.mug, quantity: 2 }], {
        attribution,
      });
      model.carts.add(cart.id, { productId: things.shirt, variantId: things.redM });
      model.carts.applyCoupon(cart.id, 'WELCOME10');
      cast.adasCart = cart.id;
    },
  },
  {
    name: 'guest-buys',
    tells: 'Ada checks out, asks for the newsletter and pays.',
    after: 10 * MINUTE,
    play: (scene) => {
      const { model, cast } = scene;
      checkOut(scene, cast.adasCart!, ada, 412);
      cast.adasOrder = model.orders.place(cast.adasCart!, { optIn: true }).id;
      say(scene, ada, 'email', 'subscribed', 'checkout');
    },
  },
  {
    name: 'guest-registers',
    tells: 'Ada makes an account with the same address; the order is hers.',
    after: 5 * MINUTE,
    play: (scene) => {
      scene.cast.ada = register(scene, ada, scene.things.germany, true);
    },
  },
  {
    name: 'order-edited',
    tells: 'The shop changes her order to three mugs.',
    after: HOUR,
    play: ({ model, things, cast }) => {
      const order = model.tables.order.get(cast.adasOrder!);
      cast.adasOrder = model.orders.edit(order.id, lineOf(order, things.mug), 3).id;
    },
  },
  {
    name: 'order-shipped',
    tells: 'The mugs are sent with a tracking number, the shirt without one.',
    after: DAY,
    play: ({ model, things, cast }) => {
      const order = model.tables.order.get(cast.adasOrder!);
      const mugs = { lines: [{ lineId: lineOf(order, things.mug), quantity: 3 }] };
      model.fulfilment.ship(order.id, { ...mugs, tracking: '1Z12345E0205271688' });
      model.fulfilment.ship(order.id, { carrier: 'dhl', service: 'Paket' });
    },
  },
  {
    name: 'order-tracked',
    tells: 'The number of the second parcel comes late, and the first parcel arrives.',
    after: DAY,
    play: ({ model, cast }) => {
      const { id, shipments } = model.tables.order.get(cast.adasOrder!);
      model.fulfilment.track(id, shipments[1]!.id, '00340434292135100186');
      model.fulfilment.deliver(id, shipments[0]!.id);
    },
  },
  {
    name: 'refunded-once',
    tells: 'One mug was broken: its price is given back.',
    after: DAY,
    play: ({ model, things, cast }) => {
      const order = model.tables.order.get(cast.adasOrder!);
      const lines = [{ lineId: lineOf(order, things.mug), quantity: 1 }];
      model.fulfilment.refund(order.id, { lines, reason: 'Damaged' });
    },
  },
  {
    name: 'refunded-twice',
    tells: 'So was the second: its price is given back, and the shipping.',
    after: HOUR,
    play: ({ model, things, cast }) => {
      const order = model.tables.order.get(cast.adasOrder!);
      const lines = [{ lineId: lineOf(order, things.mug), quantity: 1 }];
      model.fulfilment.refund(order.id, { lines, shipping: true, reason: 'Damaged' });
    },
  },
  {
    name: 'customer-cancels',
    tells: 'Ben, who has an account, buys a kettle and cancels the order.',
    after: HOUR,
    play: (scene) => {
      const { model, things, cast } = scene;
      cast.ben = register(scene, ben, things.germany);
      say(scene, ben, 'email', 'subscribed', 'account');
      const lines = [{ productId: things.kettle }];
      const cart = model.carts.begin(things.germany, lines, { customerId: cast.ben });
      checkOut(scene, cart.id, ben, 412);
      cast.bensOrder = model.orders.place(cart.id).id;
      model.orders.cancel(cast.bensOrder, 'Customer request');
    },
  },
  {
    name: 'cart-abandoned',
    tells: 'Ben fills another cart, begins to check out, and leaves.',
    after: DAY,
    play: (scene) => {
      const { model, things, cast } = scene;
      const lines = [{ productId: things.shirt, variantId: things.blueM }, { productId: things.giftSet }];
      const cart = model.carts.begin(things.germany, lines, { customerId: cast.ben! });
      checkOut(scene, cart.id, ben, 412);
      cast.bensCart = model.carts.abandon(cart.id).id;
    },
  },
  {
    name: 'buys-in-yen',
    tells: 'Chiyo makes an account in the Japanese store, buys a gift set and coffee in yen, and it is sent.',
    after: HOUR,
    play: (scene) => {
      const { model, things, cast } = scene;
      cast.chiyo = register(scene, chiyo, things.japan);
      model.customers.update(cast.chiyo, { groupId: things.regulars, custom: { loyaltyTier: 'gold' } });
      const lines = [{ productId: things.giftSet }, { productId: things.coffee, quantity: 3 }];
      const cart = model.carts.begin(things.japan, lines, { customerId: cast.chiyo });
      checkOut(scene, cart.id, chiyo, 800);
      const order = model.orders.place(cart.id);
      model.fulfilment.ship(order.id, { carrier: 'fedex', service: 'Priority', tracking: '449044304137821' });
      cast.chiyosOrder = order.id;
    },
  },
  {
    name: 'email-changed',
    tells: 'Ben changes the e-mail address of his account.',
    after: HOUR,
    play: ({ model, cast }) => {
      model.customers.changeEmail(cast.ben!, 'ben@new.example.com');
    },
  },
  {
    name: 'consent-changed',
    tells: 'Ada unsubscribes from the newsletter; Chiyo subscribes to it, and to text messages.',
    after: HOUR,
    play: (scene) => {
      say(scene, ada, 'email', 'unsubscribed', 'footer');
      say(scene, chiyo, 'email', 'subscribed', 'footer');
      say(scene, chiyo, 'sms', 'subscribed', 'account');
    },
  },
  {
    name: 'subscription-begins',
    tells: 'Dora makes an account and has coffee sent every month.',
    after: HOUR,
    play: (scene) => {
      const { model, things, cast } = scene;
      cast.dora = register(scene, dora, things.germany);
      const lines = [{ productId: things.coffee, quantity: 2 }];
      const cart = model.carts.begin(things.germany, lines, { customerId: cast.dora });
      checkOut(scene, cart.id, dora, 412);
      cast.dorasOrder = model.orders.place(cart.id).id;
      cast.subscription = model.subscriptions.begin(cast.dorasOrder, { count: 1, unit: 'month' }).id;
    },
  },
  {
    name: 'subscription-renews',
    tells: 'A month later a payment fails once; then the subscription is renewed.',
    after: 30 * DAY,
    play: ({ model, cast }) => {
      model.subscriptions.fail(cast.subscription!);
      cast.renewal = model.subscriptions.renew(cast.subscription!).id;
    },
  },
  {
    name: 'subscription-ends',
    tells: 'Dora pauses, resumes and at last cancels it.',
    after: DAY,
    play: ({ model, cast }) => {
      model.subscriptions.pause(cast.subscription!);
      model.subscriptions.resume(cast.subscription!);
      model.subscriptions.cancel(cast.subscription!, 'Too much coffee');
    },
  },
  {
    name: 'cart-emptied',
    tells: 'Ben comes back, takes everything out of his cart and puts a mug in.',
    after: HOUR,
    play: ({ model, things, cast }) => {
      for (const { id } of model.tables.cart.get(cast.bensCart!).lines)
        model.carts.setQuantity(cast.bensCart!, id, 0);
      model.carts.add(cast.bensCart!, { productId: things.mug });
    },
  },
  {
    name: 'payment-dies',
    tells: 'Emil makes an account and orders, but the payment fails: it never was an order.',
    after: HOUR,
    play: (scene) => {
      const { model, things, cast } = scene;
      cast.emil = register(scene, emil, things.germany);
      const lines = [{ productId: things.mug, quantity: 12 }];
      const cart = model.carts.begin(things.germany, lines, { customerId: cast.emil });
      checkOut(scene, cart.id, emil, 412);
      cast.emilsOrder = model.orders.place(cart.id, { payment: 'open' }).id;
      model.orders.cancel(cast.emilsOrder, 'Payment failed');
    },
  },
  {
    name: 'account-deleted',
    tells: 'Emil has his account deleted.',
    after: DAY,
    play: ({ model, cast }) => model.customers.delete(cast.emil!),
  },
  {
    name: 'review-written',
    tells: 'Chiyo reviews the gift set, and the shop shows it.',
    after: DAY,
    play: ({ model, things, cast }) => {
      const review = model.reviews.write({
        productId: things.giftSet,
        orderId: cast.chiyosOrder!,
        rating: 5,
        title: 'Lovely',
        body: 'A present that arrived on time.',
      });
      model.reviews.judge(review.id, 'approved');
    },
  },
  {
    name: 'catalog-changes',
    tells: 'The kettle becomes cheaper and nearly sells out; the shirt is taken off the shop.',
    after: HOUR,
    play: ({ model, things }) => {
      model.catalog.updateProduct(things.kettle, { salePrices: { EUR: 4999, JPY: 7800 } });
      model.catalog.setStock(things.kettle, 1);
      model.catalog.updateProduct(things.shirt, { status: 'inactive' });
    },
  },
];
