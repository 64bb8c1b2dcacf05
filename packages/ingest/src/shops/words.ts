import { createHash } from 'node:crypto';
import type { ConsentWord } from '@waybill/commerce';
import type { Hint, Shop, ShopFailure, ShopSettings, ShopState, SourceContext } from '@waybill/core';
import type { Lease, Log } from '@waybill/delivery';
import { asideKey, type Asides, textOfRow } from './aside.ts';
import type { WaitingHint } from './hints.ts';
import type { Keeping } from './keeping.ts';
import { isOfTheShop } from './page.ts';
import { later } from './read-hints.ts';
import { asked } from './read-task.ts';
import { heard, type Said, saidKey, saidOf } from './said.ts';
import type { Standings } from './standing.ts';

/** What words of Iterable wait as, beside hints: no stream has this name. */
export const WORDS = 'consent in Iterable';

/** What hearing words takes. */
export interface WordsInput {
  readonly log: Pick<Log, 'carried'>;
  readonly keeping: Keeping;
  readonly asides: Asides;
  readonly standings: Standings;
  readonly settings: ShopSettings;
  readonly write: Shop['writeConsent'];
  readonly context: () => SourceContext;
  readonly now: () => number;
}

/** Words as hints: one that comes twice is one. */
export function hintsOfWords(words: readonly ConsentWord[]): readonly Hint[] {
  return words.map((word) => ({
    stream: WORDS,
    id: createHash('sha256').update(JSON.stringify(word)).digest('hex'),
    row: word,
  }));
}

/**
 * Decides about words, and tells the shop. What was decided is durable before the shop is told, so that its echo is known; a word ends
 * when the shop has been told.
 */
export async function hearWords(
  batch: readonly WaitingHint[],
  lease: Lease<string>,
  input: WordsInput,
): Promise<void> {
  const { keeping, standings } = input;
  for (const [index, hint] of batch.entries()) {
    const failure = await hear(hint, lease, input);
    if (failure === undefined) continue;
    // The others would fail alike.
    keeping.hints.giveBack(batch.slice(index));
    standings.failed(standings.whole, WORDS, failure);
    return;
  }
}

async function hear(
  hint: WaitingHint,
  lease: Lease<string>,
  input: WordsInput,
): Promise<ShopFailure['failure'] | undefined> {
  const { log } = input;
  const word = hint.row as ConsentWord;
  const email = await emailOf(word, lease, input);
  if (email === undefined) {
    const message = `The shop has no customer "${word.userId}" whose e-mail address is known.`;
    await passOver(hint, lease, { code: 'source_not_found', message }, input);
    return undefined;
  }
  const key = saidKey(word.channel, email);
  const { state: kept } = await log.carried(lease.key, [key]);
  const { state, at, why, own } = word;
  const { said } = heard(saidOf(kept.get(key)), { side: 'iterable', state, ...given({ at, why, own }) });
  const { pending, current, ...rest } = said;
  if (pending !== true || current === undefined || input.write === undefined) {
    await end(hint, lease, [key, said], input);
    return undefined;
  }
  await keep(lease, [key, said], input);
  const told = await asked<'written' | 'nobody'>(() =>
    input.write!({ email, channel: word.channel, state: current.state }, input.context()),
  );
  if (typeof told === 'object') return failed(hint, lease, told.failure, input);
  input.asides.remove(asideKey(WORDS, hint.id));
  // Of whom the shop does not know, nothing comes back.
  const written = (rest.written ?? []).filter(({ side }) => told === 'written' || side !== 'shop');
  await end(hint, lease, [key, { ...rest, current, written }], input);
  return undefined;
}

/** Whom a word is about: in projects without addresses by the account in the shop. */
async function emailOf(
  { email, userId = '' }: ConsentWord,
  lease: Lease<string>,
  { log, settings }: WordsInput,
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
  input: WordsInput,
): Promise<ShopFailure['failure'] | undefined> {
  if (isOfTheShop(failure) && !OF_THE_WRITE.has(failure.code)) return failure;
  const again = failure.status === 'retry' ? later(hint, input.now()) : undefined;
  if (again === undefined) await passOver(hint, lease, failure, input);
  else await input.keeping.write(lease, { ...STEP, timers: input.keeping.hints.end(hint, again) });
  return undefined;
}

/** Sets a word aside, from where a person can have it heard again. */
async function passOver(
  hint: WaitingHint,
  lease: Lease<string>,
  { code, message }: Pick<ShopFailure['failure'], 'code' | 'message'>,
  { keeping, asides, now }: WordsInput,
): Promise<void> {
  const { id, row } = hint;
  asides.add({
    key: asideKey(WORDS, id),
    stream: WORDS,
    row: id,
    at: now(),
    code,
    message,
    text: textOfRow(row),
  });
  await keeping.write(lease, { ...STEP, timers: keeping.hints.end(hint) });
}

/** A right to write that is missing is no reason not to read. */
const OF_THE_WRITE: ReadonlySet<string> = new Set(['source_forbidden', 'source_not_found']);

const STEP = { rows: [], historical: false, path: 'consent' } as const;

type Kept = readonly [key: string, said: Said];

function keep(lease: Lease<string>, kept: Kept, { keeping }: WordsInput): Promise<void> {
  return keeping.write(lease, { ...STEP, state: [writeOf(kept)] });
}

function end(hint: WaitingHint, lease: Lease<string>, kept: Kept, { keeping }: WordsInput): Promise<void> {
  return keeping.write(lease, { ...STEP, state: [writeOf(kept)], timers: keeping.hints.end(hint) });
}

function writeOf([key, said]: Kept) {
  return { key, value: Buffer.from(JSON.stringify(said)) };
}

function given<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
