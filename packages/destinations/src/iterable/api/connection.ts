import type { ConnectionResult } from '@waybill/core';

import { addressOf, type Context } from '../settings.ts';
import { callIterable } from './client.ts';

/** Tests the key by listing webhooks, which read-only and mobile keys may not: a key that may can write. */
export async function testConnection(context: Context): Promise<ConnectionResult> {
  const { name, url } = addressOf(context.settings);
  const answer = await callIterable({ method: 'GET', path: '/api/webhooks' }, context);
  if (answer.kind === 'accepted') return { ok: true, message: `Iterable (${name}, ${url}) accepts the key.` };
  const { code, message } = answer.outcome;
  const where = `Iterable (${name}, ${url})`;
  if (code === 'destination_unauthorized') {
    return issue(
      code,
      'apiKey',
      `${where} refuses the key. Use a key of the type "Server-side" of a project in this data center; a key of the other data center is refused too. ${message}`,
    );
  }
  if (code === 'destination_forbidden') {
    return issue(
      code,
      'apiKey',
      `${where} does not permit this key. Use a key of the type "Server-side". ${message}`,
    );
  }
  if (code === 'destination_not_found' || code === 'destination_unreadable_answer') {
    return issue(code, 'apiUrl', `${url} does not respond like Iterable. Check the URL. ${message}`);
  }
  const at = context.settings.apiUrl === undefined ? 'dataCenterLocation' : 'apiUrl';
  return issue(code, at, `${where} cannot be reached at the moment. ${message}`);
}

function issue(
  code: Extract<ConnectionResult, { ok: false }>['issue']['code'],
  path: string,
  message: string,
): ConnectionResult {
  return { ok: false, issue: { code, path, message } };
}
