import type { Event } from '@waybill/core';

type Members = Readonly<Record<string, unknown>>;

const PERSON = {
  email: 'ada@example.com',
  firstName: 'Ada',
  lastName: 'Lovelace',
  phone: '+442079460000',
  birthday: '1990-12-10',
  address: { street: '12 St James Square', city: 'London', postalCode: 'SW1Y 4JH', country: 'GB' },
};
const PAGE = {
  path: '/teas/assam',
  url: 'https://shop.example/teas/assam',
  title: 'Assam',
  referrer: 'https://shop.example/teas',
  search: '',
};
const TEA = {
  product_id: 'tea-01',
  sku: 'ASSAM-100',
  name: 'Assam',
  category: 'Tea',
  brand: 'Leaf & Co',
  variant: '100 g',
  price: 9.5,
  quantity: 2,
  url: 'https://shop.example/teas/assam',
  image_url: 'https://shop.example/teas/assam.jpg',
};
const CUP = {
  product_id: 'cup-02',
  sku: 'CUP-BLUE',
  name: 'Stoneware cup',
  category: 'Cups',
  price: 18,
  quantity: 1,
};
const MONEY = { subtotal: 37, shipping: 4.9, tax: 7.03, discount: 3.7, coupon: 'SPRING', currency: 'EUR' };
const ORDER = { order_id: 'order-1001', revenue: 33.3, total: 45.23, ...MONEY, products: [TEA, CUP] };

/** Calls of the Segment spec with their members: first those of every type, then events of a shop. */
const CALLS: readonly Members[] = [
  { type: 'identify', traits: PERSON },
  track('Signed Up', { type: 'organic', username: 'ada', email: PERSON.email, plan: 'free' }),
  { type: 'page', name: 'Product', category: 'Tea', properties: PAGE },
  { type: 'screen', name: 'Product', properties: { variation: 'blue', product_id: TEA.product_id } },
  { type: 'group', groupId: 'group-1', traits: { name: 'Analytical Engines', employees: 12, plan: 'team' } },
  { type: 'alias', previousId: 'anonymous-1' },
  track('Products Searched', { query: 'assam' }),
  track('Product Viewed', TEA),
  track('Product Added', { cart_id: 'cart-1', ...TEA }),
  track('Product Removed', { cart_id: 'cart-1', ...TEA }),
  track('Cart Viewed', { cart_id: 'cart-1', products: [TEA, CUP] }),
  track('Checkout Started', { ...ORDER, value: ORDER.total }),
  track('Order Completed', { checkout_id: 'checkout-1', ...ORDER }),
  track('Order Updated', ORDER),
  track('Order Refunded', { ...ORDER, products: [CUP] }),
  track('Order Cancelled', ORDER),
  track('Coupon Applied', { order_id: ORDER.order_id, coupon_name: 'SPRING', discount: 3.7 }),
  track('Product Reviewed', {
    product_id: TEA.product_id,
    review_id: 'review-1',
    review_body: 'Malty.',
    rating: 5,
  }),
];

/** Returns an example of each common event of the Segment spec, as if it had just arrived. */
export function exampleEvents(now: number): readonly Event[] {
  const time = new Date(now).toISOString();
  const email = PERSON.email;
  return CALLS.map((call) => {
    const isKnown = call['type'] === 'identify';
    const about = {
      ip: '203.0.113.7',
      locale: 'en-GB',
      timezone: 'Europe/London',
      page: PAGE,
      campaign: { name: 'Spring', source: 'newsletter', medium: 'email' },
      ...(isKnown ? {} : { traits: { email } }),
    };
    const name = String(call['event'] ?? call['type'])
      .toLowerCase()
      .replaceAll(' ', '-');
    const ids = { messageId: `example-${name}`, userId: 'ada', anonymousId: 'anonymous-1' };
    const times = { timestamp: time, originalTimestamp: time, receivedAt: time };
    return { ...ids, ...times, context: about, ...call } as unknown as Event;
  });
}

function track(event: string, properties: Members): Members {
  return { type: 'track', event, properties };
}
