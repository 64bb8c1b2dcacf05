import type { Answer } from '@waybill/destinations/http';
import type { Context } from './client.ts';

/** The headers that carry credentials, or the answer that refused them. */
export type Credentials = { readonly headers: Record<string, string> } | { readonly refused: Answer };

/** Creates the credentials of a call. This service needs none. */
export async function credentials(_context: Context): Promise<Credentials> {
  return { headers: {} };
}
