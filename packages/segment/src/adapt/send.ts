import { delivered, orderKey, type Outcome, rejected, retry, type SendContext } from '@waybill/core';
import { isResponse, isSplittable, outcomeOfError, type Result, resultOfValue } from '../outcome.ts';
import type { ReadAnswer } from '../patches/patch.ts';
import { withSession } from '../request/edge.ts';
import { newSession, type Session } from '../request/session.ts';
import type { Perform, UpstreamAction, UpstreamDefinition } from '../upstream/types.ts';
import { accountOf } from './account.ts';
import { bagOf } from './bag.ts';
import { clientOf } from './client.ts';
import { groupsOf, type MappedItem } from './item.ts';
import { canRenew, type OnTokens, renew, renewAhead } from './renew.ts';

/** What sending through a definition needs in addition to items and context. */
export interface Sender {
  readonly definition: UpstreamDefinition;
  readonly action: UpstreamAction;
  /** Reads the results of items from the answer to a batch. */
  readonly readBatch: ReadAnswer | undefined;
  readonly onTokens: OnTokens | undefined;
}

/** The number of users whose items are sent concurrently in single calls. */
const CONCURRENCY = 8;

/** Sends items through an action of a definition: one outcome per item, in their order. */
export async function sendThrough(
  items: readonly MappedItem[],
  context: SendContext,
  sender: Sender,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const group of groupsOf(items)) {
    const members = group.map((index) => items[index]!);
    const sent = isBatched(members, sender.action)
      ? await sendBatch(members, context, sender)
      : await sendSingles(members, context, sender);
    for (const [at, index] of group.entries()) outcomes[index] = sent[at]!;
  }
  return outcomes;
}

/** A batch requires support in the action and the setting of the mapping; actions without the setting always batch. */
function isBatched(items: readonly MappedItem[], { performBatch, fields }: UpstreamAction): boolean {
  if (performBatch === undefined) return false;
  const field = fields['enable_batching'];
  if (field === undefined) return true;
  const { mapping } = items[0]!;
  // Items without their mapping: only items of a batching mapping are planned together.
  if (mapping === undefined) return items.length > 1 || field.default === true;
  return mapping['enable_batching'] === true || mapping['enable_batching'] === 'true';
}

async function sendBatch(
  items: readonly MappedItem[],
  context: SendContext,
  sender: Sender,
): Promise<readonly Outcome[]> {
  const result = await renewing(items, context, sender, (some) => runBatch(some, context, sender));
  const outcomes = items.map((_, index) => ('all' in result ? result.all : result.each[index]!));
  if ('each' in result || items.length === 1 || !isSplittable(result.all)) return outcomes;
  // Refused as a whole, perhaps for one item: sent singly, the others are accepted.
  return sendSingles(items, context, sender);
}

async function runBatch(items: readonly MappedItem[], context: SendContext, sender: Sender): Promise<Result> {
  const result = await run(sender.action.performBatch!, items, true, context, sender);
  if ('each' in result) return result;
  const { all, value } = result;
  if (all.status !== 'delivered' || sender.readBatch === undefined || !isResponse(value)) return { all };
  const payloads = items.map(({ payload }) => payload as Readonly<Record<string, unknown>>);
  return { each: sender.readBatch(value.data, payloads) };
}

/** Sends items singly: users concurrently, the items of one user in order. */
async function sendSingles(
  items: readonly MappedItem[],
  context: SendContext,
  sender: Sender,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const users = new Map<string, number[]>();
  for (const [index, { event }] of items.entries()) {
    const key = orderKey(event);
    const indexes = users.get(key);
    if (indexes === undefined) users.set(key, [index]);
    else indexes.push(index);
  }
  const queue = users.values();
  const work = async (): Promise<void> => {
    for (const indexes of queue) {
      let before: Outcome | undefined;
      for (const index of indexes) {
        before =
          before?.status === 'retry'
            ? retry(before.code, 'An item of the same user before this one must be sent again first.')
            : await sendSingle(items[index]!, context, sender);
        outcomes[index] = before;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, users.size) }, work));
  return outcomes;
}

async function sendSingle(item: MappedItem, context: SendContext, sender: Sender): Promise<Outcome> {
  const result = await renewing([item], context, sender, (one) =>
    run(sender.action.perform, one, false, context, sender),
  );
  return 'all' in result ? result.all : result.each[0]!;
}

/** Repeats the call, after a renewal of the access token, for the items that were refused because of it. */
async function renewing(
  items: readonly MappedItem[],
  context: SendContext,
  { definition, onTokens }: Sender,
  attempt: (items: readonly MappedItem[]) => Promise<Result>,
): Promise<Result> {
  const account = accountOf(context);
  await renewAhead(definition, account, context, onTokens);
  const used = account.tokens.accessToken;
  const first = await attempt(items);
  const stale = (outcome: Outcome): boolean => canRenew(outcome, definition, account);
  if ('all' in first ? !stale(first.all) : !first.each.some(stale)) return first;
  const renewed = await renew(used, definition, account, context, onTokens);
  if (renewed === 'nothing') return first;
  if ('all' in first) return renewed === 'renewed' ? attempt(items) : { all: renewed };
  const again = items.filter((_, index) => stale(first.each[index]!));
  const second: Result = renewed === 'renewed' ? await attempt(again) : { all: renewed };
  let next = 0;
  return {
    each: first.each.map((outcome) => {
      if (!stale(outcome)) return outcome;
      return 'all' in second ? second.all : second.each[next++]!;
    }),
  };
}

/** Runs the code of an action once; never throws. */
async function run(
  perform: Perform,
  items: readonly MappedItem[],
  batch: boolean,
  context: SendContext,
  { definition, action }: Sender,
): Promise<Result & { readonly value?: unknown }> {
  const session = newSession(context.request);
  let result: Result & { readonly value?: unknown };
  try {
    const value = await withSession(session, () => {
      const bag = bagOf(items, batch, action, accountOf(context), context.now);
      return perform(clientOf(definition, bag), bag);
    });
    result = { ...unsent(resultOfValue(value, items.length, session, context.now()), value, session), value };
  } catch (error) {
    result = { all: outcomeOfError(error, session, context.now()) };
  }
  const mark = (outcome: Outcome): Outcome =>
    outcome.status === 'skipped' ? outcome : { ...outcome, exchanges: [...session.exchanges] };
  return 'all' in result ? { ...result, all: mark(result.all) } : { ...result, each: result.each.map(mark) };
}

/** A success without any call has a note; events that are only returned are not a success. */
function unsent(result: Result, value: unknown, { exchanges }: Session): Result {
  if (exchanges.length > 0 || !('all' in result) || result.all.status !== 'delivered') return result;
  const { batch } = (value ?? {}) as { readonly batch?: unknown };
  return { all: Array.isArray(batch) ? HANDED_BACK : delivered(NO_CALL) };
}

const NO_CALL = 'The definition made no call through Waybill.';
const HANDED_BACK = rejected(
  'destination_rejected',
  "The definition returns its events for Segment's own platform to send, and sends nothing itself.",
);
