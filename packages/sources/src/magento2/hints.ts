import type { Hint, HintAnswer, WebhookRequest } from '@waybill/core';

import { adobeKey } from './adobe-keys.ts';
import { isRecord, type JsonObject, objectsOf } from '../read.ts';
import { idOf, memberOf, textOf } from './json.ts';
import { isFailure } from '../remember.ts';
import type { Context, Settings } from './settings.ts';
import { verify } from 'node:crypto';

/** Adobe's maximum number of events in a request. */
const MOST_EVENTS = 20;

/** What to read after an event: by a part of its code, the more specific first. */
const KINDS: readonly (readonly [part: string, stream: string, ids: readonly (readonly string[])[]])[] = [
  ['sales_order_creditmemo', 'orders', [['order_id']]],
  ['sales_order_shipment', 'orders', [['order_id']]],
  ['sales_order_invoice', 'orders', [['order_id']]],
  ['sales_order', 'orders', [['entity_id'], ['order', 'entity_id']]],
  ['checkout_submit_all', 'orders', [['order', 'entity_id'], ['entity_id']]],
  ['order_management', 'orders', [['entity_id'], ['order', 'entity_id']]],
  ['sales_quote', 'carts', [['entity_id'], ['quote', 'entity_id'], ['id']]],
  ['checkout_cart', 'carts', [['quote_id'], ['quote_item', 'quote_id'], ['cart', 'quote', 'entity_id']]],
  ['customer_address', 'customers', [['customer_id'], ['parent_id']]],
  ['newsletter_subscriber', 'customers', [['customer_id']]],
  ['customer', 'customers', [['entity_id'], ['id'], ['customer', 'entity_id']]],
  ['catalog_product', 'products', [['entity_id'], ['id'], ['product', 'entity_id']]],
];

/** Returns the row of an event; undefined when it is not read. */
export function hintOf(event: JsonObject): readonly Hint[] {
  const code = textOf(event['type']) ?? '';
  const found = KINDS.find(([part]) => code.includes(part));
  if (found === undefined) return [];
  const [, stream, paths] = found;
  const value = memberOf(event['data'], 'value');
  for (const path of paths) {
    const id = idOf(path.reduce<unknown>((at, name) => memberOf(at, name), value));
    if (id !== undefined && /^\d{1,20}$/.test(id)) return [{ stream, id }];
  }
  return [];
}

/** Reads the hints in Adobe I/O Events. Each event is signed; its age does not matter, because the row is read again. */
export async function hints(request: WebhookRequest, context: Context): Promise<HintAnswer> {
  const { adobeClientId } = context.settings;
  if (adobeClientId === undefined)
    return refused('The source has no client id of Adobe I/O Events; set adobeClientId.');
  const challenge = request.method === 'GET' ? request.query['challenge'] : undefined;
  // Adobe registers a URL after it has echoed this challenge.
  if (challenge !== undefined && /^[\w-]{1,100}$/.test(challenge))
    return { hints: [], answer: { status: 200, body: challenge, contentType: 'text/plain' } };
  const signed = await isSigned(request, context);
  if (signed !== true) return refused(signed);
  const events = eventsOf(request.body);
  if (events === undefined) return refused('The body contains no events.');
  if (!events.every((event) => isFor(event, context.settings)))
    return refused('The events are for a client ID other than adobeClientId.');
  return { hints: events.flatMap(hintOf) };
}

/** Whether an event is for the client in the settings. */
export function isFor(event: JsonObject, { adobeClientId }: Settings): boolean {
  return (textOf(event['recipientclientid']) ?? textOf(event['recipient_client_id'])) === adobeClientId;
}

function refused(message: string): HintAnswer {
  return { refused: { code: 'source_signature_invalid', message } };
}

function eventsOf(body: Uint8Array): readonly JsonObject[] | undefined {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(body));
    const list = Array.isArray(parsed) ? objectsOf(parsed) : isRecord(parsed) ? [parsed] : [];
    return list.length === 0 || list.length > MOST_EVENTS ? undefined : list;
  } catch {
    return undefined;
  }
}

/** Whether one of the two signatures is valid: Adobe signs with two keys, one of which may be rotated. */
async function isSigned({ headers, body }: WebhookRequest, context: Context): Promise<true | string> {
  let reason = 'The request has no signature.';
  for (const number of ['1', '2']) {
    const signature = headers[`x-adobe-digital-signature-${number}`];
    const path = headers[`x-adobe-public-key${number}-path`];
    if (signature === undefined || path === undefined) continue;
    const key = await adobeKey(path, context);
    if (isFailure(key)) reason = key.failure.message;
    else if (isValid(body, key.pem, signature)) return true;
    else reason = 'The signature does not match the body.';
  }
  return reason;
}

function isValid(body: Uint8Array, pem: string, signature: string): boolean {
  try {
    return verify('RSA-SHA256', body, pem, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}
