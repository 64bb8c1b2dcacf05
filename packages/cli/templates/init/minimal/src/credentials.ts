import type { Answer } from '@waybill/destinations/http';
import type { Context } from './client.ts';

/** The headers that carry credentials, or the answer that refused them. */
export type Credentials = { readonly headers: Record<string, string> } | { readonly refused: Answer };

/** Makes the credentials of a call. This service asks for none. */
export async function credentials(_context: Context): Promise<Credentials> {
  return { headers: {} };
}
