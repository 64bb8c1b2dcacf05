import { type Change, CHANGES, type Counts, type LastResult } from './job.ts';

/** A run whose rows were compared: its changes are in a file of its folder. */
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

/** How an audience source stands: its cursor, kept in the transaction of the events that lead to it. */
export interface Standing {
  /** The number of the last run. */
  readonly run: number;
  /** When it began, epoch milliseconds; absent before the first. */
  readonly at?: number;
  /** What the next run is compared with; absent: with nothing. */
  readonly last?: LastResult;
  /** What the last run came to, with nothing of the rows. */
  readonly done?: { readonly counts: Counts; readonly rows: number; readonly before: number };
  /** A run whose changes are being sent, and how far that is. */
  readonly now?: Run & { readonly offset: number; readonly sent: number };
  /** A run that would remove too much: it waits for a person. */
  readonly held?: Run;
  /** The last wish of a person that was carried out. */
  readonly wish?: string;
}

/** What a person may want of a source. */
export type Wish = 'run' | 'confirm' | 'reset';

/** A wish, with an id that tells it from the one before. */
export interface Wished {
  readonly id: string;
  readonly what: Wish;
  /** Of `confirm`: the run that is meant. */
  readonly run?: number;
}

/** Nothing read yet. */
export const NOTHING: Standing = { run: 0 };

/** The files of a result, by their names within the folder of the source. */
export function filesOfResult(result: LastResult | undefined): readonly string[] {
  return [result?.base, result?.plus, result?.gone].flatMap((file) => file ?? []);
}

/** The files of a run: its result, and its changes. */
export function filesOfRun({ folder, result }: Pick<Run, 'folder' | 'result'>): readonly string[] {
  return [...filesOfResult(result), `${folder}/${CHANGES}`];
}

/** Every file that a standing refers to. */
export function filesOf({ last, now, held }: Standing): readonly string[] {
  const runs = [now, held].flatMap((run) => (run === undefined ? [] : filesOfRun(run)));
  return [...new Set([...filesOfResult(last), ...runs])];
}

/** The standing in the cursor of a stream. */
export function standingOf(cursor: unknown): Standing {
  return typeof cursor === 'object' && cursor !== null ? (cursor as Standing) : NOTHING;
}
