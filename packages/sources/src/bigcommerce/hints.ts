import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Hint, HintAnswer, WebhookRequest } from '@waybill/core';
import { isRecord, type JsonObject, recordOf, textOf } from '../read.ts';
import type { Context, Settings } from './settings.ts';

/** The tolerance for clocks and latency, in seconds. */
const TOLERANCE = 300;
/** The header of our hooks, which authenticates unsigned calls. */
export const HOOK_HEADER = 'x-waybill-hook';

/** Returns the value of the header, which cannot be computed without the access token. */
export function hookSecret({ accessToken, storeHash }: Settings): string {
  return createHmac('sha256', accessToken).update(`hook of ${storeHash}`).digest('hex');
}

/** Verifies that a request is from BigCommerce, and reads its hints. */
export function hints(request: WebhookRequest, context: Context): HintAnswer {
  const refused = refusalOf(request, context);
  if (refused !== undefined) return { refused: { code: 'source_signature_invalid', message: refused } };
  const body = bodyOf(request);
  if (body === undefined)
    return { refused: { code: 'request_invalid', message: 'The body is not a JSON object.' } };
  const producer = textOf(body, 'producer');
  if (producer !== undefined && producer !== `stores/${context.settings.storeHash}`) {
    const message = `The webhook is from "${producer}", not from the store "${context.settings.storeHash}".`;
    return { refused: { code: 'request_invalid', message } };
  }
  return { hints: hintsOf(textOf(body, 'scope') ?? '', recordOf(body, 'data')) };
}

function bodyOf({ body }: WebhookRequest): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Returns why a request is refused; undefined when it is valid. A signature decides wherever it can be checked. */
function refusalOf({ headers, body }: WebhookRequest, { settings, now }: Context): string | undefined {
  const { clientSecret, previousClientSecret } = settings;
  const signed = headers['webhook-signature'];
  const secrets = [clientSecret, previousClientSecret].filter(
    (secret) => secret !== undefined && secret !== '',
  );
  if (signed === undefined || secrets.length === 0) {
    const isOurs = sameText(headers[HOOK_HEADER] ?? '', hookSecret(settings));
    return isOurs
      ? undefined
      : `The request has neither a verifiable signature nor the header ${HOOK_HEADER} of this source.`;
  }
  const at = headers['webhook-timestamp'] ?? '';
  if (!/^\d{1,12}$/.test(at) || Math.abs(now() / 1000 - Number(at)) > TOLERANCE)
    return 'The request was signed more than five minutes ago, or its clock is wrong.';
  const text = Buffer.concat([Buffer.from(`${headers['webhook-id'] ?? ''}.${at}.`), body]);
  const given = signed.split(' ').filter((one) => one.startsWith('v1,'));
  const isRight = secrets.some((secret) => {
    const right = `v1,${createHmac('sha256', secret!).update(text).digest('base64')}`;
    return given.some((one) => sameText(one, right));
  });
  return isRight
    ? undefined
    : 'The signature was not created with the client secret of this source. Set clientSecret to that of the API account that created the webhooks.';
}

function sameText(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHmac('sha256', 'same').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

/** Reads the hints of a hook scope: hooks of a channel name their IDs differently. */
function hintsOf(scope: string, data: JsonObject): readonly Hint[] {
  const [topic = '', ...rest] = scope
    .replace(/^store\//, '')
    .replace(/^channel\/\d+\//, '')
    .split('/');
  const event = rest.join('/');
  if (event.startsWith('metafield/')) return [];
  const reader = TOPICS.get(topic);
  return reader === undefined ? [] : reader(event, data);
}

/** Creates a hint from an ID: a number, or letters and digits with dashes. */
function hint(stream: string, id: unknown): readonly Hint[] {
  const text = typeof id === 'number' || typeof id === 'string' ? String(id) : '';
  return /^[0-9A-Za-z-]{1,64}$/.test(text) && text !== '0' ? [{ stream, id: text }] : [];
}

type TopicReader = (event: string, data: JsonObject) => readonly Hint[];

const TOPICS: ReadonlyMap<string, TopicReader> = new Map<string, TopicReader>([
  [
    'order',
    (_event, data) => hint('orders', data['order_id'] ?? (data['type'] === 'order' ? data['id'] : undefined)),
  ],
  ['shipment', (_event, data) => hint('orders', data['orderId'] ?? data['order_id'])],
  [
    'cart',
    (event, data) => {
      const id = data['cartId'] ?? data['cart_id'] ?? data['id'];
      if (event === 'abandoned') return hint('abandonedCarts', data['token']);
      const order = event === 'converted' ? hint('orders', data['orderId'] ?? data['order_id']) : [];
      return [...hint('carts', id), ...order];
    },
  ],
  [
    'customer',
    (event, data) => {
      const address = recordOf(data, 'address');
      if (event.startsWith('address/'))
        return hint('customers', address['customer_id'] ?? data['customer_id']);
      return hint('customers', data['customer_id'] ?? (data['type'] === 'customer' ? data['id'] : undefined));
    },
  ],
  ['subscriber', (_event, data) => hint('subscribers', data['subscriber_id'] ?? data['id'])],
  [
    'product',
    (_event, data) => {
      const inventory = recordOf(data, 'inventory');
      return hint('products', data['product_id'] ?? inventory['product_id'] ?? data['id']);
    },
  ],
  [
    'sku',
    (_event, data) => {
      const of = { ...recordOf(data, 'sku'), ...recordOf(data, 'inventory') };
      return hint('products', of['product_id'] ?? data['product_id']);
    },
  ],
]);
