import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Hint, HintAnswer, WebhookRequest } from '@waybill/core';
import { isRecord, type JsonObject, listOf, textOf } from '../read.ts';
import type { Context, Settings } from './settings.ts';

/** The credentials of the webhook: UltraCart does not sign, but logs in. */
export interface Login {
  readonly user: string;
  readonly password: string;
}

/** Returns the login that the webhook is created with. */
export function loginOf({ webhookUser, webhookPassword, apiKey }: Settings): Login {
  const derived = (): string => createHmac('sha256', apiKey).update('webhook').digest('hex');
  return { user: webhookUser ?? 'waybill', password: webhookPassword || derived() };
}

/** The objects of events: their stream, and the member with the ID. */
const FAMILIES: readonly (readonly [RegExp, string, string])[] = [
  [/^auto_order_/, 'autoOrders', 'auto_order_oid'],
  [/^order_/, 'orders', 'order_id'],
  [/^customer_/, 'customers', 'customer_profile_oid'],
  [/^item_/, 'products', 'merchant_item_id'],
  [/^checkout_cart_(?:abandon|send_return_email)$/, 'carts', 'cart_id'],
];

/** Verifies that a request has the login of the webhook, and reads the hints of its events. */
export function hints(request: WebhookRequest, { settings }: Context): HintAnswer {
  if (!isKnown(request, settings)) {
    const message =
      'The request does not have the user name and password of the webhook: they are webhookUser and webhookPassword.';
    return { refused: { code: 'source_signature_invalid', message } };
  }
  const body = bodyOf(request);
  if (body === undefined || !Array.isArray(body['events'])) {
    const message =
      'The body is not a JSON object with a list of events. Compressed events are not supported.';
    return { refused: { code: 'request_invalid', message } };
  }
  const all = listOf(body, 'events').flatMap((event) => Object.entries(event).flatMap(hintOf));
  // A batch may have several events of one order: it is read once.
  return { hints: [...new Map(all.map((hint) => [`${hint.stream} ${hint.id}`, hint])).values()] };
}

function isKnown({ headers }: WebhookRequest, settings: Settings): boolean {
  const { user, password } = loginOf(settings);
  const given = Buffer.from(/^basic\s+(\S+)$/i.exec(headers['authorization'] ?? '')?.[1] ?? '', 'base64');
  const passwords = [password, settings.previousWebhookPassword].filter(
    (one) => one !== undefined && one !== '',
  );
  return passwords.filter((one) => sameText(given.toString(), `${user}:${one}`)).length > 0;
}

function sameText(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHmac('sha256', 'same').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

function bodyOf({ body }: WebhookRequest): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function hintOf([name, about]: [string, unknown]): readonly Hint[] {
  const family = FAMILIES.find(([pattern]) => pattern.test(name));
  if (family === undefined || !isRecord(about)) return [];
  const [, stream, member] = family;
  const id = textOf(about, member);
  return id === undefined || id.length > 200 ? [] : [{ stream, id }];
}
