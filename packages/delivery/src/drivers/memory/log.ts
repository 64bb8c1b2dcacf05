import { type Event, orderKey } from '@waybill/core';
import type {
  Appended,
  Carry,
  Log,
  LogEntry,
  LoggedEvent,
  LogQuery,
  Pruned,
  PruneLimits,
  Timer,
} from '../../stores/log.ts';
import { DEDUPE_WINDOW, type StoresOptions } from '../../stores/stores.ts';
import { checkCarry } from '../../stores/check-carry.ts';
import { createLeaseTable, type LeaseTable } from './leases.ts';
import type { Process } from './process.ts';

interface Row {
  readonly seq: number;
  readonly partition: number;
  readonly sourceId: string;
  readonly messageId: string;
  readonly text: string;
  readonly at: number;
}

interface Partition {
  /** By position; late commits are inserted in order. */
  rows: Row[];
  /** Assigned positions that may still appear. */
  readonly open: Set<number>;
}

interface Owner {
  cursor?: string;
  readonly state: Map<string, Uint8Array>;
  timers: Timer[];
}

/** The events of an installation, and the values of sources and processors. */
export interface Events {
  readonly partitions: readonly Partition[];
  readonly known: Map<string, Row>;
  readonly bySeq: Map<number, Row>;
  readonly owners: Map<string, Owner>;
  readonly leases: LeaseTable<string>;
  readonly notes: Map<string, string>;
  last: number;
}

/** Creates an empty log. */
export function createEvents(partitions: number): Events {
  return {
    partitions: Array.from({ length: partitions }, () => ({ rows: [], open: new Set<number>() })),
    known: new Map(),
    bySeq: new Map(),
    owners: new Map(),
    leases: createLeaseTable((owner: string) => owner),
    notes: new Map(),
    last: 0,
  };
}

/** Opens the log of an installation for one process. */
export function logOf(
  events: Events,
  process: Process,
  options: StoresOptions & { readonly now: () => number },
): Log {
  const { now, dedupeWindowMs = DEDUPE_WINDOW } = options;
  const owners = events.leases.leases(now);

  const append = (entries: readonly LogEntry[], carry?: Carry): Promise<readonly Appended[] | 'stale'> => {
    const drafts = entries.map(({ sourceId, event }) => ({
      sourceId,
      messageId: event.messageId,
      text: JSON.stringify(event),
      partition: partitionOf(event, events.partitions.length),
    }));
    return process.commit('log', {
      begin: () => drafts.map((draft) => give(events, draft)),
      undo: (begun) => begun.forEach(({ place, seq }) => place.open.delete(seq)),
      end: (begun) => {
        for (const { place, seq } of begun) place.open.delete(seq);
        if (carry !== undefined && events.leases.isStale(carry.lease)) return 'stale';
        if (carry !== undefined) write(events, carry);
        const at = now();
        return begun.map(({ place, seq, partition, sourceId, messageId, text }) => {
          const id = `${sourceId} ${messageId}`;
          const before = events.known.get(id);
          if (before !== undefined && at - before.at < dedupeWindowMs) return { accepted: false };
          const row = { seq, partition, sourceId, messageId, text, at };
          events.known.set(id, row);
          events.bySeq.set(seq, row);
          place.rows.splice(place.rows.findLastIndex((one) => one.seq < seq) + 1, 0, row);
          return { accepted: true };
        });
      },
    });
  };
  const valuesOf = (owner: string, keys: readonly string[]): ReadonlyMap<string, Uint8Array> => {
    const state = events.owners.get(owner)?.state;
    return new Map(keys.flatMap((key) => (state?.has(key) ? [[key, state.get(key)!] as const] : [])));
  };
  return {
    append: (async (entries: readonly LogEntry[], carry?: Carry) => {
      if (carry !== undefined) checkCarry(carry);
      return append(entries, carry);
    }) as Log['append'],
    read: (query) => process.read(() => find(events, query).map(logged)),
    lastSeq: (partition) => process.read(() => visibleOf(events, partition).at(-1)?.seq ?? 0),
    span: ({ from, to }) =>
      process.read(() => {
        const rows = allVisible(events).filter(({ at }) => at >= from && at <= to);
        const [first, last] = [rows[0], rows.at(-1)];
        return first === undefined || last === undefined ? undefined : { first: first.seq, last: last.seq };
      }),
    startAfter: (seq) => process.write('log', () => void (events.last = Math.max(events.last, seq))),
    extent: () =>
      process.read(() => {
        const rows = allRows(events);
        const bytes = rows.reduce((sum, { text }) => sum + text.length, 0);
        const [first] = rows;
        if (first === undefined) return { bytes };
        return { bytes, eventBytes: bytes / rows.length, firstSeq: first.seq, oldestAt: first.at };
      }),
    prune: (limits) => prune(events, process, limits),
    owners: {
      acquire: (...given) => process.write('log', () => owners.acquire(...given)),
      renew: (...given) => process.write('log', () => owners.renew(...given)),
      release: (...given) => process.write('log', () => owners.release(...given)),
    },
    carried: (owner, keys) =>
      process.read(() => {
        const cursor = events.owners.get(owner)?.cursor;
        return { state: valuesOf(owner, keys), ...(cursor === undefined ? {} : { cursor }) };
      }),
    carriedOf: (owners, keys) =>
      process.read(() => new Map(owners.map((owner) => [owner, valuesOf(owner, keys)]))),
    carriedAfter: (owner, { after = '', limit }) =>
      process.read(() =>
        [...(events.owners.get(owner)?.state ?? [])]
          .filter(([key]) => Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0)
          .sort(([one], [other]) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
          .slice(0, limit)
          .map(([key, value]) => ({ key, value })),
      ),
    timers: (owner, { dueBy = Number.POSITIVE_INFINITY, limit }) =>
      process.read(() =>
        (events.owners.get(owner)?.timers ?? []).filter(({ due }) => due <= dueBy).slice(0, limit),
      ),
    get: (key) => process.read(() => events.notes.get(key)),
    set: (key, value) => process.write('log', () => void events.notes.set(key, value)),
  };
}

/** A user stays in one partition, so that their order is kept. */
function partitionOf(event: Event, partitions: number): number {
  let hash = 0;
  for (const character of orderKey(event)) hash = (Math.imul(hash, 31) + character.codePointAt(0)!) >>> 0;
  return hash % partitions;
}

function give<Draft extends { readonly partition: number }>(
  events: Events,
  draft: Draft,
): Draft & { readonly seq: number; readonly place: Partition } {
  const seq = (events.last += 1);
  const place = events.partitions[draft.partition]!;
  place.open.add(seq);
  return { ...draft, seq, place };
}

function write(events: Events, { lease, cursor, state = [], timers = [] }: Carry): void {
  const owner: Owner = events.owners.get(lease.key) ?? { state: new Map<string, Uint8Array>(), timers: [] };
  events.owners.set(lease.key, owner);
  if (cursor !== undefined) owner.cursor = cursor;
  for (const { key, value } of state) {
    if (value === undefined) owner.state.delete(key);
    else owner.state.set(key, value.slice());
  }
  for (const { key, due, value } of timers) {
    owner.timers = owner.timers.filter((one) => one.key !== key || one.due !== due);
    if (value !== undefined) owner.timers.push({ key, due, value: value.slice() });
  }
  owner.timers.sort((a, b) => a.due - b.due || (a.key < b.key ? -1 : 1));
}

/** Rows that a read may return: none at or after the first position that may still appear. */
function visible({ rows, open }: Partition): readonly Row[] {
  if (open.size === 0) return rows;
  const first = Math.min(...open);
  return rows.filter(({ seq }) => seq < first);
}

/** The same for all partitions, by position. */
function allVisible(events: Events): Row[] {
  const first = Math.min(...events.partitions.flatMap(({ open }) => [...open]));
  return allRows(events).filter(({ seq }) => seq < first);
}

function visibleOf(events: Events, partition: number | undefined): readonly Row[] {
  if (partition === undefined && events.partitions.length > 1) return allVisible(events);
  return visible(events.partitions[partition ?? 0]!);
}

function allRows({ partitions }: Events): Row[] {
  return partitions.flatMap(({ rows }) => rows).sort((a, b) => a.seq - b.seq);
}

function find(events: Events, query: LogQuery): readonly Row[] {
  if ('seqs' in query) {
    const seqs = [...new Set(query.seqs)].sort((a, b) => a - b);
    return seqs.flatMap((seq) => events.bySeq.get(seq) ?? []);
  }
  if ('messageId' in query) return allRows(events).filter(({ messageId }) => messageId === query.messageId);
  const { limit } = query;
  if ('before' in query) {
    const rows = allVisible(events).filter(({ seq }) => seq < query.before);
    return cutAt(rows.reverse(), 0, { limit, maxBytes: query.maxBytes });
  }
  const { after } = query;
  if ('arrived' in query) {
    const { from, to } = query.arrived;
    return allVisible(events)
      .filter(({ seq, at }) => seq > after && at >= from && at <= to)
      .slice(0, limit);
  }
  const rows = visibleOf(events, query.partition);
  const from = rows.findLastIndex(({ seq }) => seq <= after) + 1;
  return cutAt(rows, from, { limit, maxBytes: query.maxBytes });
}

/** Rows from a place on: at most `limit` of them and about `maxBytes` of JSON. */
function cutAt(
  rows: readonly Row[],
  from: number,
  { limit, maxBytes = Number.POSITIVE_INFINITY }: { limit: number; maxBytes: number | undefined },
): readonly Row[] {
  let [count, bytes] = [0, 0];
  while (count < limit && from + count < rows.length && (count === 0 || bytes < maxBytes)) {
    bytes += rows[from + count]!.text.length;
    count += 1;
  }
  return rows.slice(from, from + count);
}

function logged({ seq, partition, sourceId, text }: Row): LoggedEvent {
  const row = { seq, sourceId, event: JSON.parse(text) as Event };
  return partition === 0 ? row : { ...row, partition };
}

async function prune(
  events: Events,
  process: Process,
  { upTo, before, maxBytes, keep }: PruneLimits,
): Promise<Pruned> {
  const rows = allRows(events);
  let bytes = rows.reduce((sum, { text }) => sum + text.length, 0);
  const going = new Set<number>();
  for (const { seq, at, text } of rows) {
    if (seq > upTo || (at >= before && bytes <= maxBytes)) break;
    going.add(seq);
    bytes -= text.length;
  }
  const through = Math.max(...going);
  if (going.size === 0) return { removed: 0 };
  for (const seq of await keep(rows[0]!.seq, through)) going.delete(seq);
  return process.write('log', () => {
    for (const partition of events.partitions) {
      for (const row of partition.rows.filter(({ seq }) => going.has(seq))) {
        const id = `${row.sourceId} ${row.messageId}`;
        if (events.known.get(id) === row) events.known.delete(id);
        events.bySeq.delete(row.seq);
      }
      partition.rows = partition.rows.filter(({ seq }) => !going.has(seq));
    }
    return { removed: going.size, through };
  });
}
