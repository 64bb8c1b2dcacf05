import type { HttpFailure, HttpResponse } from '@waybill/core';
import type { Context } from './client.ts';

/** The headers that carry credentials, or the answer that refused them. This service asks for none. */
export async function credentials(
  _context: Context,
): Promise<Record<string, string> | HttpResponse | HttpFailure> {
  return {};
}
