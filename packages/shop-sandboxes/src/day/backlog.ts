import { createPast, type Customer, type Order, pastUuid, totalsOf, type ShopModel } from '../model/index.ts';
import type { Furniture } from './furnish.ts';

/** Milliseconds between two past orders. */
const PACE_MS = 1000;

/** The number of orders per past customer. */
const EACH = 10;

const ADDRESS = { street: ['Alte Gasse 1'], city: 'Berlin', postalCode: '10115', country: 'DE' };

/** Returns the duration of the past orders. */
export function backlogMs(count: number): number {
  return count * PACE_MS;
}

/** The quantities of past orders, in rotation. */
const QUANTITIES = [2, 1, 3];

/** Adds past orders, for reading all of them: not stored, but generated deterministically on demand. */
export function addBacklog(model: ShopModel, { germany, coffee }: Furniture, count: number): void {
  if (count === 0) return;
  const { tables } = model;
  const owner = model.customers.create({
    storeId: germany,
    ...named(0),
    addresses: [{ ...ADDRESS, ...namesOf(0) }],
  });
  const samples = QUANTITIES.map((quantity) => sampleOf(model, owner, coffee, quantity));
  tables.customer.remove(owner);
  model.advance(backlogMs(count));
  const from = model.clock.now() - (count - 1) * PACE_MS;
  const owners = Math.ceil(count / EACH);
  const addresses = (at: number) =>
    owner.addresses.map((one) => ({ ...one, ...namesOf(at), uuid: pastUuid('e', at) }));
  const firstOwner = model.reserve('customer', owners);
  const customers = createPast<Customer>({
    count: owners,
    firstId: firstOwner,
    from,
    step: EACH * PACE_MS,
    prefix: 'c',
    make: (stamp, at) => ({ ...owner, ...stamp, ...named(at), addresses: addresses(at) }),
  });
  const firstLine = model.reserve('line', count);
  const firstNumber = model.reserve('order number', count);
  const orders = createPast<Order>({
    count,
    firstId: model.reserve('order', count),
    from,
    step: PACE_MS,
    prefix: '0',
    make(stamp, at) {
      const sample = samples[at % samples.length]!;
      const whose = Math.floor(at / EACH);
      const [address] = addresses(whose);
      return {
        ...sample,
        ...stamp,
        ...named(whose),
        number: String(firstNumber + at),
        customerId: firstOwner + whose,
        placedAt: stamp.createdAt,
        paymentUuid: pastUuid('a', at),
        chargeUuid: pastUuid('b', at),
        billingAddress: address!,
        shippingAddress: address!,
        lines: sample.lines.map((line) => ({ ...line, id: firstLine + at, uuid: pastUuid('d', at) })),
        history: sample.history.map((entry) => ({ ...entry, at: stamp.createdAt })),
      };
    },
  });
  tables.customer.setPast(customers);
  tables.order.setPast(orders);
}

function namesOf(at: number): { readonly firstName: string; readonly lastName: string } {
  return { firstName: 'Past', lastName: String(at) };
}

function named(at: number) {
  return { ...namesOf(at), email: `past-${at}@example.com` };
}

/** The template of past orders. */
function sampleOf(model: ShopModel, owner: Customer, productId: number, quantity: number): Order {
  const { storeId } = owner;
  const draft = model.carts.begin(storeId, [{ productId, quantity }]);
  model.carts.delete(draft.id);
  const { lines, currency, anonymousId } = draft;
  const bought = { lines, currency, anonymousId, shipping: 412, shippingTax: 78 };
  const address = owner.addresses[0]!;
  const where = { billingAddress: address, shippingAddress: address, shippingMethod: 'Standard' };
  const sample = model.orders.add({
    ...bought,
    ...totalsOf(bought),
    ...where,
    ...named(0),
    storeId,
    isRenewal: false,
  });
  model.tables.order.remove(sample);
  return sample;
}
