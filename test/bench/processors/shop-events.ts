import { randomUUID } from 'node:crypto';

/**
 * What one user in a shop does: looks at products, fills a cart, and one in five buys it. IDs of visitors and messages are random, as
 * tracking libraries create them: rows in their order are rows in random places.
 */
export function shopEvents(user: number, at: number): readonly object[] {
  const who = { userId: `u${user}`, anonymousId: randomUUID(), timestamp: new Date(at).toISOString() };
  const product = (n: number): object => ({
    product_id: `p${(user * 7 + n) % 5_000}`,
    sku: `s${(user * 7 + n) % 5_000}`,
    name: 'Plain white shirt',
    category: `c${(user + n) % 40}`,
    brand: `b${(user + n) % 12}`,
    price: 19.9,
    quantity: 1,
  });
  const products = [product(1), product(2)];
  const track = (event: string, properties: object): object => ({
    type: 'track',
    messageId: randomUUID(),
    event,
    properties: { currency: 'EUR', ...properties },
    context: { traits: { email: `u${user}@example.com` } },
    ...who,
  });
  const cart = { cart_id: `cart-${user}`, products, value: 39.8 };
  return [
    {
      type: 'page',
      messageId: randomUUID(),
      name: 'Home',
      properties: { url: 'https://shop.example/?utm_source=mail' },
      ...who,
    },
    ...[1, 2, 3, 4, 5].map((n) => track('Product Viewed', product(n))),
    track('Product Added', { cart_id: `cart-${user}`, ...product(1) }),
    track('Cart Updated', cart),
    track('Checkout Started', cart),
    user % 5 === 0
      ? track('Order Completed', { order_id: `o${user}`, total: 39.8, ...cart })
      : track('Product Viewed', product(9)),
  ];
}
