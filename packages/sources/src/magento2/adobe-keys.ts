import type { ShopFailure } from '@waybill/core';

import type { Context } from './settings.ts';

const ADDRESS = 'https://static.adobeioevents.com';
/** The path of Adobe's keys: callers of the webhook name the key, and only keys of Adobe are fetched. */
const PATH = /^\/prod\/keys\/[\w-]{1,100}\.pem$/;
const DAY = 86_400_000;
const MINUTE = 60_000;
/** The maximum number of keys fetched per minute, so that unsigned requests cause few calls. */
const MOST = 10;

interface Keys {
  readonly known: Map<string, { readonly pem: string; readonly at: number }>;
  fetched: number;
  since: number;
}

/** Returns a public key of Adobe, fetched once a day. */
export async function adobeKey(
  path: string,
  { settings, memory, now, request }: Context,
): Promise<{ readonly pem: string } | ShopFailure> {
  if (!PATH.test(path)) return failure('The address of the key does not belong to Adobe.');
  const keys = (memory.get('adobe') ?? { known: new Map(), fetched: 0, since: now() }) as Keys;
  memory.set('adobe', keys);
  const kept = keys.known.get(path);
  if (kept !== undefined && now() - kept.at < DAY) return kept;
  if (now() - keys.since >= MINUTE) Object.assign(keys, { fetched: 0, since: now() });
  if (keys.fetched >= MOST) return failure('Too many keys were requested.');
  keys.fetched += 1;
  const answer = await request({ url: `${(settings.adobeKeysUrl ?? ADDRESS).replace(/\/+$/, '')}${path}` });
  if (answer.kind === 'failure' || !answer.ok || !answer.text.includes('PUBLIC KEY'))
    return failure('The key cannot be fetched.');
  const found = { pem: answer.text, at: now() };
  if (keys.known.size >= MOST) keys.known.clear();
  keys.known.set(path, found);
  return found;
}

function failure(message: string): ShopFailure {
  return { failure: { status: 'rejected', code: 'source_signature_invalid', message } };
}
