import type { ResolvedSource, SourceEvent } from '@waybill/core';
import type { CarriedWrite, Lease, Log, LogEntry, TimerWrite } from '@waybill/delivery';
import type { Intake, KnownOrigin, ReadyEvent } from '../intake/intake.ts';
import type { Asides } from './aside.ts';
import type { Changes, References } from './compare.ts';
import { EventRefused, prepare } from './prepare.ts';
import { areAway, type GoneRow, type Rows } from './rows.ts';
import type { ShopCursor } from './tasks.ts';

/** The results of a step. */
export interface Step {
  readonly rows: Rows;
  /** Deleted rows. */
  readonly gone?: readonly GoneRow[];
  readonly timers?: readonly TimerWrite[];
  /** Other values to store. */
  readonly state?: readonly CarriedWrite[];
  readonly cursor?: ShopCursor;
  /** Whether the cursor alone does not need a commit. */
  readonly idle?: boolean;
  /** Whether first-seen objects are historical. */
  readonly historical: boolean;
  /** Where it arrived. */
  readonly path: string;
}

/** The inputs of settling. */
export interface SettleInput {
  readonly source: ResolvedSource;
  readonly log: Pick<Log, 'carried'>;
  readonly intake: Pick<Intake, 'ready' | 'admit' | 'carryReady' | 'refuse'>;
  readonly changes?: Changes;
  readonly references?: References;
  readonly asides: Asides;
  readonly now: () => number;
}

/** Writes all results of a step in one transaction: events, states, finished hints, and the cursor. */
export type Settle = (lease: Lease<string>, step: Step) => Promise<'stale' | Settled>;

/** What was written. */
export interface Settled {
  readonly events: number;
  /** Whether anything was new: an event, or a stored value. */
  readonly isNew: boolean;
}

/** Creates the function that settles steps of a source. Rows are processed in their thread; results are written here. */
export function createSettle(input: SettleInput): Settle {
  const { source, intake, asides } = input;

  /** Returns the entry of an event; undefined when its person was deleted. */
  const entryOf = (
    event: Pick<SourceEvent, 'event' | 'type' | 'messageId'>,
    made: ReadyEvent,
    origin: KnownOrigin,
  ): LogEntry | undefined => {
    if (made.ok) return made.entry;
    const [issue] = made.issues;
    if (issue!.code !== 'deletion_suppressed') throw new EventRefused(event, issue!);
    // The row is valid: it is processed as usual, except events of a deleted person.
    intake.refuse([{ messageId: event.messageId, issues: made.issues }], origin);
    return undefined;
  };

  const followsFrom = async (lease: Lease<string>, { rows, gone = [], historical, path }: Step) => {
    const origin = { source, path };
    const how = { owner: lease.key, gone, historical, hasAsides: asides.list().length > 0 };
    if (!areAway(rows)) {
      const ready = (event: SourceEvent): LogEntry | undefined =>
        entryOf(event, intake.ready(event, origin), origin);
      return prepare(rows, how, { ...input, ready });
    }
    const prepared = await rows.prepare(how);
    const entries = prepared.entries.flatMap((entry) => {
      const made = intake.admit(entry, origin);
      return (made.ok ? made.entry : entryOf(entry.event, made, origin)) ?? [];
    });
    return { ...prepared, entries };
  };

  return async (lease, step) => {
    const { entries, events, state: fresh, asides: changed } = await followsFrom(lease, step);
    for (const one of changed) {
      if ('read' in one) asides.remove(one.read);
      else asides.add(one);
    }
    const state: readonly CarriedWrite[] = [...fresh, ...(step.state ?? []), ...asides.writes()];
    const { timers = [], cursor, idle = cursor === undefined } = step;
    const isNew = events + state.length > 0;
    if (idle && !isNew && timers.length === 0) return { events: 0, isNew };
    const carry = {
      lease,
      state,
      timers,
      ...(cursor === undefined ? {} : { cursor: JSON.stringify(cursor) }),
    };
    const taken = await intake.carryReady(source.id, entries, carry);
    return taken === 'stale' ? 'stale' : { events, isNew };
  };
}
