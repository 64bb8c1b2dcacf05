import { delivered, type Item, orderKey, type Outcome, rejected, retry } from '@waybill/core';
import {
  createEngine,
  createInstallation,
  type Engine,
  type MemoryStores,
  type Settlement,
} from '../src/index.ts';
import { destination, event, key, type Thing } from './support.ts';

/** The result of a schedule. */
export interface Ran {
  /** Violations; empty when all is well. */
  readonly problems: readonly string[];
  readonly events: number;
  readonly calls: number;
  /** The number of changes of the holder of the lane. */
  readonly takeovers: number;
  /** The number of settlements that were refused because another engine had taken over. */
  readonly stale: number;
  readonly crashes: number;
  readonly pauses: number;
}

const LEASE = 10_000;
const STEPS = 40;
const USERS = 5;

/** An engine that works on a lane until it is suspended, or ends. */
interface Holder {
  readonly engine: Engine;
  readonly stores: MemoryStores;
  /** Suspends its operations until it is called again. */
  toggle(): boolean;
}

/** Waits for some turns of the event loop. */
async function turns(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Records settlements; at the end it returns violations: a duplicate outcome, or one out of the user's order. */
function createRecorder() {
  const ended: number[] = [];
  const users = new Map<number, string>();
  return {
    ended,
    users,
    settled({ outcomes = [] }: Settlement): void {
      const seqs = outcomes.flatMap(({ seq, through = seq }) =>
        Array.from({ length: through - seq + 1 }, (_, n) => seq + n),
      );
      ended.push(...seqs.sort((a, b) => a - b));
    },
    problems(): string[] {
      const found: string[] = [];
      const seen = new Set<number>();
      const last = new Map<string, number>();
      for (const seq of ended) {
        const user = users.get(seq) ?? '';
        const before = last.get(user) ?? 0;
        if (seen.has(seq)) found.push(`the outcome of ${seq} was settled twice`);
        else if (before > seq) found.push(`${seq} of ${user} ended after ${before}`);
        seen.add(seq);
        last.set(user, Math.max(seq, before));
      }
      const lost = [...users.keys()].filter((seq) => !seen.has(seq));
      if (lost.length > 0) found.push(`without an outcome: ${lost.join(', ')}`);
      return found;
    },
  };
}

/** Runs one schedule: appends, two engines for every lane, some suspended, some ended. */
export async function runSchedule(seed: number, random: () => number): Promise<Ran> {
  const below = (limit: number): number => Math.floor(random() * limit);
  let now = Date.UTC(2025, 5, 1);
  let [calls, stale, crashes, pauses, holders] = [0, 0, 0, 0, 0];
  const epochs = new Set<string>();
  const partitions = 1 + (seed % 2);
  const recorder = createRecorder();
  const installation = createInstallation({
    partitions,
    now: () => now,
    pause: () => turns(below(3)),
    onSettled(settlement) {
      if (settlement.epoch !== undefined) epochs.add(`${settlement.partition} ${settlement.epoch}`);
      recorder.settled(settlement);
    },
  });
  const accepted = new Map<string, string[]>();
  const answer = async (items: readonly Item<Thing>[]): Promise<Outcome[]> => {
    calls += 1;
    await turns(below(3));
    // Items after a failed one fail too, as with a destination that keeps the order within a call.
    const failed = new Set<string | undefined>();
    return items.map(({ payload }) => {
      const fate = failed.has(payload.user) ? 0 : random();
      if (fate < 0.15) failed.add(payload.user);
      if (fate < 0.15) return retry(fate < 0.05 ? 'destination_timeout' : 'destination_result_unknown');
      const own = accepted.get(payload.user ?? '') ?? [];
      if (!own.includes(payload.id)) own.push(payload.id);
      accepted.set(payload.user ?? '', own);
      return fate < 0.2 ? rejected('destination_rejected', 'No.') : delivered();
    });
  };
  const target = destination(answer, { maxItems: 1 + below(4) });
  const logger = {
    info: () => undefined,
    error: () => undefined,
    warn: (fields: object, message: string) => void (message.startsWith('Another engine') && (stale += 1)),
  };

  const begin = async (): Promise<Holder> => {
    let held: PromiseWithResolvers<void> | undefined;
    const stores = installation.open({ writes: ['state'] }, async () => {
      await turns(below(3));
      await held?.promise;
    });
    const { log, state } = stores;
    const engine = createEngine({
      ...{ log, state, random, logger, partitions, leaseMs: LEASE, now: () => now },
      holder: `engine ${(holders += 1)}`,
      limits: { events: 1 + below(8), patience: 50 },
    });
    await engine.configure([target]);
    engine.start();
    return {
      engine,
      stores,
      toggle() {
        if (held === undefined) held = Promise.withResolvers<void>();
        else held = void held.resolve();
        return held !== undefined;
      },
    };
  };
  const engines = [await begin(), await begin()];
  const paused = new Set<Holder>();
  const resume = (holder: Holder): void => {
    if (paused.delete(holder)) holder.toggle();
  };
  const crash = async (at: number): Promise<void> => {
    crashes += 1;
    const gone = engines[at]!;
    gone.stores.crash();
    resume(gone);
    await gone.engine.stop();
    engines[at] = await begin();
  };

  const { log, state, close } = installation.open({ writes: ['log'] });
  const expected = new Map<string, string[]>();
  let events = 0;
  const append = async (): Promise<void> => {
    const made = Array.from({ length: 1 + below(4) }, () => ({
      ...event(`m${(events += 1)}`, `u${below(USERS)}`),
      // Historical events wait for others, and keep the order of their user.
      context: seed % 3 > 0 && random() < 0.6 ? { historical: true } : {},
    }));
    const appending = log.append(made.map((one) => ({ sourceId: 's', event: one })));
    for (const one of made) expected.set(one.userId!, [...(expected.get(one.userId!) ?? []), one.messageId]);
    await appending;
    for (const { messageId } of made) {
      const [row] = await log.read({ messageId });
      recorder.users.set(row!.seq, orderKey(row!.event));
    }
  };
  const wake = (): void => engines.forEach(({ engine }) => engine.wake());
  for (let step = 0; step < STEPS; step += 1) {
    const fate = random();
    if (fate < 0.5) await append();
    else if (fate < 0.6) now += below(2 * LEASE);
    else if (fate < 0.75) {
      const one = engines[below(2)]!;
      pauses += 1;
      if (one.toggle()) paused.add(one);
      else paused.delete(one);
    } else if (fate < 0.82) await crash(below(2));
    else now += below(3_000);
    wake();
    await turns(below(12));
  }
  for (const one of [...paused]) resume(one);
  for (let tries = 0; tries < 2_000 && recorder.ended.length < events; tries += 1) {
    now += 1_000;
    wake();
    await turns(5);
    await new Promise((resolve) => setTimeout(resolve, tries < 500 ? 0 : 2));
  }
  await Promise.all(engines.map(({ engine }) => engine.stop()));

  const problems = recorder.problems();
  const seqs = [...recorder.users.keys()].sort((a, b) => a - b);
  const recorded = await state.outcomes(seqs);
  if (recorded.length !== events) problems.push(`${events} events have ${recorded.length} outcomes`);
  for (const [user, ids] of expected)
    if (ids.join() !== accepted.get(user)?.join())
      problems.push(`${user} got ${accepted.get(user)?.join()} for ${ids.join()}`);
  for (let partition = 0; partition < partitions; partition += 1) {
    const { waiting } = await state.lane(key('fake', partition));
    if (waiting > 0) problems.push(`${waiting} items wait`);
  }
  await close();
  return { problems, events, calls, takeovers: epochs.size - partitions, stale, crashes, pauses };
}
