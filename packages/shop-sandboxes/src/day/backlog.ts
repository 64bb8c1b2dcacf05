import { totalsOf, type ShopModel } from '../model/index.ts';
import type { Furniture } from './furnish.ts';

/** Milliseconds between two orders of the past. */
const PACE_MS = 1000;

/** How many orders each customer of the past has. */
const EACH = 10;

const ADDRESS = { street: ['Alte Gasse 1'], city: 'Berlin', postalCode: '10115', country: 'DE' };

/** How long the orders of the past take. */
export function backlogMs(count: number): number {
  return count * PACE_MS;
}

/** Orders of the past, for whoever reads all of them. */
export function addBacklog(model: ShopModel, { germany, coffee }: Furniture, count: number): void {
  const draft = model.carts.begin(germany, [{ productId: coffee, quantity: 2 }]);
  model.carts.delete(draft.id);
  const { lines, currency, anonymousId } = draft;
  const bought = { lines, currency, anonymousId, shipping: 412, shippingTax: 78 };
  const content = { ...bought, ...totalsOf(bought), storeId: germany, shippingMethod: 'Standard' };
  for (let from = 0; from < count; from += EACH) {
    const [firstName, lastName] = ['Past', String(from / EACH)];
    const { id, email, addresses } = model.customers.create({
      storeId: germany,
      firstName,
      lastName,
      email: `past-${lastName}@example.com`,
      addresses: [{ ...ADDRESS, firstName, lastName }],
    });
    const [address] = addresses;
    const whose = { customerId: id, firstName, lastName, email };
    const where = { billingAddress: address!, shippingAddress: address! };
    for (let at = from; at < Math.min(from + EACH, count); at += 1) {
      model.advance(PACE_MS);
      model.orders.add({ ...content, ...whose, ...where, isRenewal: false });
    }
  }
}
