import { isWhose, type Named, namedBy } from '@waybill/commerce';
import type { DeletionRequest, ShopGone, ShopSettings, ShopState } from '@waybill/core';
import type { CarriedWrite, Lease, Log } from '@waybill/delivery';
import { ASIDE_KEY } from './aside.ts';
import { goneAfter } from './compare.ts';
import { CONSENT, consentKey } from './consent/kept.ts';
import { isBucket } from './storefront/visitors.ts';

/** The number of values inspected per step: requests take precedence. */
const PAGE = 200;

/** The inputs of erasure. */
export interface KeptInput {
  readonly log: Pick<Log, 'append' | 'carriedAfter' | 'timers'>;
  readonly lease: Lease<string>;
}

/**
 * Removes the last states of a person, and returns their identifiers in other data: in rows that were set aside, and in hints.
 */
export async function eraseStates(
  who: DeletionRequest,
  input: KeptInput & { readonly settings: ShopSettings },
): Promise<Named> {
  const { settings } = input;
  let named: Named = {
    customers: new Set(),
    emails: new Set(who.email === undefined ? [] : [who.email.trim().toLowerCase()]),
    userIds: new Set(who.userId === undefined ? [] : [who.userId]),
  };
  // An account leads to its orders, and its address to other accounts.
  for (let known = -1; known !== sizeOf(named);) {
    known = sizeOf(named);
    await through(input, 'customer ', ({ state }) => {
      if (isWhose(state, named, settings)) named = namedBy(state, named);
      return [];
    });
  }
  await through(input, '', (one) => (isWhose(one.state, named, settings) ? [erased(one, named)] : []));
  await forget(named, input);
  return named;
}

/** Removes decisions about channels. */
async function forget({ emails }: Named, { log, lease }: KeptInput): Promise<void> {
  const keys = [...emails].flatMap((email) => ['email', 'sms'].map((channel) => consentKey(channel, email)));
  if (keys.length > 0) await write(log, { lease, state: keys.map((key) => ({ key })) });
}

interface Kept {
  readonly key: string;
  readonly state: ShopState | ShopGone;
}

/** Iterates over stored states by key prefix. */
async function through(
  { log, lease }: KeptInput,
  prefix: string,
  look: (one: Kept) => readonly CarriedWrite[],
): Promise<void> {
  let after: string | undefined = prefix;
  while (after !== undefined) {
    const page = await log.carriedAfter(lease.key, { after, limit: PAGE });
    const ours = page.filter(
      ({ key }) => key.startsWith(prefix) && key !== ASIDE_KEY && !key.startsWith(CONSENT) && !isBucket(key),
    );
    const state = ours.flatMap(({ key, value }) =>
      look({ key, state: JSON.parse(Buffer.from(value).toString()) as ShopState | ShopGone }),
    );
    if (state.length > 0) await write(log, { lease, state });
    const last = page.at(-1)?.key;
    after = page.length < PAGE || last?.startsWith(prefix) !== true ? undefined : last;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Keeps only the time of a state, so that the same row has no effect again; nothing where the key is an address. */
function erased({ key, state }: Kept, { emails }: Named): CarriedWrite {
  const { kind, id } = state;
  const text = key.toLowerCase();
  if ('gone' in state || [...emails].some((email) => text.includes(email))) return { key };
  return { key, value: Buffer.from(JSON.stringify(goneAfter({ kind, id, gone: true }, state))) };
}

async function write(log: KeptInput['log'], carry: Parameters<Log['append']>[1]): Promise<void> {
  if ((await log.append([], carry)) === 'stale') throw new Error('Another server reads this source.');
}

function sizeOf({ customers, emails }: Named): number {
  return customers.size + emails.size;
}
