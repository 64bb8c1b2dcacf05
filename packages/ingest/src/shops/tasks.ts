import type { RowQuery, ShopFeed, ShopStream } from '@waybill/core';
import type { CallCounts } from './limiter.ts';
import { compareTimes, type Run } from './run.ts';

/** The stored state of a poll, a sweep or a back-fill. */
export interface TaskState {
  /** When to continue, or to start again, in epoch milliseconds. */
  readonly dueAt: number;
  /** Absent between two readings. */
  readonly run?: Run;
  /** The number of read rows. */
  readonly read: number;
  /** The number of rows according to the shop, for a back-fill. */
  readonly total?: number;
  /** The position of a feed. */
  readonly position?: string;
  readonly ended: boolean;
}

/** The cursor of a source. */
export interface ShopCursor {
  /** The time of change of the newest row of each stream, by the shop. */
  readonly newest: Readonly<Record<string, string>>;
  readonly tasks: Readonly<Record<string, TaskState>>;
  readonly calls: CallCounts;
}

/** A requested back-fill, from a time on. */
export interface Past {
  readonly id: string;
  readonly stream: string;
  /** ISO 8601; everything when absent. */
  readonly from?: string;
}

/** A recurring or single task. */
export interface Task {
  /** Identifies it within the source. */
  readonly name: string;
  readonly mode: 'poll' | 'feed' | 'sweep' | 'backfill';
  /** The stream, or the feed. */
  readonly stream: string;
  readonly past?: Past;
}

const SECOND = 1_000;
const DAY = 86_400 * SECOND;
/** The default overlap in seconds that is read again. */
const OVERLAP = 300;
/** The tolerance for the clock of a shop, in milliseconds. */
const CLOCKS = 15 * 60 * SECOND;
/** The limit above which a future time does not indicate a fast clock of the shop. */
const FUTURE = 3_600 * SECOND;

/** Returns the tasks of a source, by urgency: carts come last in a back-fill, because orders end them. */
export function tasksOf(
  streams: Readonly<Record<string, ShopStream>>,
  pasts: readonly Past[],
  feeds: Readonly<Record<string, ShopFeed>> = {},
): readonly Task[] {
  const named = Object.entries(streams).filter(([, { page }]) => page !== undefined);
  const polls = named.flatMap(([stream, { every }]) =>
    every === undefined ? [] : [{ name: `poll ${stream}`, mode: 'poll', stream } as const],
  );
  const read = Object.keys(feeds).map(
    (stream) => ({ name: `feed ${stream}`, mode: 'feed', stream }) as const,
  );
  const sweeps = named.flatMap(([stream, { sweep }]) =>
    sweep === undefined ? [] : [{ name: `sweep ${stream}`, mode: 'sweep', stream } as const],
  );
  const known = pasts.filter(({ stream }) => named.some(([name]) => name === stream));
  const hasCarts = ({ stream }: Past): boolean => streams[stream]!.kinds.includes('cart');
  const backfills = [...known.filter((one) => !hasCarts(one)), ...known.filter(hasCarts)].map(
    (past) =>
      ({
        name: `backfill ${past.id} ${past.stream}`,
        mode: 'backfill',
        stream: past.stream,
        past,
      }) as const,
  );
  return [...polls, ...read, ...sweeps, ...backfills];
}

/** Returns the initial state of a task. A sweep does not start at once: a poll has just read, or a back-fill will. */
export function beginning(task: Task, stream: ShopStream | undefined, now: number): TaskState {
  const wait = task.mode === 'sweep' ? (stream?.sweep?.every ?? 0) * SECOND : 0;
  return { dueAt: now + wait, read: 0, ended: false };
}

/** Starts a reading. */
export function runOf(task: Task, stream: ShopStream, newest: string, now: number): Run {
  if (task.mode === 'poll') {
    const overlap = (stream.overlap ?? OVERLAP) * SECOND;
    return { by: 'changed', since: timeAt(Date.parse(newest) - overlap), skip: 0 };
  }
  // Polls, if any, read rows that are newer because of a fast clock.
  const until = timeAt(task.mode === 'sweep' || stream.every === undefined ? now + CLOCKS : now);
  if (task.mode === 'sweep')
    return { by: 'created', since: timeAt(now - stream.sweep!.days * DAY), until, skip: 0 };
  const since = task.past?.from;
  return { by: 'created', until, skip: 0, ...(since === undefined ? {} : { since }) };
}

/** Returns the query for the number of rows of a back-fill. */
export function countQuery({ by, since, until }: Run): Pick<RowQuery, 'by' | 'since' | 'until'> {
  return {
    by,
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  };
}

/** Returns the state of a task after a complete reading. */
export function endOf(task: Task, stream: ShopStream, state: TaskState, now: number): TaskState {
  const { run: _run, ...rest } = state;
  if (task.mode === 'backfill') return { ...rest, ended: true };
  const every = task.mode === 'poll' ? stream.every! : stream.sweep!.every;
  return { ...rest, dueAt: now + every * SECOND };
}

/** Returns the later of two times; ignores implausible ones. */
export function later(newest: string, at: string, now: number): string {
  if (!(Date.parse(at) <= now + FUTURE)) return newest;
  return compareTimes(at, newest) > 0 ? at : newest;
}

/** Returns the start of a new source: very recent rows, by any clock, are new. */
export function firstNewest(now: number): string {
  return timeAt(now - CLOCKS);
}

function timeAt(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
