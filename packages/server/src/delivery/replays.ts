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

/** A replay of a period: its request and its progress. */
export interface Replay {
  readonly id: string;
  readonly filter: PeriodFilter;
  readonly dryRun: boolean;
  readonly status: 'running' | 'done' | 'cancelled' | 'failed';
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly endedAt?: number;
  /** The share of the period that was inspected, from 0 to 1. */
  readonly progress: number;
  readonly events: number;
  readonly items: number;
  /** The results of the pipeline; those of the destination come later. */
  readonly outcomes: readonly Forecast[];
  readonly error?: string;
  /** The position up to which the log was inspected. */
  readonly after: number;
}

/** The key of replays in the state: the newest ones, regardless of their result. */
const REPLAYS_KEY = 'replays';
const KEPT = 50;
/** The number of waiting items of a lane at which a replay pauses: more would delay new events. */
const ENOUGH = 2_000;
const PAUSE = 100;
/** The interval of checks for replays of other processes, in milliseconds. */
const LOOK_AGAIN = 5_000;

/** Returns the replays in a state, newest first; invalid entries are skipped. */
export async function listReplays(state: Pick<State, 'get'>): Promise<readonly Replay[]> {
  const list = JSON.parse((await state.get(REPLAYS_KEY)) ?? '[]') as readonly (Partial<Replay> | null)[];
  return list
    .filter((one): one is Replay => typeof one?.id === 'string' && typeof one.filter === 'object')
    .map((one) => ({ ...one, filter: inTodaysWords(one.filter) }));
}

/** Converts a stored filter of an earlier version to the current names. */
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

/** Runs replays one after the other, in small steps. */
export interface Replays {
  start(filter: PeriodFilter, dryRun: boolean): Promise<Replay>;
  cancel(id: string): Promise<Replay | undefined>;
  stop(): void;
}

/** Creates the replays of a state; interrupted ones continue after a restart. */
export function createReplays(input: {
  readonly log: Log;
  /** Partitions of the log. */
  readonly partitions: number;
  readonly state: State;
  readonly destination: (id: string) => ResolvedDestination | undefined;
  readonly now: () => number;
  readonly wake: () => void;
  /** Locks the list against other processes. */
  readonly inTurn: InTurn;
  /** Whether there can be other processes. */
  readonly several: boolean;
}): Replays {
  const { log, state, now } = input;
  let timer: NodeJS.Timeout | undefined;
  let later: NodeJS.Timeout | undefined;
  let stopped = false;

  /** The list is read and written as a whole, so changes are serialised. */
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
    // Immediate work does not wait for the next periodic check.
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
    // A replay of another process continues here when that process ends.
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
