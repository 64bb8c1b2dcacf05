import type { ErrorCode } from '@waybill/core';
import { eventsOf } from './corrections.ts';
import { afresh, type AfreshInput, pipelinesOf } from './replay.ts';
import type { DeadLetterFilter, DeadLetterRow } from './stores/rows.ts';

/** Dead letters inspected per run of the generator: few enough not to delay deliveries. */
const CHUNK = 200;
/** The maximum number of dead letters that are counted. */
const MOST_COUNTED = 100_000;
/** The maximum number of dead letters that are checked whether they would pass now: per group, and in total. */
const MOST_CHECKED = { group: 1_000, all: 5_000 } as const;

/** Dead letters with the same failure. */
export interface DeadLetterGroup {
  readonly destination: string;
  readonly mappingId: string;
  readonly code: ErrorCode;
  /** The invalid field, if there is a single one. */
  readonly field?: string;
  readonly count: number;
  /** The number of users. */
  readonly users: number;
  /** Epoch milliseconds of the first rejection and of the last. */
  readonly first: number;
  readonly last: number;
  /** The newest of them, without its payload. */
  readonly sample: DeadLetterRow;
  /** The number of dead letters that were checked again. */
  readonly checked: number;
  /** The number of those that would be sent now. */
  readonly passNow: number;
}

/** Groups of dead letters, the largest first. */
export interface DeadLetterGroups {
  readonly groups: readonly DeadLetterGroup[];
  /** False when not all dead letters were counted. */
  readonly complete: boolean;
}

type Growing = { -readonly [K in keyof DeadLetterGroup]: DeadLetterGroup[K] } & { readonly who: Set<string> };

/**
 * Groups the dead letters that match filters by their failure, and checks how many would pass now. A generator, so that the
 * caller can do other work in between.
 */
export async function* groupDeadLetters(
  { destinations, ...stores }: AfreshInput,
  filters: readonly DeadLetterFilter[],
): AsyncGenerator<void, DeadLetterGroups> {
  const pipelines = pipelinesOf(destinations);
  const groups = new Map<string, Growing>();
  let room: number = MOST_CHECKED.all;
  let counted = 0;
  for (const filter of filters) {
    for (let afterId = filter.afterId ?? 0; ;) {
      if (counted >= MOST_COUNTED) return { groups: ranked(groups), complete: false };
      const page = { ...filter, afterId, limit: CHUNK, withoutPayload: true };
      const rows = await stores.state.deadLetters(page);
      const last = rows.at(-1)?.id;
      if (last === undefined) break;
      const checked: [Growing, DeadLetterRow][] = [];
      for (const row of rows) {
        const group = enter(groups, row);
        if (room <= 0 || group.checked >= MOST_CHECKED.group) continue;
        room -= 1;
        group.checked += 1;
        checked.push([group, row]);
      }
      const eventOf = await eventsOf(
        checked.map(([, row]) => row),
        stores,
      );
      for (const [group, row] of checked)
        if (afresh(row, eventOf(row), pipelines) === undefined) group.passNow += 1;
      counted += rows.length;
      afterId = last;
      yield;
    }
  }
  return { groups: ranked(groups), complete: true };
}

function enter(groups: Map<string, Growing>, row: DeadLetterRow): Growing {
  const { destination, mappingId, code, field, at, user } = row;
  const key = JSON.stringify([destination, mappingId, code, field]);
  const known = groups.get(key) ?? {
    ...{ destination, mappingId, code, count: 0, users: 0, first: at, last: at, sample: row },
    ...{ checked: 0, passNow: 0, who: new Set<string>() },
    ...(field === undefined ? {} : { field }),
  };
  groups.set(key, known);
  known.who.add(user);
  known.count += 1;
  known.first = Math.min(known.first, at);
  known.last = Math.max(known.last, at);
  known.sample = row;
  return known;
}

function ranked(groups: ReadonlyMap<string, Growing>): readonly DeadLetterGroup[] {
  return [...groups.values()]
    .map(({ who, ...group }) => ({ ...group, users: who.size }))
    .sort((a, b) => b.count - a.count);
}
