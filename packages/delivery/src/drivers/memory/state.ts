import type {
  Correction,
  DeadLetterFilter,
  DeadLetterRow,
  GapFilter,
  GapRow,
  KeptWrite,
  LaneStats,
  MemoryFilter,
  OutcomeRow,
  RetryRow,
} from '../../stores/rows.ts';
import type { LaneKey, LanePlace, RetryFilter, State } from '../../stores/state.ts';
import type { StoresOptions } from '../../stores/stores.ts';
import type { Process } from './process.ts';
import { discard, needed, prune, sizes } from './retention.ts';
import { placeOf, settle } from './settle.ts';
import {
  type LaneTable,
  laneOf,
  nameOf,
  putOutcome,
  putRetry,
  takeOutcome,
  type Tables,
  within,
} from './tables.ts';

const MILLION = 1_000_000;

/** Opens the state of an installation for one process. */
export function stateOf(
  tables: Tables,
  process: Process,
  { now, memoryRows = MILLION }: StoresOptions & { readonly now: () => number },
): State {
  const leases = tables.leases.leases(now);
  const read = <T>(work: () => T): Promise<T> => process.read(work);
  const write = <T>(work: () => T): Promise<T> => process.write('state', work);
  return {
    leases: {
      acquire: (...given) => write(() => leases.acquire(...given)),
      renew: (...given) => write(() => leases.renew(...given)),
      release: (...given) => write(() => leases.release(...given)),
    },
    lane: (key) => read(() => placeOfLane(tables, key)),
    settle: (settlement) => write(() => settle(tables, settlement, memoryRows)),
    retries: (filter) => read(() => findRetries(tables, filter)),
    parked: (key) => read(() => [...(tables.lanes.get(nameOf(key))?.waiting.keys() ?? [])]),
    outcomes: (seqs) => read(() => seqs.flatMap((seq) => outcomesAt(tables, seq))),
    lastKnown: (destination) => read(() => lastKnown(tables, destination)),
    gaps: (filter) => read(() => findGaps(tables, filter)),
    deadLetters: (filter) => read(() => findLetters(tables, filter)),
    exchanges: (ids) => read(() => ids.flatMap((id) => tables.exchanges.get(id) ?? [])),
    conflicts: ({ destination, user, afterId = 0, limit = Number.POSITIVE_INFINITY }) =>
      read(() =>
        tables.conflicts
          .filter(
            (row) =>
              row.id! > afterId &&
              (destination ?? row.destination) === row.destination &&
              (user ?? row.user) === row.user,
          )
          .slice(0, limit),
      ),
    requeue: (ids, at, correction) => write(() => requeue(tables, ids, at, correction)),
    corrections: (seqs) =>
      read(() => seqs.flatMap((seq) => structuredClone([...(tables.corrections.get(seq)?.values() ?? [])]))),
    discard: (ids) => write(() => discard(tables, ids)),
    reserve: (count) => write(() => (tables.last.exchange += count) - count + 1),
    stats: () =>
      read(() =>
        [...tables.lanes.values()].filter(({ removed }) => !removed).map((lane) => statsOf(tables, lane)),
      ),
    hasLanes: () => read(() => tables.lanes.size > 0),
    drop: (destination, at) => write(() => drop(tables, destination, at)),
    recall: (destination, places) =>
      read(() => places.map((place) => tables.memory.get(destination)?.get(placeOf(place)))),
    forget: (filter) => write(() => forget(tables, filter)),
    kept: (destination) =>
      read(() => [...within(tables.kept, destination)].sort().map(([key, value]) => ({ key, value }))),
    keep: (destination, rows) => write(() => keep(tables, destination, rows)),
    prune: (limits) => write(() => prune(tables, limits)),
    needed: (first, last) => read(() => needed(tables, first, last)),
    sizes: () => read(() => sizes(tables)),
    get: (key) => read(() => tables.small.get(key)),
    set: (key, value) => write(() => void tables.small.set(key, value)),
  };
}

function rowsOf({ waiting }: LaneTable): readonly RetryRow[] {
  return [...waiting.values()].flat();
}

function placeOfLane(tables: Tables, key: LaneKey): LanePlace {
  const lane = tables.lanes.get(nameOf(key));
  if (lane === undefined) return { waiting: 0 };
  const heads = [...lane.waiting.values()].map(([first]) => first!.dueAt);
  return {
    waiting: rowsOf(lane).length,
    ...(lane.cursor === undefined ? {} : { cursor: lane.cursor }),
    ...(heads.length === 0 ? {} : { nextDue: Math.min(...heads) }),
  };
}

function findRetries(tables: Tables, filter: RetryFilter): readonly RetryRow[] {
  if ('seqs' in filter) {
    const wanted = new Set(filter.seqs);
    const rows = [...tables.lanes.values()].flatMap(rowsOf);
    return rows.filter(({ seq }) => wanted.has(seq)).sort((a, b) => a.seq - b.seq || a.position - b.position);
  }
  const waiting = tables.lanes.get(nameOf(filter.lane))?.waiting;
  if (waiting === undefined) return [];
  if ('user' in filter) return (waiting.get(filter.user) ?? []).slice(0, filter.limit);
  const heads = [...waiting.values()].map(([first]) => first!).filter(({ dueAt }) => dueAt <= filter.dueBy);
  return heads.sort((a, b) => a.dueAt - b.dueAt || (a.user < b.user ? -1 : 1)).slice(0, filter.limit);
}

function lastKnown({ lanes, outcomes, gaps }: Tables, destination: string): number {
  const own = [...lanes.values()].filter(({ key }) => key.destination === destination);
  const waiting = own.flatMap(rowsOf).map(({ seq }) => seq);
  return [...outcomes.keys(), ...(gaps.get(destination)?.keys() ?? []), ...waiting].reduce(
    (last, seq) => Math.max(last, seq),
    0,
  );
}

function outcomesAt({ outcomes, gaps }: Tables, seq: number): readonly OutcomeRow[] {
  const given = [...gaps].flatMap(([destination, at]): OutcomeRow[] => {
    const gap = at.get(seq);
    return gap === undefined
      ? []
      : [{ destination, seq, mappingId: '', status: 'rejected', attempts: 0, ...gap }];
  });
  return [...(outcomes.get(seq)?.values() ?? []), ...given];
}

function findGaps(
  { gaps }: Tables,
  { destination: wanted, after = 0, limit = Number.POSITIVE_INFINITY }: GapFilter,
): readonly GapRow[] {
  const found: { -readonly [Name in keyof GapRow]: GapRow[Name] }[] = [];
  for (const [destination, at] of gaps) {
    if (wanted !== undefined && wanted !== destination) continue;
    for (const [seq, gap] of [...at].sort(([a], [b]) => a - b)) {
      const before = found.at(-1);
      if (before?.destination === destination && before.code === gap.code && before.through + 1 === seq)
        Object.assign(before, { through: seq, at: gap.at });
      else found.push({ destination, seq, through: seq, ...gap });
    }
  }
  return found
    .filter(({ seq }) => seq > after)
    .sort((a, b) => a.seq - b.seq)
    .slice(0, limit);
}

function findLetters({ letters }: Tables, filter: DeadLetterFilter): readonly DeadLetterRow[] {
  const { ids, from = 0, to = Number.POSITIVE_INFINITY, includeReplayed = false, afterId = 0 } = filter;
  const {
    limit = Number.POSITIVE_INFINITY,
    maxBytes = Number.POSITIVE_INFINITY,
    withoutPayload = false,
  } = filter;
  const same = ['destination', 'mappingId', 'code', 'sourceId', 'messageId', 'seq', 'user'] as const;
  const found: DeadLetterRow[] = [];
  let bytes = 0;
  for (const { row } of letters) {
    if (ids !== undefined && !ids.includes(row.id!)) continue;
    if (same.some((name) => filter[name] !== undefined && filter[name] !== row[name])) continue;
    if (filter.field !== undefined && filter.field !== (row.field ?? '')) continue;
    if (row.id! <= afterId || row.at < from || row.at > to) continue;
    if (filter.replayedAt !== undefined && filter.replayedAt !== row.replayedAt) continue;
    if (!includeReplayed && filter.replayedAt === undefined && row.replayedAt !== undefined) continue;
    if (found.length >= limit || (found.length > 0 && bytes >= maxBytes)) break;
    const { payload: _left, ...rest } = row;
    bytes += JSON.stringify(row.payload ?? null).length;
    found.push(withoutPayload ? rest : row);
  }
  return found;
}

function requeue(tables: Tables, ids: readonly number[], dueAt: number, correction?: Correction): number {
  let count = 0;
  for (const letter of tables.letters) {
    const { row, partition } = letter;
    if (!ids.includes(row.id!) || row.replayedAt !== undefined) continue;
    const { destination, seq, mappingId, position } = row;
    const user = correction?.user ?? row.user;
    if (correction !== undefined) {
      const kept = structuredClone({ destination, seq, mappingId, event: correction.event, at: dueAt });
      within(tables.corrections, seq).set(`${destination} ${mappingId}`, kept);
    }
    const lane = laneOf(tables, { destination, partition });
    takeOutcome(tables, lane, row);
    putRetry(lane, { destination, seq, mappingId, position, user, attempts: 0, dueAt });
    letter.row = { ...row, replayedAt: dueAt };
    count += 1;
  }
  return count;
}

function statsOf({ letters }: Tables, lane: LaneTable): LaneStats {
  const { delivered, skipped, rejected } = lane;
  const { destination, partition } = lane.key;
  const rows = rowsOf(lane);
  const failures = rows.flatMap(({ firstFailedAt }) => firstFailedAt ?? []);
  const lying = letters.filter(
    (one) =>
      one.row.destination === destination && one.partition === partition && one.row.replayedAt === undefined,
  );
  return {
    destination,
    ...(partition === 0 ? {} : { partition }),
    cursor: lane.cursor ?? 0,
    delivered,
    skipped,
    rejected,
    retrying: rows.length,
    deadLetters: lying.length,
    ...(failures.length === 0 ? {} : { oldestRetryAt: Math.min(...failures) }),
  };
}

function drop(tables: Tables, destination: string, at: number): void {
  tables.memory.delete(destination);
  tables.kept.delete(destination);
  for (const lane of tables.lanes.values()) {
    if (lane.key.destination !== destination) continue;
    for (const { seq, mappingId, attempts } of rowsOf(lane)) {
      if (tables.outcomes.get(seq)?.has(`${destination} ${mappingId}`) === true) continue;
      const end = { status: 'skipped', code: 'destination_removed', attempts, at } as const;
      putOutcome(tables, lane, { destination, seq, mappingId, ...end });
    }
    lane.waiting.clear();
    Object.assign(lane, { cursor: undefined, removed: true });
    tables.leases.end(lane.key);
  }
}

function forget(tables: Tables, { destination, space, scope, key }: MemoryFilter): number {
  const table = within(tables.memory, destination);
  const before = table.size;
  for (const place of table.keys()) {
    const [inSpace, inScope, forKey] = JSON.parse(place) as readonly string[];
    if ((space ?? inSpace) === inSpace && (scope ?? inScope) === inScope && (key ?? forKey) === forKey)
      table.delete(place);
  }
  return before - table.size;
}

function keep(tables: Tables, destination: string, rows: readonly KeptWrite[]): void {
  if (rows.some(({ key }) => typeof key !== 'string')) throw new TypeError('A row lacks its key.');
  const table = within(tables.kept, destination);
  for (const { key, value } of rows) {
    if (value === undefined) table.delete(key);
    else table.set(key, value);
  }
}
