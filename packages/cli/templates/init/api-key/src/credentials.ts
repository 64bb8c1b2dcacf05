import type { Answer } from '@waybill/destinations/http';
import type { Context } from './client.ts';

/** The headers that carry credentials, or the answer that refused them. */
export type Credentials = { readonly headers: Record<string, string> } | { readonly refused: Answer };

/** Creates the credentials of a call. */
export async function credentials({ settings }: Context): Promise<Credentials> {
  return { headers: { authorization: `Bearer ${settings.apiKey}` } };
}
