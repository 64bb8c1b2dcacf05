import {
  defineFields,
  defineSource,
  failed,
  type Payload,
  type Retry,
  type Rejected,
  type RowQuery,
  shopSettings,
} from '@waybill/core';
import { sameSecret } from '../secret.ts';

const settings = defineFields({
  orders: {
    type: 'integer',
    label: 'Orders',
    description: 'Number of orders: one a minute, from the beginning of 2026.',
    default: 10,
    minimum: 0,
    maximum: 1_000_000,
  },
  version: {
    type: 'integer',
    label: 'Version',
    description: 'Changes the value of every order, like an edit in the shop.',
    default: 1,
    minimum: 1,
  },
  mode: {
    type: 'string',
    label: 'Mode',
    description: 'The result of an attempt to read.',
    default: 'ok',
    choices: [
      { label: 'Read everything', value: 'ok' },
      { label: 'Ask to be read later', value: 'unavailable' },
      { label: 'Refuse the credentials', value: 'unauthorized' },
      { label: 'Return an order that cannot be converted', value: 'spoilt' },
    ],
  },
  secret: {
    type: 'password',
    label: 'Secret',
    description: 'The value that webhook requests must have in the header x-dummy-secret.',
    default: 'dummy',
  },
  ...shopSettings,
});

type Settings = Payload<typeof settings>;

/** An order of this shop. */
interface Row {
  readonly number: number;
  readonly at: string;
  readonly version: number;
}

const MINUTE = 60_000;
/** When the shop was opened. */
const OPENED = Date.parse('2026-01-01T00:00:00Z');

/** Returns an order: rows are computed from their number, the first one when the shop opened. */
function rowOf(number: number, { version = 1 }: Settings): Row {
  return { number, at: new Date(OPENED + number * MINUTE).toISOString(), version };
}

/** Returns the range of order numbers of a query, end exclusive. */
function rangeOf({ since, until, after }: Omit<RowQuery, 'by' | 'skip' | 'limit'>, settings: Settings) {
  const numberAt = (time: string): number => (Date.parse(time) - OPENED) / MINUTE;
  const first = Math.max(
    0,
    since === undefined ? 0 : Math.ceil(numberAt(since)),
    after === undefined ? 0 : Number(after.id) + 1,
  );
  const { orders = 0 } = settings;
  const end = until === undefined ? orders : Math.min(orders, Math.floor(numberAt(until)) + 1);
  return { first, end: Math.max(first, end) };
}

function failureOf({ mode }: Settings): { readonly failure: Rejected | Retry } | undefined {
  if (mode === 'unavailable')
    return { failure: failed('source_unavailable', 'The dummy shop is not ready.') };
  if (mode === 'unauthorized')
    return { failure: failed('source_unauthorized', 'The dummy shop refuses the credentials.') };
  return undefined;
}

/** A simulated shop that fails as configured, for demonstrations and tests. */
export const dummyShop = defineSource({
  slug: 'dummy-shop',
  name: 'Dummy Shop',
  description: 'Generates orders and fails as configured: for testing how shops are read.',
  settings,
  shop: {
    limits: { concurrency: 4 },
    capabilities: [{ what: 'Order Completed', how: 'both' }],
    hints({ headers, query, body }, context) {
      // As some platforms verify a webhook.
      const { challenge } = query;
      if (challenge !== undefined)
        return { hints: [], answer: { status: 200, body: challenge.slice(0, 100) } };
      if (!sameSecret(headers['x-dummy-secret'] ?? '', context.settings.secret ?? '')) {
        const message = 'The header x-dummy-secret does not contain the secret.';
        return { refused: { code: 'source_signature_invalid', message } };
      }
      const ids = JSON.parse(new TextDecoder().decode(body)) as readonly string[];
      return { hints: ids.map((id) => ({ stream: 'orders', id })) };
    },
    subscribe: async (address) => ({ message: `The dummy shop would call ${address}.` }),
    streams: {
      orders: {
        title: 'Orders',
        description: 'Numbered orders, as many as the settings say.',
        kinds: ['order'],
        every: 5,
        sweep: { every: 86_400, days: 7 },
        pageSize: 500,
        async page({ skip, limit, ...query }, context) {
          const failure = failureOf(context.settings);
          if (failure !== undefined) return failure;
          const { first, end } = rangeOf(query, context.settings);
          const count = Math.max(0, Math.min(limit, end - first - skip));
          return {
            rows: Array.from({ length: count }, (_, at) => rowOf(first + skip + at, context.settings)),
          };
        },
        async get(id, context) {
          const failure = failureOf(context.settings);
          if (failure !== undefined) return failure;
          const number = Number(id);
          const isThere = Number.isInteger(number) && number >= 0 && number < (context.settings.orders ?? 0);
          return isThere ? { row: rowOf(number, context.settings) } : 'gone';
        },
        async count(query, context) {
          const { first, end } = rangeOf(query, context.settings);
          return failureOf(context.settings) ?? { count: end - first };
        },
        keyOf: (row) => ({ id: String((row as Row).number), at: (row as Row).at }),
        states(row, context) {
          const { number, at, version } = row as Row;
          if (context.settings.mode === 'spoilt' && number === 0) throw new Error('Order 0 has no lines.');
          return [
            {
              kind: 'order',
              id: String(number),
              number: `D-${number}`,
              status: 'placed',
              placedAt: at,
              updatedAt: at,
              customer: { id: `user-${number % 3}`, email: `user-${number % 3}@example.com` },
              currency: 'EUR',
              total: 1_000 * version + number,
              lines: [
                {
                  id: '1',
                  productId: `p-${number % 5}`,
                  name: `Product ${number % 5}`,
                  quantity: 1,
                  price: 1_000,
                },
              ],
            },
          ];
        },
      },
    },
  },
  testConnection: async ({ settings: { mode } }) =>
    mode === 'unauthorized'
      ? {
          ok: false,
          issue: {
            code: 'source_unauthorized',
            path: 'mode',
            message: 'The dummy shop is configured to refuse the credentials.',
          },
        }
      : { ok: true, message: 'The dummy shop is always available.' },
});
