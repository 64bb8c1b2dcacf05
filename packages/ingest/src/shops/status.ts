import type { ShopStream } from '@waybill/core';
import type { Asides } from './aside.ts';
import type { Hints } from './hints.ts';
import type { Limiter } from './limiter.ts';
import type { Failed, Standing } from './standing.ts';
import type { Task, TaskState } from './tasks.ts';

/** How a stream of a shop stands: its poll, its sweep or a back-fill of it, or what webhooks say of it. */
export interface ShopStatus {
  readonly source: string;
  readonly stream: string;
  readonly mode: 'poll' | 'sweep' | 'backfill' | 'webhook';
  /** The id of a back-fill. */
  readonly backfill?: string;
  /** Rows that were read. */
  readonly read: number;
  /** A back-fill has come to the end. */
  readonly ended: boolean;
  readonly failure?: Failed;
  /** How many rows there are, as the shop counts: asked when a back-fill begins, and again at its end. */
  readonly total?: number;
  readonly perSecond?: number;
  readonly secondsLeft?: number;
  /** Hints that wait to be looked into. */
  readonly waiting?: number;
  /** Rows that were set aside. */
  readonly setAside?: number;
  /** Epoch milliseconds: until when nothing is asked of the shop, because of its limits or of a failure. */
  readonly waitsUntil?: number;
}

/** What the status of a shop is told from. */
export interface StatusInput {
  readonly source: string;
  readonly streams: Readonly<Record<string, ShopStream>>;
  readonly tasks: readonly Task[];
  readonly stateOf: (task: Task) => TaskState;
  readonly standingOf: (name: string) => Standing;
  /** How the shop itself stands. */
  readonly whole: Standing;
  /** When and where the back-fills were that this process has gone on with. */
  readonly paces: ReadonlyMap<string, { readonly at: number; readonly read: number }>;
  readonly hints: Hints;
  readonly asides: Asides;
  readonly limiter: Limiter;
  readonly now: () => number;
}

/** Tells how the streams of a shop stand. */
export function statusOf(input: StatusInput): readonly ShopStatus[] {
  const { source, streams, tasks, stateOf, standingOf, whole, hints, asides, limiter, now } = input;
  const wait = Math.max(limiter.waitMs(), whole.until - now());
  const shared = (stream: string, first: boolean): Partial<ShopStatus> => ({
    ...(first ? { waiting: hints.count(stream), setAside: asides.count(stream) } : {}),
    ...(wait > 0 ? { waitsUntil: now() + wait } : {}),
  });
  const told = new Set<string>();
  const lines = tasks.map((task): ShopStatus => {
    const { mode, stream, past, name } = task;
    const { read, ended, total } = stateOf(task);
    const failure = whole.failure ?? standingOf(name).failure;
    const isFirst = !told.has(stream);
    told.add(stream);
    return {
      source,
      stream,
      mode,
      ...(past === undefined ? {} : { backfill: past.id }),
      read,
      ended,
      ...(failure === undefined || ended ? {} : { failure }),
      ...(total === undefined ? {} : { total }),
      ...(ended ? {} : paceOf(task, read, total, input)),
      ...shared(stream, isFirst),
    };
  });
  const others = Object.keys(streams).filter((stream) => !told.has(stream));
  return [
    ...lines,
    ...others.map((stream): ShopStatus => ({
      source,
      stream,
      mode: 'webhook',
      read: 0,
      ended: false,
      ...(whole.failure === undefined ? {} : { failure: whole.failure }),
      ...shared(stream, true),
    })),
  ];
}

function paceOf(
  { name }: Task,
  read: number,
  total: number | undefined,
  { paces, now }: StatusInput,
): Pick<ShopStatus, 'perSecond' | 'secondsLeft'> {
  const since = paces.get(name);
  const seconds = since === undefined ? 0 : (now() - since.at) / 1_000;
  if (since === undefined || seconds <= 0 || read === since.read) return {};
  const perSecond = (read - since.read) / seconds;
  return {
    perSecond: Math.round(perSecond * 10) / 10,
    ...(total === undefined ? {} : { secondsLeft: Math.ceil(Math.max(0, total - read) / perSecond) }),
  };
}
