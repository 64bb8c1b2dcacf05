import type { ShopFeed, ShopStream } from '@waybill/core';
import type { Keeping } from './keeping.ts';
import type { Limiter } from './limiter.ts';
import type { Standings } from './standing.ts';
import {
  beginning,
  firstNewest,
  type Past,
  type ShopCursor,
  type Task,
  tasksOf,
  type TaskState,
} from './tasks.ts';
import { createTurns } from './turns.ts';

/** The tasks of reading a shop, with their progress. */
export interface Agenda {
  readonly tasks: readonly Task[];
  /** Adds back-fills. */
  want(pasts: readonly Past[]): void;
  stateOf(task: Task): TaskState;
  /** Returns the next task; undefined when none is due. */
  next(): Task | undefined;
  /** Returns when the first task is due, in epoch milliseconds; Infinity when none is. */
  dueAt(): number;
  /** Makes tasks of these kinds due as soon as possible. */
  hurry(modes: readonly Task['mode'][]): void;
  /** Records a restart of a task: it is no longer urgent. */
  begun(task: Task): void;
  /** Polls a stream as soon as possible. */
  pollNow(stream: string): void;
  /** Returns the initial cursor of unread tasks; undefined when there are none. */
  first(): ShopCursor | undefined;
  /** Returns the cursor with a new state of a task; obsolete tasks are dropped. */
  cursorWith(task: Task, state: TaskState, newest: ShopCursor['newest']): ShopCursor;
}

/** Creates the agenda of a shop. */
export function createAgenda(input: {
  readonly streams: Readonly<Record<string, ShopStream>>;
  readonly pasts: readonly Past[];
  readonly feeds: Readonly<Record<string, ShopFeed>>;
  readonly keeping: Keeping;
  readonly standings: Standings;
  readonly limiter: Limiter;
  readonly now: () => number;
}): Agenda {
  const { streams, feeds, keeping, standings, limiter, now } = input;
  let tasks = tasksOf(streams, input.pasts, feeds);
  const stateOf = (task: Task): TaskState =>
    keeping.cursor.tasks[task.name] ?? beginning(task, streams[task.stream], now());
  const turns = createTurns({ stateOf, standingOf: (name) => standings.of(name) });
  return {
    get tasks() {
      return tasks;
    },
    want(pasts) {
      tasks = tasksOf(streams, pasts, feeds);
    },
    stateOf,
    next: () => turns.next(tasks, now()),
    dueAt: () => turns.dueAt(tasks),
    hurry: (modes) => turns.hurry(tasks, modes),
    begun: (task) => turns.begun(task),
    pollNow(stream) {
      const task = tasks.find((one) => one.name === `poll ${stream}`);
      if (task === undefined) return;
      const { cursor } = keeping;
      const state = { ...stateOf(task), dueAt: now() };
      keeping.goOn({ ...cursor, tasks: { ...cursor.tasks, [task.name]: state } });
    },
    first() {
      const { cursor } = keeping;
      const missing = Object.keys(streams).filter((name) => cursor.newest[name] === undefined);
      const isNew = tasks.some(({ name }) => cursor.tasks[name] === undefined);
      if (missing.length === 0 && !isNew) return undefined;
      const first = Object.fromEntries(missing.map((name) => [name, firstNewest(now())]));
      const begins = Object.fromEntries(tasks.map((task) => [task.name, stateOf(task)]));
      return { ...cursor, newest: { ...first, ...cursor.newest }, tasks: begins };
    },
    cursorWith({ name }, state, newest) {
      const known = new Set(tasks.map((one) => one.name));
      const kept = Object.entries(keeping.cursor.tasks).filter(([one]) => known.has(one));
      return { newest, tasks: { ...Object.fromEntries(kept), [name]: state }, calls: limiter.counts() };
    },
  };
}
