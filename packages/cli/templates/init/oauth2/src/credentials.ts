import { addressBelow, type Answer, tokensOf } from '@waybill/destinations/http';
import type { Context } from './client.ts';

/** The headers that carry credentials, or the answer that refused them. */
export type Credentials = { readonly headers: Record<string, string> } | { readonly refused: Answer };

/** Creates the credentials of a call. Requests a token when there is none, or it expires soon. */
export async function credentials(context: Context): Promise<Credentials> {
  const { apiUrl, clientId, clientSecret } = context.settings;
  const grant = { url: addressBelow(apiUrl, '/oauth/token'), clientId, clientSecret };
  const granted = await tokensOf(context).get(grant, context);
  if (granted.refused !== undefined) return { refused: granted.refused };
  return { headers: { authorization: `Bearer ${granted.token}` } };
}
