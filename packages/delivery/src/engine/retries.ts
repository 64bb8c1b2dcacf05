import { recalling } from '@waybill/core';
import { eventsOf } from '../corrections.ts';
import type { RetryRow } from '../stores/rows.ts';
import type { LaneKey, State } from '../stores/state.ts';
import type { Work } from '../work.ts';
import type { Loop } from './loop.ts';
import { isRetry } from './policy.ts';
import { enterRows, prepareRows } from './prepare.ts';
import type { SendResult } from './send.ts';
import { createShares, type Shares } from './shares.ts';
import { beginSettlement, enter, type LaneContext, maySend, sendWorks, settleDetached } from './step.ts';

/** The step for the waiting rows of a lane. */
export interface Retries {
  /** False when no row is due. */
  step(loop: Loop): Promise<boolean>;
  /** Retries the rows of a user, or all, early, once: a change may have fixed the failure. */
  hurry(user?: string): void;
  /** When the next row becomes due, if known. */
  nextDue(): number | undefined;
}

/** Creates the retries of a lane. */
export function createRetries(context: LaneContext): Retries {
  const { key, shared, memory, breaker, detached, lease } = context;
  const { state, now, limits } = shared;
  const shares = createShares(limits.events);
  /** Users whose rows are retried early. */
  let hurried = new Set<string>();
  let hurries = false;
  let nextDue: number | undefined;
  const hurry = async (): Promise<void> => {
    if (!hurries) return;
    hurries = false;
    hurried = new Set(await state.parked(key));
  };

  return {
    hurry(user) {
      if (user === undefined) hurries = true;
      else hurried.add(user);
    },
    nextDue: () => nextDue,
    async step(loop) {
      if (!maySend(context)) return false;
      const started = performance.now();
      const epoch = await lease.hold();
      if (epoch === undefined) return false;
      const place = await state.lane(key);
      nextDue = place.nextDue;
      if (place.waiting === 0) return false;
      await hurry();
      const { heads, behind } = await dueRows(state, key, {
        // A probe is due when the circuit breaker says so: the rows' own times grow long in an outage.
        now: breaker.current() === undefined ? now() : Number.MAX_SAFE_INTEGER,
        limit: breaker.room(limits),
        hurried,
        detached: detached.users,
        shares,
      });
      if (heads.length === 0) return false;
      const setup = context.setup();
      const { compiled } = setup;
      const base = { compiled, epoch, loop };
      const settlement = beginSettlement(context, base);
      const eventOf = await eventsOf([...heads, ...behind], shared);
      const { pipeline } = compiled;
      const prepare = async (rows: readonly RetryRow[]): Promise<readonly Work[]> => {
        const prepared = await recalling(
          (recall) => prepareRows(rows, eventOf, { pipeline, recall }),
          memory.recall,
        );
        return enterRows(prepared, { depth: limits.depth, suppressed: shared.suppressed }, settlement);
      };
      // Only the first row of each user is sent: later ones may follow only when it has ended.
      const first = await sendWorks(await prepare(heads), setup, context, epoch);
      enter(first, settlement, context);
      const kept = keptBack(first);
      const open = breaker.blocks(now()) ? [] : behind.filter((row) => !kept.has(row.user));
      const works = await prepare(open);
      shares.learn(open, works);
      const second = await sendWorks(works, setup, context, epoch);
      enter(second, settlement, context);
      if (breaker.current() !== undefined) hurried.clear();
      const calls = [...first.calls, ...second.calls];
      const { outcomes, arrivals } = settlement;
      const step = { events: 0, calls, started, outcomes, arrivals, settlement: settlement.settlement() };
      const written = context.queue.write(step, loop);
      settleDetached([...first.detached, ...second.detached], written, base, context);
      await written;
      context.wake();
      return true;
    },
  };
}

/** Users whose later rows may not follow. */
function keptBack({ sent, unsent, detached }: SendResult): ReadonlySet<string> {
  const failed = sent.filter(({ outcome }) => isRetry(outcome)).map(({ work }) => work);
  const away = detached.flatMap((call) => call.works);
  return new Set([...unsent, ...failed, ...away].map((work) => work.user));
}

/** The rows that a step may take. */
interface DueInput {
  readonly now: number;
  readonly limit: number;
  /** Users whose rows are taken early; taken ones are removed from the set. */
  readonly hurried: Set<string>;
  /** Users with a call in progress. */
  readonly detached: ReadonlySet<string>;
  /** The number of rows of a user that are worth reading. */
  readonly shares: Pick<Shares, 'of'>;
}

/** Returns due rows: the first row of each user, and rows after it. */
async function dueRows(
  state: State,
  lane: LaneKey,
  { now, limit, hurried, detached, shares }: DueInput,
): Promise<{ readonly heads: readonly RetryRow[]; readonly behind: readonly RetryRow[] }> {
  // A call that is answered during this read removes its rows: they are outdated here.
  const away = new Set(detached);
  const due = await state.retries({ lane, dueBy: now, limit: limit + detached.size });
  const heads = due.filter((row) => !away.has(row.user) && !detached.has(row.user)).slice(0, limit);
  for (const { user } of heads) hurried.delete(user);
  for (const user of hurried) {
    if (heads.length >= limit) break;
    hurried.delete(user);
    if (!away.has(user) && !detached.has(user))
      heads.push(...(await state.retries({ lane, user, limit: 1 })));
  }
  const behind: RetryRow[] = [];
  for (const head of heads) {
    const room = limit - heads.length - behind.length;
    // Every user with a due row gets a fair share of the step.
    const fair = Math.max(8, Math.ceil(limit / heads.length));
    const share = Math.min(room, fair, shares.of(head.user));
    if (share <= 0) break;
    const rows = await state.retries({ lane, user: head.user, limit: share + 1 });
    // Another first row: another engine works on the lane, and the rows after this one are unknown.
    if (rows[0]?.seq === head.seq && rows[0].mappingId === head.mappingId) behind.push(...rows.slice(1));
  }
  return { heads, behind };
}
