import { failed, type ShopFailure } from '@waybill/core';

import { failureBy } from './failures.ts';
import { memberOf, numberOf, textOf } from './json.ts';
import type { Context } from './settings.ts';

const IMS = 'https://ims-na1.adobelogin.com';
const SCOPE =
  'openid,AdobeID,email,profile,additional_info.roles,additional_info.projectedProductContext,commerce.accs';
const ASKED = { who: 'Adobe IMS', what: 'the request for a token' };
/** How long before its expiry a token is renewed, in milliseconds. */
const MARGIN = 60_000;

/** The key of the token of the API. */
export const IMS_TOKEN = 'ims';

/** The client of a token, its scopes, and its key. */
export interface Client {
  readonly id: string;
  readonly secret: string;
  readonly scope: string;
  readonly kept: string;
}

interface Token {
  readonly text: string;
  readonly until: number;
}

/** Returns the headers of a call to Adobe Commerce as a Cloud Service, with a valid token. */
export async function imsHeaders(
  context: Context,
): Promise<{ readonly headers: Readonly<Record<string, string>> } | ShopFailure> {
  const { settings } = context;
  const { imsClientId: id = '', imsClientSecret: secret = '' } = settings;
  const token = await tokenOf({ id, secret, scope: SCOPE, kept: IMS_TOKEN }, context);
  if ('failure' in token) return token;
  return {
    headers: {
      authorization: `Bearer ${token.text}`,
      accept: 'application/json',
      'x-api-key': settings.imsClientId ?? '',
      'x-gw-ims-org-id': settings.imsOrganization ?? '',
      store: 'all',
    },
  };
}

/** Returns a valid token, cached or new. */
export async function tokenOf(client: Client, context: Context): Promise<Token | ShopFailure> {
  const { memory, now } = context;
  const kept = memory.get(client.kept) as Token | undefined;
  if (kept !== undefined && kept.until >= now() + MARGIN) return kept;
  const granted = await grant(client, context);
  if (!('failure' in granted)) memory.set(client.kept, granted);
  return granted;
}

async function grant(
  { id, secret, scope }: Client,
  { settings, request, now }: Context,
): Promise<Token | ShopFailure> {
  const form = new URLSearchParams({
    client_id: id,
    client_secret: secret,
    grant_type: 'client_credentials',
    scope,
  });
  const answer = await request({
    method: 'POST',
    url: `${(settings.imsUrl ?? IMS).replace(/\/+$/, '')}/ims/token/v3`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  });
  if (answer.kind === 'failure') return failureBy(ASKED, answer, now());
  const text = textOf(memberOf(answer.body, 'access_token'));
  if (answer.ok && text !== undefined)
    return { text, until: now() + (numberOf(memberOf(answer.body, 'expires_in')) ?? 300) * 1000 };
  if (answer.status >= 500 || answer.status === 429) return failureBy(ASKED, answer, now());
  const message = `${ASKED.who} answered ${answer.status} to ${ASKED.what}: check the client id ${id} and its secret.`;
  return { failure: failed('source_unauthorized', message) };
}
