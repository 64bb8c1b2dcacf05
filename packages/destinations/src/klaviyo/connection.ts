import type { ConnectionResult } from '@waybill/core';

import { isRecord, type JsonObject } from '../http/json.ts';
import { callKlaviyo } from './api/client.ts';
import { rowsIn } from './api/import-profiles.ts';
import { addressOf, type Context } from './settings.ts';

/** Tests the key by reading the account, or at least its lists. */
export async function testConnection(context: Context): Promise<ConnectionResult> {
  const url = addressOf(context.settings);
  const account = await callKlaviyo({ method: 'GET', path: '/api/accounts', takes: [200] }, context);
  if (account.kind === 'accepted')
    return { ok: true, message: `Klaviyo accepts the key of the account "${nameIn(account.body)}".` };
  const { code, message } = account.outcome;
  const issue = (path: string, text: string): ConnectionResult => ({
    ok: false,
    issue: { code, path, message: `${text} ${message}` },
  });
  if (code === 'destination_unauthorized')
    return issue('apiKey', 'Klaviyo refuses the key. Use a private key, which begins with pk_.');
  if (code === 'destination_forbidden') {
    const lists = await callKlaviyo({ method: 'GET', path: '/api/lists', takes: [200] }, context);
    if (lists.kind === 'accepted')
      return { ok: true, message: 'Klaviyo accepts the key, but the key may not read the account.' };
    return issue(
      'apiKey',
      'The key may not do this. Give it full access to events, profiles, lists and subscriptions.',
    );
  }
  if (code === 'destination_not_found' || code === 'destination_unreadable_answer')
    return issue('apiUrl', `${url} does not respond like Klaviyo. Check the URL.`);
  return issue('apiUrl', 'Klaviyo cannot be reached at the moment.');
}

function nameIn(body: JsonObject): string {
  const [account] = rowsIn(body);
  const attributes = isRecord(account?.['attributes']) ? account['attributes'] : {};
  const contact = attributes['contact_information'];
  const name = isRecord(contact) ? contact['organization_name'] : undefined;
  return typeof name === 'string' && name !== '' ? name : String(account?.['id'] ?? 'unknown');
}
