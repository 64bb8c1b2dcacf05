import { type Change, CHANGES, type Counts, type LastResult } from './job.ts';

/** A compared run: its changes are in a file of its folder. */
export interface Run {
  readonly run: number;
  /** The name of its folder. */
  readonly folder: string;
  readonly at: number;
  readonly counts: Counts;
  readonly rows: number;
  readonly before: number;
  readonly samples: readonly Change[];
  readonly result: LastResult;
}

/** The status of an audience source: its cursor, stored in the transaction of the resulting events. */
export interface Standing {
  /** The number of the last run. */
  readonly run: number;
  /** The start of the last run, epoch milliseconds; absent before the first. */
  readonly at?: number;
  /** The base of the next run; absent without one. */
  readonly last?: LastResult;
  /** The result of the last run, without rows. */
  readonly done?: { readonly counts: Counts; readonly rows: number; readonly before: number };
  /** A run whose changes are being sent, and its progress. */
  readonly now?: Run & { readonly offset: number; readonly sent: number };
  /** A run that would remove too much: it waits for confirmation. */
  readonly held?: Run;
  /** The last applied decision of a person. */
  readonly wish?: string;
}

/** A decision about a source. */
export type Wish = 'run' | 'confirm' | 'reset';

/** A decision, with an ID that distinguishes it from the previous one. */
export interface Wished {
  readonly id: string;
  readonly what: Wish;
  /** The run to `confirm`. */
  readonly run?: number;
}

/** The initial status. */
export const NOTHING: Standing = { run: 0 };

/** Returns the files of a result, by their names within the folder of the source. */
export function filesOfResult(result: LastResult | undefined): readonly string[] {
  return [result?.base, result?.plus, result?.gone].flatMap((file) => file ?? []);
}

/** Returns the files of a run: its result and its changes. */
export function filesOfRun({ folder, result }: Pick<Run, 'folder' | 'result'>): readonly string[] {
  return [...filesOfResult(result), `${folder}/${CHANGES}`];
}

/** Returns every file that a status refers to. */
export function filesOf({ last, now, held }: Standing): readonly string[] {
  const runs = [now, held].flatMap((run) => (run === undefined ? [] : filesOfRun(run)));
  return [...new Set([...filesOfResult(last), ...runs])];
}

/** Reads the status from the cursor of a stream. */
export function standingOf(cursor: unknown): Standing {
  return typeof cursor === 'object' && cursor !== null ? (cursor as Standing) : NOTHING;
}
