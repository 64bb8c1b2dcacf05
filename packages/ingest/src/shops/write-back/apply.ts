import { createHash } from 'node:crypto';
import type { ConsentUpdate } from '@waybill/commerce';
import {
  type Hint,
  type Shop,
  type ShopFailure,
  type ShopSettings,
  type ShopState,
  type SourceContext,
  withoutAbsent,
} from '@waybill/core';
import type { Lease, Log } from '@waybill/delivery';
import { asideKey, type Asides, textOfRow } from '../aside.ts';
import type { WaitingHint } from '../hints.ts';
import type { Keeping } from '../keeping.ts';
import { isOfTheShop } from '../page.ts';
import { later } from '../read-hints.ts';
import { asked } from '../read-task.ts';
import { decide, type KeptConsent, consentKey, readConsent } from '../consent/kept.ts';
import type { Standings } from '../standing.ts';

/** The stream of waiting updates of Iterable, among the hints: no shop has a stream of this name. */
export const UPDATES = 'consent in Iterable';

/** The inputs of applying updates. */
export interface ConsentInput {
  readonly log: Pick<Log, 'carried'>;
  readonly keeping: Keeping;
  readonly asides: Asides;
  readonly standings: Standings;
  readonly settings: ShopSettings;
  readonly write: Shop['writeConsent'];
  readonly context: () => SourceContext;
  readonly now: () => number;
}

/** Converts updates to hints; merges duplicates. */
export function hintsOfUpdates(updates: readonly ConsentUpdate[]): readonly Hint[] {
  return updates.map((update) => ({
    stream: UPDATES,
    id: createHash('sha256').update(JSON.stringify(update)).digest('hex'),
    row: update,
  }));
}

/**
 * Decides about updates, and writes to the shop. The decision is durable before the write, so that its echo is recognised; an
 * update ends after the write.
 */
export async function applyConsent(
  batch: readonly WaitingHint[],
  lease: Lease<string>,
  input: ConsentInput,
): Promise<void> {
  const { keeping, standings } = input;
  for (const [index, hint] of batch.entries()) {
    const failure = await applyOne(hint, lease, input);
    if (failure === undefined) continue;
    // The others would fail in the same way.
    keeping.hints.giveBack(batch.slice(index));
    standings.failed(standings.whole, UPDATES, failure);
    return;
  }
}

async function applyOne(
  hint: WaitingHint,
  lease: Lease<string>,
  input: ConsentInput,
): Promise<ShopFailure['failure'] | undefined> {
  const { log } = input;
  const update = hint.row as ConsentUpdate;
  const email = await emailOf(update, lease, input);
  if (email === undefined) {
    const message = `The shop has no customer "${update.userId}" whose e-mail address is known.`;
    await passOver(hint, lease, { code: 'source_not_found', message }, input);
    return undefined;
  }
  const key = consentKey(update.channel, email);
  const { state: kept } = await log.carried(lease.key, [key]);
  const { state, at, why, own } = update;
  const { kept: decided } = decide(readConsent(kept.get(key)), {
    side: 'iterable',
    state,
    ...withoutAbsent({ at, why, own }),
  });
  const { pending, current, ...rest } = decided;
  if (pending !== true || current === undefined || input.write === undefined) {
    await end(hint, lease, [key, decided], input);
    return undefined;
  }
  await keep(lease, [key, decided], input);
  const told = await asked<'written' | 'nobody'>(() =>
    input.write!({ email, channel: update.channel, state: current.state }, input.context()),
  );
  if (typeof told === 'object') return failed(hint, lease, told.failure, input);
  input.asides.remove(asideKey(UPDATES, hint.id));
  // There is no echo for a person unknown to the shop.
  const written = (rest.written ?? []).filter(({ side }) => told === 'written' || side !== 'shop');
  await end(hint, lease, [key, { ...rest, current, written }], input);
  return undefined;
}

/** The address of an update: in projects without addresses, from the account in the shop. */
async function emailOf(
  { email, userId = '' }: ConsentUpdate,
  lease: Lease<string>,
  { log, settings }: ConsentInput,
): Promise<string | undefined> {
  if (email !== undefined) return email;
  if (settings.identity === 'email') return userId.toLowerCase();
  const { userIdPrefix = '' } = settings;
  if (settings.identity === 'external' || !userId.startsWith(userIdPrefix)) return undefined;
  const key = `customer ${userId.slice(userIdPrefix.length)}`;
  const found = (await log.carried(lease.key, [key])).state.get(key);
  const state =
    found && (JSON.parse(Buffer.from(found).toString()) as Extract<ShopState, { kind: 'customer' }>);
  return state?.email?.toLowerCase();
}

async function failed(
  hint: WaitingHint,
  lease: Lease<string>,
  failure: ShopFailure['failure'],
  input: ConsentInput,
): Promise<ShopFailure['failure'] | undefined> {
  if (isOfTheShop(failure) && !OF_THE_WRITE.has(failure.code)) return failure;
  const again = failure.status === 'retry' ? later(hint, input.now()) : undefined;
  if (again === undefined) await passOver(hint, lease, failure, input);
  else await input.keeping.write(lease, { ...STEP, timers: input.keeping.hints.end(hint, again) });
  return undefined;
}

/** Sets an update aside, from where it can be applied again. */
async function passOver(
  hint: WaitingHint,
  lease: Lease<string>,
  { code, message }: Pick<ShopFailure['failure'], 'code' | 'message'>,
  { keeping, asides, now }: ConsentInput,
): Promise<void> {
  const { id, row } = hint;
  asides.add({
    key: asideKey(UPDATES, id),
    stream: UPDATES,
    row: id,
    at: now(),
    code,
    message,
    text: textOfRow(row),
  });
  await keeping.write(lease, { ...STEP, timers: keeping.hints.end(hint) });
}

/** A missing write permission does not stop reading. */
const OF_THE_WRITE: ReadonlySet<string> = new Set(['source_forbidden', 'source_not_found']);

const STEP = { rows: [], historical: false, path: 'consent' } as const;

type Kept = readonly [key: string, decided: KeptConsent];

async function keep(lease: Lease<string>, kept: Kept, { keeping }: ConsentInput): Promise<void> {
  await keeping.write(lease, { ...STEP, state: [writeOf(kept)] });
}

async function end(
  hint: WaitingHint,
  lease: Lease<string>,
  kept: Kept,
  { keeping }: ConsentInput,
): Promise<void> {
  await keeping.write(lease, { ...STEP, state: [writeOf(kept)], timers: keeping.hints.end(hint) });
}

function writeOf([key, decided]: Kept) {
  return { key, value: Buffer.from(JSON.stringify(decided)) };
}
