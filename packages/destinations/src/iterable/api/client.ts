import type { HttpCall } from '@waybill/core';

import { addressOf, type Context } from '../settings.ts';
import { type Answer, readAnswer } from './answer.ts';

/** A call: a path below the address of the data center. */
export interface IterableCall extends Pick<HttpCall, 'method' | 'query' | 'json'> {
  /** For example `/api/users/bulkUpdate`. */
  readonly path: string;
}

/** Calls Iterable with the key of the settings and parses the answer. */
export async function callIterable(call: IterableCall, context: Context): Promise<Answer> {
  const { path, method = 'POST', ...rest } = call;
  const response = await context.request({
    ...rest,
    method,
    url: `${addressOf(context.settings).url}${path}`,
    headers: { 'Api-Key': context.settings.apiKey },
  });
  return readAnswer(response, context.now());
}
