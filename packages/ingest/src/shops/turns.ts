import type { Standing } from './standing.ts';
import type { Task, TaskState } from './tasks.ts';

/** Schedules the tasks of a shop. */
export interface Turns {
  /** Returns the next task; undefined when none is due. */
  next(tasks: readonly Task[], present: number): Task | undefined;
  /** Returns when the first task is due, in epoch milliseconds; Infinity when none is. */
  dueAt(tasks: readonly Task[]): number;
  /** Makes tasks of these kinds due as soon as possible. */
  hurry(tasks: readonly Task[], modes: readonly Task['mode'][]): void;
  /** Records a restart of a task: it is no longer urgent. */
  begun(task: Task): void;
}

/** Polls take precedence over sweeps, and those over back-fills; among polls the one that has waited longest. */
export function createTurns({
  stateOf,
  standingOf,
}: {
  readonly stateOf: (task: Task) => TaskState;
  readonly standingOf: (name: string) => Standing;
}): Turns {
  const last = new Map<string, number>();
  const hurried = new Set<string>();
  let turn = 0;
  const dueAt = (task: Task): number => {
    const { until } = standingOf(task.name);
    return hurried.has(task.name) ? until : Math.max(stateOf(task).dueAt, until);
  };
  return {
    next(tasks, present) {
      const due = tasks.filter((task) => !stateOf(task).ended && dueAt(task) <= present);
      const [first] = due;
      if (first === undefined || first.mode === 'backfill') return first;
      const turnOf = ({ name }: Task): number => last.get(name) ?? 0;
      const next = due
        .filter(({ mode }) => mode === first.mode)
        .reduce((one, other) => (turnOf(other) < turnOf(one) ? other : one));
      last.set(next.name, (turn += 1));
      return next;
    },
    dueAt: (tasks) => Math.min(...tasks.flatMap((task) => (stateOf(task).ended ? [] : [dueAt(task)]))),
    hurry(tasks, modes) {
      for (const { name, mode } of tasks) if (modes.includes(mode)) hurried.add(name);
    },
    begun: ({ name }) => void hurried.delete(name),
  };
}
