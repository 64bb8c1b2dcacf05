import type { ShopSandbox } from '@waybill/shop-sandboxes';
import type { CannedAnswers } from '@waybill/testing';

/** The answers of a local shop, for a source that runs without a server. */
export function over({ url: at }: Pick<ShopSandbox, 'url'>): CannedAnswers {
  return async ({ method, url, headers, body }) => {
    if (!url.startsWith(at)) return undefined;
    const sent = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await fetch(url, { method, headers, ...(sent === undefined ? {} : { body: sent }) });
    return { status: answer.status, headers: Object.fromEntries(answer.headers), text: await answer.text() };
  };
}
