import { randomUUID } from 'node:crypto';
import type { ResolvedDestination } from '@waybill/core';
import {
  createTally,
  type Forecast,
  type Log,
  type PeriodFilter,
  replayChunk,
  type State,
} from '@waybill/delivery';
import type { InTurn } from '../peers/turn.ts';

/** A replay of a period: what was asked for, and how far it is. */
export interface Replay {
  readonly id: string;
  readonly filter: PeriodFilter;
  readonly dryRun: boolean;
  readonly status: 'running' | 'done' | 'cancelled' | 'failed';
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly endedAt?: number;
  /** Share of the period that was inspected, from 0 to 1. */
  readonly progress: number;
  readonly events: number;
  readonly items: number;
  /** What the pipeline says of the items; what the destination says comes later. */
  readonly outcomes: readonly Forecast[];
  readonly error?: string;
  /** Position up to which the log was inspected. */
  readonly after: number;
}

/** Where replays are kept in the state: the newest ones, whatever became of them. */
const REPLAYS_KEY = 'replays';
const KEPT = 50;
/** Waiting items of a lane from which on a replay pauses: more would hold up new events. */
const ENOUGH = 2_000;
const PAUSE = 100;
/** How often it is looked for replays of other processes, in milliseconds. */
const LOOK_AGAIN = 5_000;

/** The replays that a state holds, newest first; an entry that is none is left out. */
export async function listReplays(state: Pick<State, 'get'>): Promise<readonly Replay[]> {
  const list = JSON.parse((await state.get(REPLAYS_KEY)) ?? '[]') as readonly (Partial<Replay> | null)[];
  return list
    .filter((one): one is Replay => typeof one?.id === 'string' && typeof one.filter === 'object')
    .map((one) => ({ ...one, filter: inTodaysWords(one.filter) }));
}

/** A filter that was kept before its members had the names they have. */
function inTodaysWords(
  kept: PeriodFilter & { readonly lane?: string; readonly orderKey?: string },
): PeriodFilter {
  const { lane, orderKey, ...filter } = kept;
  return {
    ...filter,
    ...(lane === undefined ? {} : { destination: lane }),
    ...(orderKey === undefined ? {} : { user: orderKey }),
  };
}

/** Runs replays one after the other, a little at a time. */
export interface Replays {
  start(filter: PeriodFilter, dryRun: boolean): Promise<Replay>;
  cancel(id: string): Promise<Replay | undefined>;
  stop(): void;
}

/** The replays of a state; those that a restart cut short go on where they were. */
export function createReplays(input: {
  readonly log: Log;
  /** Partitions of the log. */
  readonly partitions: number;
  readonly state: State;
  readonly destination: (id: string) => ResolvedDestination | undefined;
  readonly now: () => number;
  readonly wake: () => void;
  /** Keeps other processes from the list meanwhile. */
  readonly inTurn: InTurn;
  /** Whether there can be other processes. */
  readonly several: boolean;
}): Replays {
  const { log, state, now } = input;
  let timer: NodeJS.Timeout | undefined;
  let later: NodeJS.Timeout | undefined;
  let stopped = false;

  /** The list is read and written as a whole, so whoever changes it waits for the one before. */
  let last: Promise<unknown> = Promise.resolve();
  const one = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(() => input.inTurn(work));
    last = mine.catch(() => undefined);
    return mine;
  };
  const save = async (replay: Replay): Promise<void> => {
    const others = (await listReplays(state)).filter((one) => one.id !== replay.id);
    const list = [...others, replay].sort((a, b) => b.startedAt - a.startedAt).slice(0, KEPT);
    await state.set(REPLAYS_KEY, JSON.stringify(list));
  };
  const schedule = (wait: number): void => {
    if (stopped) return;
    // What is to be done at once does not wait for a look that comes later.
    if (wait < LOOK_AGAIN) clearTimeout(later);
    const begin = (): void => void one(tick).catch(() => schedule(PAUSE));
    if (wait === LOOK_AGAIN) later = setTimeout(begin, wait);
    else timer ??= setTimeout(begin, wait);
  };
  const waitingFor = async (destination: string): Promise<number> => {
    const lanes = Array.from({ length: input.partitions }, (_, partition) =>
      state.lane({ destination, partition }),
    );
    return (await Promise.all(lanes)).reduce((sum, { waiting }) => sum + waiting, 0);
  };
  const tick = async (): Promise<void> => {
    timer = undefined;
    const running = (await listReplays(state)).findLast((each) => each.status === 'running');
    // One that another process has begun continues here when that process ends.
    if (running === undefined) return input.several ? schedule(LOOK_AGAIN) : undefined;
    if (!running.dryRun && (await waitingFor(running.filter.destination)) > ENOUGH) return schedule(PAUSE);
    try {
      await save(await step(running));
      if (!running.dryRun) input.wake();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      await save({ ...running, status: 'failed', endedAt: now(), error: message });
    }
    schedule(1);
  };
  const step = async (replay: Replay): Promise<Replay> => {
    const destination = input.destination(replay.filter.destination);
    if (destination === undefined) throw new Error('The destination was removed.');
    const tally = createTally();
    const base = { log, state, destination, now: now(), tally, dryRun: replay.dryRun };
    const chunk = await replayChunk(base, replay.filter, replay.after);
    const last = await log.lastSeq();
    const next: Replay = {
      ...replay,
      after: chunk.after,
      events: replay.events + chunk.events,
      items: replay.items + chunk.items,
      outcomes: together(replay.outcomes, tally.list()),
      progress: chunk.done || last === 0 ? 1 : chunk.after / last,
    };
    return chunk.done ? { ...next, status: 'done', endedAt: now() } : next;
  };

  schedule(0);
  return {
    async start(filter, dryRun) {
      const replay: Replay = {
        id: randomUUID(),
        filter,
        dryRun,
        status: 'running',
        startedAt: now(),
        progress: 0,
        events: 0,
        items: 0,
        outcomes: [],
        after: 0,
      };
      await one(() => save(replay));
      schedule(0);
      return replay;
    },
    cancel: (id) =>
      one(async () => {
        const found = (await listReplays(state)).find((each) => each.id === id);
        if (found?.status !== 'running') return found;
        const cancelled: Replay = { ...found, status: 'cancelled', endedAt: now() };
        await save(cancelled);
        return cancelled;
      }),
    stop() {
      stopped = true;
      clearTimeout(later);
      clearTimeout(timer);
    },
  };
}

function together(a: readonly Forecast[], b: readonly Forecast[]): readonly Forecast[] {
  const name = (one: Forecast): string => `${one.mappingId} ${one.outcome} ${one.code ?? ''}`;
  const sums = new Map(a.map((one) => [name(one), one]));
  for (const one of b) {
    const known = sums.get(name(one));
    sums.set(name(one), known === undefined ? one : { ...one, count: known.count + one.count });
  }
  return [...sums.values()];
}
