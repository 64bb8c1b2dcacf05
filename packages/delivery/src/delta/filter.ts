import { type Outcome, type ResolvedDestination, skipped } from '@waybill/core';
import type { Sent, Work } from '../work.ts';
import type { ConflictRow, MemoryPlace, MemoryWrite } from '../stores/rows.ts';
import { type Changed, findChanges, readDelivered } from './changed.ts';
import { fingerprint, isFields } from './fields.ts';
import type { LaneMemory, Recalled } from './lane-memory.ts';
import { applyOwnership, type Conflict, type Owned, readClaims } from './ownership.ts';

/** Reads the remembered values for the items of a step, and filters its calls by them. */
export type DeltaFilter = (works: readonly Work[]) => Promise<CallFilter>;

/** Filters the items of a call just before it is made: unchanged items, and those of other owners, are not sent. */
export type CallFilter = (works: readonly Work[]) => Filtered;

/** Items of one call after the filter. */
export interface Filtered {
  /** The items to send, with their final payloads. */
  readonly works: readonly Work[];
  /** The items without a call. */
  readonly ended: readonly Sent[];
  /** Derives from the answers: the outcomes with their notes, and the values to remember. */
  conclude(sent: readonly Sent[]): Concluded;
}

/** What the settlement receives. */
export interface Concluded {
  readonly sent: readonly Sent[];
  readonly memory: readonly MemoryWrite[];
  readonly conflicts: readonly ConflictRow[];
}

interface Decision {
  readonly original: Work;
  readonly owned?: Owned;
  readonly changed?: Changed;
  readonly conflicts: readonly Conflict[];
}

/** Creates the delta filter of a destination; undefined when no mapping needs one. */
export function createDeltaFilter(
  destination: ResolvedDestination,
  memory: LaneMemory,
  now: () => number,
): DeltaFilter | undefined {
  const mappings = new Map(
    destination.mappings
      .filter((one) => one.delivery?.only === 'changed' || one.ownership !== undefined)
      .map((one) => [one.id, one]),
  );
  if (mappings.size === 0) return undefined;
  // With other settings it may be another account, which has received nothing yet.
  const account = fingerprint(destination.settings);

  const fieldsAt = (place: MemoryPlace, recalled: Recalled): unknown => {
    const text = recalled(place);
    const kept: unknown = text === undefined ? undefined : parse(text);
    return isFields(kept) && kept['account'] === account ? kept['fields'] : undefined;
  };
  const writeOf = (place: MemoryPlace, fields: object): MemoryWrite =>
    Object.keys(fields).length === 0 ? place : { ...place, value: JSON.stringify({ account, fields }) };
  const places = (work: Work): { readonly delta: MemoryPlace; readonly owner: MemoryPlace } => ({
    delta: { space: 'delta', scope: work.mappingId, key: work.user },
    owner: { space: 'owner', scope: work.rule.action, key: work.user },
  });

  const decide = (work: Work, recalled: Recalled): Decision | undefined => {
    const mapping = mappings.get(work.mappingId);
    if (mapping === undefined) return undefined;
    const { delta, owner } = places(work);
    const { event, payload } = work.item;
    const owned =
      mapping.ownership === undefined
        ? undefined
        : applyOwnership(payload, mapping.ownership, {
            claims: readClaims(fieldsAt(owner, recalled)),
            at: timeOf(event.timestamp),
            sourceId: work.logged.sourceId,
          });
    const merged = destination.destination.actions[mapping.action]?.delta?.fields;
    const changed =
      mapping.delivery?.only === 'changed'
        ? findChanges(owned?.payload ?? payload, readDelivered(fieldsAt(delta, recalled)), merged)
        : undefined;
    return {
      original: work,
      conflicts: owned?.conflicts ?? [],
      ...(owned === undefined ? {} : { owned }),
      ...(changed === undefined ? {} : { changed }),
    };
  };

  /** The values to remember after an outcome. */
  const writesOf = (
    { original, owned, changed }: Decision,
    outcome: Outcome,
    { sent, recalled }: { readonly sent: boolean; readonly recalled: Recalled },
  ): MemoryWrite[] => {
    const { delta, owner } = places(original);
    const writes: MemoryWrite[] = [];
    const done = outcome.status === 'delivered' || !sent;
    if (owned !== undefined && done) writes.push(writeOf(owner, owned.claims));
    // The destination may have applied what it did not confirm: only certain values are remembered.
    if (changed !== undefined && sent && outcome.status !== 'skipped') {
      writes.push(writeOf(delta, done ? changed.delivered : changed.unknown));
    }
    // Unchanged values need not be written again.
    return writes.filter((write) => write.value !== recalled(write));
  };

  const filterCall = (works: readonly Work[], recalled: Recalled): Filtered => {
    const decisions = new Map<string, Decision>();
    const open: Work[] = [];
    const ended: Sent[] = [];
    for (const work of works) {
      const decision = decide(work, recalled);
      if (decision === undefined) {
        open.push(work);
        continue;
      }
      decisions.set(work.item.key, decision);
      const { owned, changed } = decision;
      if (changed !== undefined && changed.payload === undefined) {
        const message = noted(undefined, decision.conflicts);
        ended.push({ work, outcome: skipped('unchanged', message), exchangeIds: [] });
        continue;
      }
      open.push(withPayload(work, changed?.payload ?? owned?.payload));
    }
    return {
      works: open,
      ended,
      conclude(answered) {
        const writes: MemoryWrite[] = [];
        const conflicts: ConflictRow[] = [];
        const conclude = (one: Sent, sent: boolean): Sent => {
          const decision = decisions.get(one.work.item.key);
          if (decision === undefined) return one;
          for (const write of writesOf(decision, one.outcome, { sent, recalled })) {
            memory.stage(write);
            writes.push(write);
          }
          const { outcome } = one;
          if (outcome.status !== 'delivered' && sent) return one;
          conflicts.push(...decision.conflicts.map((conflict) => rowOf(conflict, one.work, now())));
          if (outcome.status !== 'delivered') return one;
          const note = noted(outcome.note, decision.conflicts);
          return note === undefined ? one : { ...one, outcome: { ...outcome, note } };
        };
        const sent = [
          ...ended.map((one) => conclude(one, false)),
          ...answered.map((one) => conclude(one, true)),
        ];
        return { sent, memory: writes, conflicts };
      },
    };
  };

  return async (all) => {
    const wanted = all
      .filter((work) => mappings.has(work.mappingId))
      .flatMap((work) => {
        const { delta, owner } = places(work);
        const { delivery, ownership } = mappings.get(work.mappingId)!;
        return [
          ...(delivery?.only === 'changed' ? [delta] : []),
          ...(ownership === undefined ? [] : [owner]),
        ];
      });
    const recalled = await memory.read(wanted);
    return (works) => filterCall(works, recalled);
  };

  function rowOf(conflict: Conflict, work: Work, at: number): ConflictRow {
    return {
      ...conflict,
      destination: destination.id,
      seq: work.logged.seq,
      mappingId: work.mappingId,
      user: work.user,
      sourceId: work.logged.sourceId,
      at,
    };
  }
}

function withPayload(work: Work, payload: unknown): Work {
  const item = { ...work.item, payload };
  return { ...work, item, ready: { ...work.ready, item } };
}

const REASONS = {
  destination: 'belongs to the destination',
  sources: 'was set by a source that takes precedence',
  latest: 'was set by a later event',
} as const;

function noted(note: string | undefined, conflicts: readonly Conflict[]): string | undefined {
  const words = conflicts.map(({ field, rule, keptSourceId }) => {
    const by = rule === 'destination' || keptSourceId === undefined ? '' : ` (${keptSourceId})`;
    return `"${field}" was left out: it ${REASONS[rule]}${by}.`;
  });
  const all = [...(note === undefined ? [] : [note]), ...words];
  return all.length === 0 ? undefined : all.join(' ');
}

function timeOf(timestamp: string): number {
  const time = Date.parse(timestamp);
  return Number.isNaN(time) ? 0 : time;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
