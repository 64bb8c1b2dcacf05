import type { ShopStream } from '@waybill/core';
import type { Agenda } from './agenda.ts';
import type { Asides } from './aside.ts';
import type { Hints } from './hints.ts';
import type { Limiter } from './limiter.ts';
import type { Failed, Standings } from './standing.ts';
import type { Task } from './tasks.ts';
import { UPDATES } from './write-back/apply.ts';
import type { Repair } from './write-back/repair.ts';

/** How a stream of a shop stands: its poll, its sweep or a back-fill of it, or what webhooks say of it, or exports of Iterable; or how a feed does. */
export interface ShopStatus {
  readonly source: string;
  readonly stream: string;
  readonly mode: 'poll' | 'feed' | 'sweep' | 'backfill' | 'webhook' | 'export';
  /** The id of a back-fill. */
  readonly backfill?: string;
  /** Rows that were read; of a feed, what it has named. */
  readonly read: number;
  /** A back-fill has come to the end. */
  readonly ended: boolean;
  readonly failure?: Failed;
  /** Number of rows according to the shop, requested when a back-fill starts, and again at its end. */
  readonly total?: number;
  readonly perSecond?: number;
  readonly secondsLeft?: number;
  /** Hints that wait to be looked into. */
  readonly waiting?: number;
  /** Rows that were set aside. */
  readonly setAside?: number;
  /** Epoch milliseconds: until when the shop is not called, because of its limits or a failure. */
  readonly waitsUntil?: number;
}

/** When a back-fill began in this process, and how far it was. */
export interface Pace {
  readonly at: number;
  readonly read: number;
}

/** What the status of a shop is told from. */
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

/** Tells how the streams of a shop stand. */
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

/** What people choose in Iterable, where the shop is told of it: a failure to read that has nothing to do with the shop. */
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
