import type { DeletionRequest, ResolvedSource, ShopSettings, SourceContext } from '@waybill/core';
import type { Lease } from '@waybill/delivery';
import { type Agenda, createAgenda } from './agenda.ts';
import { type Asides, createAsides } from './aside.ts';
import { eraseStates } from './erase.ts';
import type { WaitingHint } from './hints.ts';
import type { ShopInput } from './input.ts';
import { createFeeds, type Feeds, feedsOf } from './feeds.ts';
import { createKeeping, type Keeping, ownerOf } from './keeping.ts';
import type { Held } from '../loop.ts';
import { createLimiter, type Limiter, PATIENCE } from './limiter.ts';
import { type Again, createAgain } from './read-again.ts';
import { readHints } from './read-hints.ts';
import { createPages, type Pages } from './read-on.ts';
import type { Away } from './remote/client.ts';
import { createRepair, type Repair } from './write-back/repair.ts';
import { createStandings, type Failed, type Standings } from './standing.ts';
import { applyConsent, UPDATES, type ConsentInput } from './write-back/apply.ts';
import { createSubscription, type Subscription } from './subscription.ts';
import type { Past } from './tasks.ts';
import { createVisitors, type Visitors } from './storefront/visitors.ts';

/** The parts of the reader of a shop. */
export interface Reader {
  readonly settings: ShopSettings;
  readonly streams: NonNullable<NonNullable<ResolvedSource['source']>['shop']>['streams'];
  readonly asides: Asides;
  readonly limiter: Limiter;
  readonly keeping: Keeping;
  readonly standings: Standings;
  readonly agenda: Agenda;
  readonly pages: Pages;
  /** The other thread that reads pages, if any. */
  readonly away: Away | undefined;
  readonly feeds: Feeds;
  readonly rereading: Again;
  readonly subscription: Subscription;
  readonly visitors: Visitors;
  readonly consent: ConsentInput;
  readonly repair: Repair;
  /** The context of the author's functions. */
  context(): SourceContext;
}

/** The delay before trying to acquire the lease again. */
const TAKE_AGAIN = 1_000;
const LOOK_AGAIN = 1_000;
const FAR = 60_000;
/** The number of hints per step. */
const BATCH = 20;

/** Creates the parts of the reader of a shop. */
export function createReader(source: ResolvedSource, pasts: readonly Past[], input: ShopInput): Reader {
  const { now } = input;
  const { streams, limits } = source.source!.shop!;
  const asides = createAsides();
  const limiter = createLimiter({ limits, now, sleep: input.sleep });
  const context = (): SourceContext => {
    const made = input.context(source);
    return { ...made, request: limiter.limit(made.request) };
  };
  const keeping = createKeeping(source, input, { asides, limiter });
  const onFailure = (what: string, failure: Failed): void => input.onFailure(`${source.id} ${what}`, failure);
  const standings = createStandings({
    now,
    onFailure,
  });
  const feeds = feedsOf(source);
  const agenda = createAgenda({ streams, pasts, feeds, keeping, standings, limiter, now });
  const shared = { streams, asides, keeping, standings, context, now };
  const away = input.thread?.open(source, { log: input.log, limiter });
  return {
    ...shared,
    away,
    settings: source.settings as ShopSettings,
    limiter,
    agenda,
    pages: createPages({ ...shared, agenda, away }),
    feeds: createFeeds({ ...shared, feeds, agenda, onFailure }),
    rereading: createAgain(shared),
    repair: createRepair({
      source,
      log: input.log,
      keeping,
      consents: input.consents,
      onFailure: (failure) => input.onFailure(`${source.id} ${UPDATES}`, failure),
      now,
    }),
    consent: {
      ...shared,
      log: input.log,
      settings: source.settings as ShopSettings,
      write: source.source!.shop!.writeConsent,
    },
    subscription: createSubscription({ source, context, now, address: input.address }),
    visitors: createVisitors({
      log: input.log,
      owner: ownerOf(source.id),
      leaseOf: keeping.lease,
      lost: keeping.lost,
    }),
  };
}

/** Erases a person: states, waiting rows, and rows that were set aside. Nothing else may run meanwhile. */
export async function erase(reader: Reader, who: DeletionRequest, input: ShopInput): Promise<void> {
  const { keeping, asides, pages } = reader;
  const lease = await keeping.lease();
  if (lease === undefined) throw new Error('Another server reads this source.');
  pages.forget();
  const named = await eraseStates(who, { log: input.log, lease, settings: reader.settings });
  const { emails, customers } = named;
  await reader.visitors.forget(named);
  const isNamed = (text: string): boolean => {
    const lower = text.toLowerCase();
    return [...emails].some((email) => lower.includes(email));
  };
  for (const { key, stream, row = '', text = '' } of asides.list()) {
    const isAccount = reader.streams[stream]?.kinds.includes('customer') === true && customers.has(row);
    if (isAccount || isNamed(row) || isNamed(text)) asides.remove(key);
  }
  const timers = keeping.hints.drop((row) => isNamed(JSON.stringify(row)));
  await keeping.write(lease, { rows: [], timers, historical: false, path: 'shop' });
}

/** Runs what is due; returns for how many milliseconds there is nothing more to do, or a back-fill is delayed. */
export async function work(reader: Reader, input: ShopInput): Promise<number | Held> {
  const { keeping, agenda, pages, subscription } = reader;
  const lease = await keeping.lease();
  if (lease === undefined) {
    await keeping.look();
    return TAKE_AGAIN;
  }
  if (input.closed?.() === true) return LOOK_AGAIN;
  const first = agenda.first();
  if (first !== undefined)
    await keeping.write(lease, { rows: [], cursor: first, historical: false, path: 'shop' });
  const parked = parkedFor(reader, input);
  if (parked > 0) return parked;
  await subscription.see();
  await reader.repair.see(lease);
  const batch = keeping.hints.begin(input.now(), BATCH);
  if (batch.length > 0) await lookInto(reader, input, lease, batch);
  const reread = await reader.rereading.readNext(lease);
  const task = agenda.next();
  if (task === undefined) return batch.length > 0 || reread ? 0 : untilNext(reader, input.now());
  if (task.mode === 'feed') await reader.feeds.readOn(lease, task);
  else if (task.mode !== 'backfill') await pages.readOn(lease, task);
  else if (batch.length === 0) {
    const { waitMs, events } = await input.room();
    if (waitMs > 0) return { heldMs: waitMs };
    await pages.readOn(lease, task, events);
  }
  return 0;
}

/** Returns the milliseconds until the shop can be called. */
function parkedFor({ limiter, standings }: Reader, { now }: ShopInput): number {
  const wait = limiter.waitMs();
  return Math.max(0, standings.whole.until - now(), wait > PATIENCE ? wait : 0);
}

async function lookInto(
  reader: Reader,
  { now }: ShopInput,
  lease: Lease<string>,
  batch: readonly WaitingHint[],
): Promise<void> {
  const { keeping, standings, agenda } = reader;
  const { hints } = keeping;
  const updates = batch.filter(({ stream }) => stream === UPDATES);
  await applyConsent(updates, lease, reader.consent);
  const named = batch.filter(({ stream }) => stream !== UPDATES);
  if (named.length === 0) return;
  const context = reader.context();
  const read = await readHints(named, { ...reader, context, hints, now });
  const { rows, gone, timers, poll, failure } = read;
  await keeping.write(lease, { rows, gone, timers, historical: false, path: 'webhook' });
  for (const stream of poll) agenda.pollNow(stream);
  if (failure === undefined) standings.whole.worked();
  else standings.failed(standings.whole, 'webhook', failure);
}

function untilNext({ agenda, keeping, subscription, repair }: Reader, present: number): number {
  const due = Math.min(
    agenda.dueAt(),
    keeping.hints.nextDue() ?? Infinity,
    subscription.dueAt(),
    repair.dueAt(),
  );
  return Math.max(1, Math.min(FAR + present, due) - present);
}
