import type { RowQuery, ShopFeed, ShopStream } from '@waybill/core';
import type { CallCounts } from './limiter.ts';
import { compareTimes, type Run } from './run.ts';

/** How a poll, a sweep or a back-fill stands, as it is kept. */
export interface TaskState {
  /** Epoch milliseconds: when to go on, or to begin again. */
  readonly dueAt: number;
  /** Absent between two readings. */
  readonly run?: Run;
  /** Rows that were read. */
  readonly read: number;
  /** How many the shop counts: those of a back-fill. */
  readonly total?: number;
  /** Where a feed goes on. */
  readonly position?: string;
  readonly ended: boolean;
}

/** What a source keeps beside states and hints. */
export interface ShopCursor {
  /** When the newest row of each stream has changed, as the shop says. */
  readonly newest: Readonly<Record<string, string>>;
  readonly tasks: Readonly<Record<string, TaskState>>;
  readonly calls: CallCounts;
}

/** A reading that was asked for, of everything from a time on. */
export interface Past {
  readonly id: string;
  readonly stream: string;
  /** ISO 8601; everything when absent. */
  readonly from?: string;
}

/** What is to be read again and again, or once. */
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
/** Seconds before the newest row that are read again, unless a stream says otherwise. */
const OVERLAP = 300;
/** How far the clock of a shop may be off, in milliseconds. */
const CLOCKS = 15 * 60 * SECOND;
/** A row of a later time than this says nothing of the clock of the shop. */
const FUTURE = 3_600 * SECOND;

/** What is to be read of a source, in the order of its haste: carts come last in a back-fill, as orders end them. */
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

/** The state of a task that has not begun. A sweep does not begin at once: a poll has just read, or a back-fill will. */
export function beginning(task: Task, stream: ShopStream | undefined, now: number): TaskState {
  const wait = task.mode === 'sweep' ? (stream?.sweep?.every ?? 0) * SECOND : 0;
  return { dueAt: now + wait, read: 0, ended: false };
}

/** Begins a reading. */
export function runOf(task: Task, stream: ShopStream, newest: string, now: number): Run {
  if (task.mode === 'poll') {
    const overlap = (stream.overlap ?? OVERLAP) * SECOND;
    return { by: 'changed', since: timeAt(Date.parse(newest) - overlap), skip: 0 };
  }
  // What is newer by a clock that is ahead is the matter of polls, where there are some.
  const until = timeAt(task.mode === 'sweep' || stream.every === undefined ? now + CLOCKS : now);
  if (task.mode === 'sweep')
    return { by: 'created', since: timeAt(now - stream.sweep!.days * DAY), until, skip: 0 };
  const since = task.past?.from;
  return { by: 'created', until, skip: 0, ...(since === undefined ? {} : { since }) };
}

/** What a back-fill counts. */
export function countQuery({ by, since, until }: Run): Pick<RowQuery, 'by' | 'since' | 'until'> {
  return {
    by,
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  };
}

/** How a task stands after a reading has come to the end. */
export function endOf(task: Task, stream: ShopStream, state: TaskState, now: number): TaskState {
  const { run: _run, ...rest } = state;
  if (task.mode === 'backfill') return { ...rest, ended: true };
  const every = task.mode === 'poll' ? stream.every! : stream.sweep!.every;
  return { ...rest, dueAt: now + every * SECOND };
}

/** The later of two times; one that no clock can have meant is left out. */
export function later(newest: string, at: string, now: number): string {
  if (!(Date.parse(at) <= now + FUTURE)) return newest;
  return compareTimes(at, newest) > 0 ? at : newest;
}

/** What a source is to begin with that was never read: what has happened just now, by whatever clock, is new. */
export function firstNewest(now: number): string {
  return timeAt(now - CLOCKS);
}

function timeAt(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
