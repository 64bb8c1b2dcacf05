import type { RetryRow, StateStore } from '../store/port.ts';
import type { Loop } from './loop.ts';
import { isRetry } from './policy.ts';
import { prepareRows } from './prepare.ts';
import type { SendResult } from './send.ts';
import { createShares, type Shares } from './shares.ts';
import { beginSettlement, enter, type LaneContext, maySend, sendWorks, settleDetached } from './step.ts';

/** The step that works on the waiting rows of a lane. */
export interface Retries {
  /** False when no row is due. */
  step(loop: Loop): Promise<boolean>;
  /** Tries the rows of all users before their time, once: a changed configuration may have mended what failed. */
  hurry(): void;
}

/** The retries of one lane. */
export function createRetries(context: LaneContext): Retries {
  const { destination, shared, memory, breaker, detached } = context;
  const { log, state, now, limits } = shared;
  const shares = createShares(limits.events);
  let hurried = new Set<string>();

  return {
    hurry() {
      hurried = new Set(state.parkedKeys(destination));
    },
    async step(loop) {
      if (!maySend(context)) return false;
      const started = performance.now();
      const { heads, behind } = dueRows(state, destination, {
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
      const settlement = beginSettlement(context, compiled);
      const seqs = [...heads, ...behind].map((row) => row.seq);
      const events = new Map(log.readMany(seqs).map((one) => [one.seq, one]));
      const input = { pipeline: compiled.pipeline, depth: limits.depth, recall: memory.recall };
      // The first row of each user goes alone: what is behind it may follow only when it has ended.
      const first = await sendWorks(prepareRows(heads, events, input, settlement), setup, context);
      enter(first, settlement, context);
      const kept = keptBack(first);
      const open = breaker.blocks(now()) ? [] : behind.filter((row) => !kept.has(row.user));
      const works = prepareRows(open, events, input, settlement);
      shares.learn(open, works);
      const second = await sendWorks(works, setup, context);
      enter(second, settlement, context);
      if (breaker.current() !== undefined) hurried.clear();
      const calls = [...first.calls, ...second.calls];
      const { outcomes } = settlement;
      const step = { events: 0, calls, started, outcomes, settlement: settlement.settlement() };
      const written = context.queue.write(step, loop);
      settleDetached([...first.detached, ...second.detached], written, { compiled, loop }, context);
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

/** Which rows a step may take. */
interface DueInput {
  readonly now: number;
  readonly limit: number;
  /** Users whose rows are taken before their time; those that are taken are removed from the set. */
  readonly hurried: Set<string>;
  /** Users with a call under way. */
  readonly detached: ReadonlySet<string>;
  /** How many rows of a user are worth reading. */
  readonly shares: Pick<Shares, 'of'>;
}

/** Rows of users whose turn it is: the first row of each, and rows behind it. */
function dueRows(
  state: StateStore,
  destination: string,
  { now, limit, hurried, detached, shares }: DueInput,
): { readonly heads: readonly RetryRow[]; readonly behind: readonly RetryRow[] } {
  const heads = state
    .dueRetries(destination, now, limit + detached.size)
    .filter((row) => !detached.has(row.user))
    .slice(0, limit);
  for (const { user } of heads) hurried.delete(user);
  for (const user of hurried) {
    if (heads.length >= limit) break;
    hurried.delete(user);
    if (!detached.has(user)) heads.push(...state.retriesOf(destination, user, 1));
  }
  const behind: RetryRow[] = [];
  for (const head of heads) {
    const room = limit - heads.length - behind.length;
    // Every user with a due row gets a fair share of what follows.
    const fair = Math.max(8, Math.ceil(limit / heads.length));
    const share = Math.min(room, fair, shares.of(head.user));
    if (share <= 0) break;
    behind.push(...state.retriesOf(destination, head.user, share + 1).slice(1));
  }
  return { heads, behind };
}
