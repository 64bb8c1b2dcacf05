/**
 * Maps one Order Completed of three lines, and one identify, with Iterable's default mappings: Segment's runtime, ours in
 * its three executions, and the same by hand. Correctness comes first: nothing is timed before all give the same payload.
 *
 *     npx node test/bench/mapping.bench.ts [--json FILE]
 */
import { deepStrictEqual } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { do_not_optimize as keep, measure } from 'mitata';
import { compileMapping, type Execution } from '../../packages/core/src/mapping/index.ts';

const { transform } = createRequire(import.meta.url)('@segment/actions-core/mapping-kit') as {
  transform(mapping: unknown, event: unknown): unknown;
};

const path = (text: string) => ({ '@path': text });

const EMAIL = {
  '@if': {
    exists: path('$.properties.email'),
    then: path('$.properties.email'),
    else: path('$.context.traits.email'),
  },
};

/** The defaults of Segment's Iterable destination, action trackPurchase. */
const PURCHASE = {
  id: path('$.properties.order_id'),
  user: {
    email: EMAIL,
    userId: path('$.userId'),
    dataFields: path('$.context.traits'),
    phoneNumber: path('$.context.traits.phone'),
    mergeNestedObjects: false,
  },
  items: {
    '@arrayPath': [
      '$.properties.products',
      {
        id: path('product_id'),
        sku: path('sku'),
        categories: path('category'),
        name: path('name'),
        price: path('price'),
        quantity: path('quantity'),
        url: path('url'),
        imageUrl: path('image_url'),
        description: path('description'),
      },
    ],
  },
  campaignId: path('$.properties.campaignId'),
  templateId: path('$.properties.templateId'),
  createdAt: path('$.timestamp'),
  total: path('$.properties.total'),
  dataFields: path('$.properties'),
};

/** The defaults of its action updateUser. */
const USER = {
  email: path('$.traits.email'),
  userId: path('$.userId'),
  dataFields: path('$.traits'),
  phoneNumber: path('$.traits.phone'),
  mergeNestedObjects: false,
  enable_batching: true,
  batch_size: 1001,
};

interface Product {
  readonly [key: string]: string | number | undefined;
}

interface Order {
  readonly userId: string;
  readonly timestamp: string;
  readonly context: { readonly traits?: { readonly email?: string; readonly phone?: string } };
  readonly properties: {
    readonly order_id: string;
    readonly email?: string;
    readonly total: number;
    readonly campaignId?: number;
    readonly templateId?: number;
    readonly products: readonly Product[];
  };
}

interface Identify {
  readonly userId: string;
  readonly traits: { readonly email?: string; readonly phone?: string };
}

function line(n: number): Product {
  return {
    product_id: `p-${n}`,
    sku: `SKU-${n}`,
    category: 'Tea',
    name: `Green tea no. ${n}`,
    price: 4.5 + n,
    quantity: n,
    url: `https://shop.example/products/${n}`,
    image_url: `https://shop.example/images/${n}.png`,
  };
}

const ORDER: Order = JSON.parse(
  JSON.stringify({
    type: 'track',
    event: 'Order Completed',
    messageId: 'm-1',
    userId: 'u-1',
    timestamp: '2026-03-01T12:00:00.000Z',
    context: { ip: '10.0.0.1', traits: { email: 'ada@example.com', phone: '+4930901820', plan: 'gold' } },
    properties: { order_id: 'A-1', currency: 'EUR', total: 31.5, products: [line(1), line(2), line(3)] },
  }),
);

const IDENTIFY: Identify = JSON.parse(
  JSON.stringify({
    type: 'identify',
    messageId: 'm-2',
    userId: 'u-1',
    timestamp: '2026-03-01T12:00:00.000Z',
    context: {},
    traits: { email: 'ada@example.com', phone: '+4930901820', first_name: 'Ada', plan: 'gold' },
  }),
);

/* What a person would write for these two mappings, leaving missing fields out as mappings do. */

interface Item {
  id?: unknown;
  sku?: unknown;
  categories?: unknown;
  name?: unknown;
  price?: unknown;
  quantity?: unknown;
  url?: unknown;
  imageUrl?: unknown;
  description?: unknown;
}

function itemByHand(product: Product): Item {
  const item: Item = {};
  if (product['product_id'] !== undefined) item.id = product['product_id'];
  if (product['sku'] !== undefined) item.sku = product['sku'];
  if (product['category'] !== undefined) item.categories = product['category'];
  if (product['name'] !== undefined) item.name = product['name'];
  if (product['price'] !== undefined) item.price = product['price'];
  if (product['quantity'] !== undefined) item.quantity = product['quantity'];
  if (product['url'] !== undefined) item.url = product['url'];
  if (product['image_url'] !== undefined) item.imageUrl = product['image_url'];
  if (product['description'] !== undefined) item.description = product['description'];
  return item;
}

interface User {
  email?: string;
  userId?: string;
  dataFields?: unknown;
  phoneNumber?: string;
  mergeNestedObjects?: boolean;
}

interface Purchase {
  id?: string;
  user?: User;
  items?: Item[];
  campaignId?: number;
  templateId?: number;
  createdAt?: string;
  total?: number;
  dataFields?: unknown;
}

function purchaseByHand(event: Order): Purchase {
  const { properties } = event;
  const { traits } = event.context;
  const user: User = {};
  const email = properties.email ?? traits?.email;
  if (email !== undefined) user.email = email;
  if (event.userId !== undefined) user.userId = event.userId;
  if (traits !== undefined) user.dataFields = traits;
  if (traits?.phone !== undefined) user.phoneNumber = traits.phone;
  user.mergeNestedObjects = false;
  const payload: Purchase = {};
  if (properties.order_id !== undefined) payload.id = properties.order_id;
  payload.user = user;
  if (properties.products !== undefined) payload.items = properties.products.map(itemByHand);
  if (properties.campaignId !== undefined) payload.campaignId = properties.campaignId;
  if (properties.templateId !== undefined) payload.templateId = properties.templateId;
  if (event.timestamp !== undefined) payload.createdAt = event.timestamp;
  if (properties.total !== undefined) payload.total = properties.total;
  payload.dataFields = properties;
  return payload;
}

interface UserUpdate extends User {
  enable_batching?: boolean;
  batch_size?: number;
}

function userByHand(event: Identify): UserUpdate {
  const { traits } = event;
  const payload: UserUpdate = {};
  if (traits.email !== undefined) payload.email = traits.email;
  if (event.userId !== undefined) payload.userId = event.userId;
  payload.dataFields = traits;
  if (traits.phone !== undefined) payload.phoneNumber = traits.phone;
  payload.mergeNestedObjects = false;
  payload.enable_batching = true;
  payload.batch_size = 1001;
  return payload;
}

/** One contender: a name and a function that makes the payload. */
type Contenders = Readonly<Record<string, () => unknown>>;

function contenders<E>(mapping: unknown, event: E, byHand: (event: E) => unknown): Contenders {
  const ours = (execution: Execution) => {
    const map = compileMapping(mapping, { execution });
    return () => map(event);
  };
  return {
    'by hand': () => byHand(event),
    'waybill, generated': ours('generated'),
    'waybill, closures': ours('closures'),
    'waybill, reference': ours('reference'),
    '@segment/actions-core': () => transform(mapping, event),
  };
}

const SUBJECTS: Readonly<Record<string, Contenders>> = {
  'Order Completed, 3 lines': contenders(PURCHASE, ORDER, purchaseByHand),
  identify: contenders(USER, IDENTIFY, userByHand),
};

const ROUNDS = 7;

interface Timing {
  readonly name: string;
  readonly nanoseconds: number;
  readonly timesByHand: number;
  readonly timesFasterThanPeer: number;
}

async function timings(subject: Contenders): Promise<Timing[]> {
  const expected = subject['@segment/actions-core']!();
  for (const make of Object.values(subject)) deepStrictEqual(make(), expected);
  const medians = new Map<string, number>();
  const found: Record<string, number[]> = {};
  // In turns, so that a machine that is busy for a moment is busy for all of them.
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, make] of Object.entries(subject)) {
      const { p50 } = await measure(() => keep(make()), { min_cpu_time: 2e8 });
      (found[name] ??= []).push(p50);
    }
  }
  for (const [name, each] of Object.entries(found)) {
    medians.set(name, each.sort((a, b) => a - b)[ROUNDS >> 1]!);
  }
  return [...medians].map(([name, nanoseconds]) => ({
    name,
    nanoseconds,
    timesByHand: nanoseconds / medians.get('by hand')!,
    timesFasterThanPeer: medians.get('@segment/actions-core')! / nanoseconds,
  }));
}

const results: Record<string, Timing[]> = {};
for (const [name, subject] of Object.entries(SUBJECTS)) {
  const timed = await timings(subject);
  results[name] = timed;
  console.log(`\n${name} (medians)`);
  for (const { name: who, nanoseconds, timesByHand, timesFasterThanPeer } of timed) {
    console.log(
      `  ${who.padEnd(24)} ${(nanoseconds / 1000).toFixed(3).padStart(8)} us` +
        `  ${timesByHand.toFixed(1).padStart(7)}x by hand` +
        `  ${timesFasterThanPeer.toFixed(1).padStart(7)}x faster than the peer`,
    );
  }
}

const file = process.argv[process.argv.indexOf('--json') + 1];
if (process.argv.includes('--json') && file !== undefined) {
  const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length };
  writeFileSync(file, `${JSON.stringify({ machine, results }, null, 2)}\n`);
}
