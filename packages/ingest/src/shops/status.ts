import type { ShopStream } from '@waybill/core';
import type { Agenda } from './agenda.ts';
import type { Asides } from './aside.ts';
import type { Hints } from './hints.ts';
import type { Limiter } from './limiter.ts';
import type { Failed, Standings } from './standing.ts';
import type { Task } from './tasks.ts';
import { UPDATES } from './write-back/apply.ts';
import type { Repair } from './write-back/repair.ts';

/** The status of a stream of a shop: its poll, sweep or back-fill, its webhooks, or exports of Iterable; or of a feed. */
export interface ShopStatus {
  readonly source: string;
  readonly stream: string;
  readonly mode: 'poll' | 'feed' | 'sweep' | 'backfill' | 'webhook' | 'export';
  /** The id of a back-fill. */
  readonly backfill?: string;
  /** The number of read rows; for a feed, of its entries. */
  readonly read: number;
  /** Whether a back-fill is complete. */
  readonly ended: boolean;
  readonly failure?: Failed;
  /** Number of rows according to the shop, requested when a back-fill starts, and again at its end. */
  readonly total?: number;
  readonly perSecond?: number;
  readonly secondsLeft?: number;
  /** The number of waiting hints. */
  readonly waiting?: number;
  /** The number of rows that were set aside. */
  readonly setAside?: number;
  /** When calls of the shop resume after a limit or a failure, in epoch milliseconds. */
  readonly waitsUntil?: number;
}

/** When a back-fill started in this process, and its progress then. */
export interface Pace {
  readonly at: number;
  readonly read: number;
}

/** The inputs of the status of a shop. */
export interface StatusInput {
  readonly source: string;
  readonly streams: Readonly<Record<string, ShopStream>>;
  readonly agenda: Agenda;
  readonly standings: Standings;
  readonly paces: ReadonlyMap<string, Pace>;
  readonly hints: Hints;
  readonly asides: Asides;
  readonly limiter: Limiter;
  readonly repair: Pick<Repair, 'status'>;
  readonly now: () => number;
}

/** Returns the status of the streams of a shop. */
export function statusOf(input: StatusInput): readonly ShopStatus[] {
  const { source, streams, agenda, standings, hints, asides, limiter, now } = input;
  const { whole } = standings;
  const wait = Math.max(limiter.waitMs(), whole.until - now());
  const shared = (stream: string, first: boolean): Partial<ShopStatus> => ({
    ...(first ? { waiting: hints.count(stream), setAside: asides.count(stream) } : {}),
    ...(wait > 0 ? { waitsUntil: now() + wait } : {}),
  });
  const told = new Set<string>();
  const lines = agenda.tasks.map((task): ShopStatus => {
    const { mode, stream, past, name } = task;
    const { read, ended, total } = agenda.stateOf(task);
    const failure = whole.failure ?? standings.of(name).failure;
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
    ...updatesOf(input),
  ];
}

/** The status of choices in Iterable, with write-back: a read failure there is not about the shop. */
function updatesOf({ source, repair, hints, asides }: StatusInput): readonly ShopStatus[] {
  const status = repair.status();
  if (status === undefined) return [];
  const counts = { waiting: hints.count(UPDATES), setAside: asides.count(UPDATES) };
  return [{ source, stream: UPDATES, ended: false, ...status, ...counts }];
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
