import { failed, type ShopFailure } from '@waybill/core';

import { failureOf } from './failures.ts';
import { memberOf, numberOf, textOf } from './json.ts';
import type { Context } from './settings.ts';

const IMS = 'https://ims-na1.adobelogin.com';
const SCOPE =
  'openid,AdobeID,email,profile,additional_info.roles,additional_info.projectedProductContext,commerce.accs';
/** A token is renewed so many milliseconds before it ends. */
const MARGIN = 60_000;

interface Token {
  readonly text: string;
  readonly until: number;
}

/** The headers of a call to Adobe Commerce as a Cloud Service, with a token that lasts. */
export async function imsHeaders(
  context: Context,
): Promise<{ readonly headers: Readonly<Record<string, string>> } | ShopFailure> {
  const { settings, memory, now } = context;
  let token = memory.get('ims') as Token | undefined;
  if (token === undefined || token.until < now() + MARGIN) {
    const granted = await grant(context);
    if ('failure' in granted) return granted;
    token = granted;
    memory.set('ims', token);
  }
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

async function grant({ settings, request, now }: Context): Promise<Token | ShopFailure> {
  const form = new URLSearchParams({
    client_id: settings.imsClientId ?? '',
    client_secret: settings.imsClientSecret ?? '',
    grant_type: 'client_credentials',
    scope: SCOPE,
  });
  const answer = await request({
    method: 'POST',
    url: `${(settings.imsUrl ?? IMS).replace(/\/+$/, '')}/ims/token/v3`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  });
  if (answer.kind === 'failure') return failureOf(answer, 'IMS', now());
  const text = textOf(memberOf(answer.body, 'access_token'));
  if (answer.ok && text !== undefined)
    return { text, until: now() + (numberOf(memberOf(answer.body, 'expires_in')) ?? 300) * 1000 };
  if (answer.status >= 500 || answer.status === 429) return failureOf(answer, 'IMS', now());
  const message = `IMS answered ${answer.status} to the request for a token: check the IMS client id and its secret.`;
  return { failure: failed('source_unauthorized', message) };
}
