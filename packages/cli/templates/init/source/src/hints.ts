import { createHmac, timingSafeEqual } from 'node:crypto';
import type { HintAnswer, WebhookRequest } from '@waybill/core';
import type { Context } from './settings.ts';

/** The streams by the shop's name of their rows. */
const STREAMS: Readonly<Record<string, string>> = { order: 'orders', customer: 'customers' };

/**
 * Verifies that a request is from the shop, and reads its row. Nothing else is trusted: the row is fetched.
 */
export function hints({ headers, body }: WebhookRequest, { settings }: Context): HintAnswer {
  const { webhookSecret } = settings;
  if (webhookSecret === undefined) return refused('Set webhookSecret to accept webhooks.');
  const right = createHmac('sha256', webhookSecret).update(body).digest();
  const given = Buffer.from(headers['x-shop-signature'] ?? '', 'hex');
  if (given.length !== right.length || !timingSafeEqual(given, right))
    return refused('The signature was not created with webhookSecret.');
  const { resource = '', id } = JSON.parse(new TextDecoder().decode(body)) as {
    resource?: string;
    id?: number;
  };
  const stream = STREAMS[resource];
  // A webhook about something else is not an error.
  return { hints: stream === undefined || id === undefined ? [] : [{ stream, id: String(id) }] };
}

function refused(message: string): HintAnswer {
  return { refused: { code: 'source_signature_invalid', message } };
}
