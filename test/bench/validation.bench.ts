/**
 * Cleans and checks the payloads of one Order Completed of three lines and of one identify, alone and together with the
 * mapping: Segment's runtime and ours. Correctness comes first: nothing is timed before all give the same payload.
 *
 *     npx node test/bench/validation.bench.ts [--json FILE]
 */
import { deepStrictEqual } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { do_not_optimize as keep, measure } from 'mitata';
import type { Field, Fields, FieldType } from '../../packages/core/src/define/fields.ts';
import {
  compilePayload,
  compileValidator,
  isReservedMappingKey,
} from '../../packages/core/src/validation/index.ts';

const require = createRequire(import.meta.url);
const core = '../../node_modules/@segment/actions-core/dist/cjs';

interface Peer {
  fieldsToJsonSchema(fields: Fields): object;
  /** Not among the exports of the package. */
  removeEmptyValues(payload: unknown, schema: object, isRoot: boolean): object;
  validateSchema(payload: object, schema: object, options: object): boolean;
  transform(mapping: unknown, event: unknown): unknown;
}

const peer = {
  ...(require(`${core}/destination-kit/fields-to-jsonschema.js`) as object),
  ...(require(`${core}/remove-empty-values.js`) as object),
  ...(require(`${core}/schema-validation.js`) as object),
  ...(require(`${core}/mapping-kit/index.js`) as object),
} as Peer;

const field = (type: FieldType, more: Partial<Field> = {}): Field => ({
  label: '',
  description: '',
  type,
  ...more,
});
const path = (text: string) => ({ '@path': text });

const USER_MEMBERS: Fields = {
  email: field('string', { format: 'email' }),
  userId: field('string'),
  dataFields: field('object'),
  mergeNestedObjects: field('boolean'),
  phoneNumber: field('string', { allowNull: true }),
};

/** The fields of Segment's Iterable destination, action trackPurchase, and their defaults. */
const PURCHASE_FIELDS: Fields = {
  id: field('string'),
  user: field('object', { required: true, properties: USER_MEMBERS }),
  dataFields: field('object'),
  items: field('object', {
    required: true,
    multiple: true,
    additionalProperties: true,
    properties: {
      id: field('string', { required: true }),
      name: field('string', { required: true }),
      sku: field('string'),
      quantity: field('integer', { required: true }),
      price: field('number', { required: true }),
      description: field('string'),
      categories: field('string'),
      url: field('string'),
      imageUrl: field('string'),
    },
  }),
  total: field('number', { required: true }),
  createdAt: field('datetime'),
  campaignId: field('integer'),
  templateId: field('integer'),
};

const PURCHASE = {
  id: path('$.properties.order_id'),
  user: {
    email: {
      '@if': {
        exists: path('$.properties.email'),
        then: path('$.properties.email'),
        else: path('$.context.traits.email'),
      },
    },
    userId: path('$.userId'),
    dataFields: path('$.context.traits'),
    phoneNumber: path('$.context.traits.phone'),
    mergeNestedObjects: false,
  },
  dataFields: path('$.properties'),
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
  total: path('$.properties.total'),
  createdAt: path('$.timestamp'),
  campaignId: path('$.properties.campaignId'),
  templateId: path('$.properties.templateId'),
};

/** The fields of its action updateUser, and their defaults. */
const PROFILE_FIELDS: Fields = {
  ...USER_MEMBERS,
  enable_batching: field('boolean'),
  updateOnly: field('boolean'),
  batch_size: field('number'),
};

const PROFILE = {
  email: path('$.traits.email'),
  userId: path('$.userId'),
  dataFields: path('$.traits'),
  phoneNumber: path('$.traits.phone'),
  mergeNestedObjects: false,
  enable_batching: true,
  batch_size: 1001,
};

const line = (n: number, price: unknown) => ({
  product_id: `p-${n}`,
  sku: `SKU-${n}`,
  category: 'Tea',
  name: `Green tea no. ${n}`,
  price,
  quantity: n,
  url: `https://shop.example/products/${n}`,
  image_url: `https://shop.example/images/${n}.png`,
});

const order = (asText: boolean): unknown =>
  JSON.parse(
    JSON.stringify({
      type: 'track',
      event: 'Order Completed',
      messageId: 'm-1',
      userId: 'u-1',
      timestamp: '2026-03-01T12:00:00.000Z',
      context: { ip: '10.0.0.1', traits: { email: 'ada@example.com', phone: '+4930901820', plan: 'gold' } },
      properties: {
        order_id: 'A-1',
        currency: 'EUR',
        total: asText ? '31.5' : 31.5,
        products: [1, 2, 3].map((n) => line(n, asText ? `${n}.50` : n + 0.5)),
      },
    }),
  );

const IDENTIFY: unknown = JSON.parse(
  JSON.stringify({
    type: 'identify',
    messageId: 'm-2',
    userId: 'u-1',
    timestamp: '2026-03-01T12:00:00.000Z',
    context: {},
    traits: { email: 'ada@example.com', phone: '+4930901820', first_name: 'Ada', plan: 'gold' },
  }),
);

/** One contender: a name and a function that makes the payload. */
type Contenders = Readonly<Record<string, () => unknown>>;

const PEER = '@segment/actions-core';

function payloadOf(result: { readonly ok: boolean; readonly payload?: unknown }): unknown {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result)}`);
  return result.payload;
}

let schemas = 0;

function peerValidator(fields: Fields): (raw: unknown) => unknown {
  const schema = peer.fieldsToJsonSchema(fields);
  const schemaKey = `schema-${(schemas += 1)}`;
  return (raw) => {
    const payload = peer.removeEmptyValues(raw, schema, true);
    peer.validateSchema(payload, schema, { schemaKey });
    return payload;
  };
}

function alone(fields: Fields, mapping: unknown, event: unknown): Contenders {
  // Through JSON, because the mapping of the peer produces objects that are slow to read.
  const raw: unknown = JSON.parse(JSON.stringify(peer.transform(mapping, event)));
  const theirs = peerValidator(fields);
  const generated = compileValidator(fields, { execution: 'generated' });
  const closures = compileValidator(fields, { execution: 'closures' });
  return {
    'waybill, generated': () => payloadOf(generated(raw)),
    'waybill, closures': () => payloadOf(closures(raw)),
    // Its validator mutates the items of a list, so they are rebuilt; its mapping does that.
    [PEER]: () => theirs(structuredCloneOfLines(raw)),
  };
}

/** The cheapest copy that keeps the peer from converting each line only once. */
function structuredCloneOfLines(raw: unknown): unknown {
  const { items } = raw as { readonly items?: readonly object[] };
  return items ? { ...(raw as object), items: items.map((item) => ({ ...item })) } : raw;
}

function together(fields: Fields, mapping: Readonly<Record<string, unknown>>, event: unknown): Contenders {
  const theirs = peerValidator(fields);
  const generated = compilePayload({ fields, mapping, execution: 'generated' });
  const closures = compilePayload({ fields, mapping, execution: 'closures' });
  return {
    'waybill, generated': () => payloadOf(generated(event)),
    'waybill, closures': () => payloadOf(closures(event)),
    [PEER]: () => theirs(peer.transform(mapping, event)),
  };
}

const SUBJECTS: Readonly<Record<string, Contenders>> = {
  'order of 3 lines, clean + validate': alone(PURCHASE_FIELDS, PURCHASE, order(false)),
  'order of 3 lines with prices as text, clean + validate': alone(PURCHASE_FIELDS, PURCHASE, order(true)),
  'identify, clean + validate': alone(PROFILE_FIELDS, PROFILE, IDENTIFY),
  'order of 3 lines, map + clean + validate': together(PURCHASE_FIELDS, PURCHASE, order(false)),
  'identify, map + clean + validate': together(PROFILE_FIELDS, PROFILE, IDENTIFY),
};

/** The payload as JSON, without the settings of the mapping, which only the peer leaves in it. */
function comparable(payload: unknown): unknown {
  const entries = Object.entries(payload as object).filter(([key]) => !isReservedMappingKey(key));
  return JSON.parse(JSON.stringify(Object.fromEntries(entries)));
}

const ROUNDS = 7;

interface Timing {
  readonly name: string;
  readonly nanoseconds: number;
  readonly timesFasterThanPeer: number;
}

async function timings(subject: Contenders): Promise<Timing[]> {
  const expected = comparable(subject[PEER]!());
  for (const make of Object.values(subject)) deepStrictEqual(comparable(make()), expected);
  const found = new Map<string, number[]>();
  // In turns, so that a machine that is busy for a moment is busy for all of them.
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, make] of Object.entries(subject)) {
      const { p50 } = await measure(() => keep(make()), { min_cpu_time: 2e8 });
      found.set(name, [...(found.get(name) ?? []), p50]);
    }
  }
  const median = (name: string): number => found.get(name)!.sort((a, b) => a - b)[ROUNDS >> 1]!;
  return [...found.keys()].map((name) => ({
    name,
    nanoseconds: median(name),
    timesFasterThanPeer: median(PEER) / median(name),
  }));
}

const results: Record<string, Timing[]> = {};
for (const [name, subject] of Object.entries(SUBJECTS)) {
  const timed = await timings(subject);
  results[name] = timed;
  console.log(`\n${name} (medians)`);
  for (const { name: who, nanoseconds, timesFasterThanPeer } of timed) {
    console.log(
      `  ${who.padEnd(24)} ${(nanoseconds / 1000).toFixed(3).padStart(8)} us` +
        `  ${timesFasterThanPeer.toFixed(1).padStart(7)}x faster than the peer`,
    );
  }
}

const file = process.argv[process.argv.indexOf('--json') + 1];
if (process.argv.includes('--json') && file !== undefined) {
  const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length };
  writeFileSync(file, `${JSON.stringify({ machine, results }, null, 2)}\n`);
}
