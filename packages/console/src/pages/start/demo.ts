/** An event as a client sends it. */
export interface SentEvent {
  readonly type: 'identify' | 'track' | 'page';
  readonly messageId: string;
  readonly userId: string;
  readonly timestamp?: string;
  readonly event?: string;
  readonly name?: string;
  readonly traits?: Readonly<Record<string, unknown>>;
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** The user of sample events, with a reserved domain. */
const SAMPLE = { userId: 'sample-user', email: 'sample-user@example.com' };

/** Returns the events of a sign-up. `run` makes repeated ones unique. */
export function sampleEvents(run: string): readonly SentEvent[] {
  const { userId, email } = SAMPLE;
  return [
    { type: 'identify', messageId: `sample-${run}-1`, userId, traits: { email, firstName: 'Sam' } },
    {
      type: 'track',
      messageId: `sample-${run}-2`,
      userId,
      event: 'Signed Up',
      properties: { email, plan: 'free' },
    },
  ];
}

const SHOPPERS = ['Ada', 'Ben', 'Cleo', 'Dev', 'Eva', 'Finn', 'Gul', 'Hugo'];
const PRODUCTS = [
  { product_id: 'tea-01', name: 'Green tea', category: 'Tea', price: 9.5 },
  { product_id: 'cup-02', name: 'Stoneware cup', category: 'Cups', price: 18 },
  { product_id: 'pot-03', name: 'Iron pot', category: 'Pots', price: 49.9 },
];
const MINUTE = 60_000;

/** Returns the day of a sample shop up to `now`: eight shoppers browse and fill their carts, and every other one orders. */
export function demoDay(run: string, now: number): readonly SentEvent[] {
  const day = SHOPPERS.flatMap((firstName, at) => visitOf(firstName, at));
  return day.map((event, at) => ({
    ...event,
    messageId: `demo-${run}-${at + 1}`,
    timestamp: new Date(now - (day.length - at) * 30 * MINUTE).toISOString(),
  }));
}

function visitOf(firstName: string, at: number): readonly Omit<SentEvent, 'messageId'>[] {
  const userId = `demo-${firstName.toLowerCase()}`;
  const product = PRODUCTS[at % PRODUCTS.length]!;
  const quantity = 1 + (at % 2);
  const email = `${userId}@example.com`;
  const total = product.price * quantity;
  const order = {
    order_id: `demo-order-${at + 1}`,
    total,
    currency: 'EUR',
    products: [{ ...product, quantity }],
  };
  return [
    { type: 'identify', userId, traits: { email, firstName } },
    {
      type: 'page',
      userId,
      name: product.category,
      properties: { path: `/${product.category.toLowerCase()}` },
    },
    { type: 'track', userId, event: 'Product Viewed', properties: product },
    { type: 'track', userId, event: 'Product Added', properties: { ...product, quantity } },
    ...(at % 2 === 0
      ? [{ type: 'track', userId, event: 'Order Completed', properties: order } as const]
      : []),
  ];
}
