import type { HttpFailure, HttpResponse } from '@waybill/core';
import type { Context } from './client.ts';

/** The headers that carry credentials, or the answer that refused them. */
export async function credentials({
  settings,
}: Context): Promise<Record<string, string> | HttpResponse | HttpFailure> {
  return { authorization: `Bearer ${settings.apiKey}` };
}
