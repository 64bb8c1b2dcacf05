import { createHash } from 'node:crypto';
import { type ChangeContext, changesOf, referencesOf } from '@waybill/commerce';
import type {
  Issue,
  ResolvedSource,
  RowQuery,
  ShopGone,
  ShopSettings,
  ShopState,
  SourceEvent,
  UnreadablePart,
} from '@waybill/core';
import type { CarriedWrite, Lease, Log, LogEntry, TimerWrite } from '@waybill/delivery';
import type { Intake } from '../intake/intake.ts';
import { asideKey, type Asides, partKey, type SetAside, textOfRow } from './aside.ts';
import { type Changes, compare, type KeptState, type References, stateKey } from './compare.ts';
import { createConsentFilter } from './consent/filter.ts';
import { readVisits } from './storefront/join.ts';
import { statesOf, thrown } from './states.ts';
import type { ShopCursor } from './tasks.ts';

/** A row that was read, and how it is read again. */
export interface ReadRow {
  readonly stream: string;
  readonly row: unknown;
  /** Its id, where it is known. */
  readonly id?: string;
  readonly query?: RowQuery;
  /** Why nothing can be made of it: its place is not known. */
  readonly unplaced?: unknown;
}

/** What a step has brought. */
export interface Step {
  readonly rows: readonly ReadRow[];
  /** Rows that the shop has no more. */
  readonly gone?: readonly { readonly stream: string; readonly id: string }[];
  readonly timers?: readonly TimerWrite[];
  /** What is kept beside states. */
  readonly state?: readonly CarriedWrite[];
  readonly cursor?: ShopCursor;
  /** Whether the cursor alone is not worth a commit. */
  readonly idle?: boolean;
  /** Whether what is seen for the first time is history. */
  readonly historical: boolean;
  /** Where it came in. */
  readonly path: string;
}

/** What settling takes. */
export interface SettleInput {
  readonly source: ResolvedSource;
  readonly log: Pick<Log, 'carried'>;
  readonly intake: Pick<Intake, 'ready' | 'carryReady' | 'refuse'>;
  readonly changes?: Changes;
  readonly references?: References;
  readonly asides: Asides;
  readonly now: () => number;
}

/** Writes all that follows from a step in one transaction: events, states, hints that are done with, and the cursor. */
export type Settle = (lease: Lease<string>, step: Step) => Promise<'stale' | { readonly events: number }>;

/** What is told of one row. */
interface Told {
  readonly read?: ReadRow;
  readonly states: readonly (ShopState | ShopGone)[];
  /** Parts of the row that nothing can be made of. */
  readonly unreadable?: readonly UnreadablePart[];
}

/** An event that the log does not take: its row is set aside, and its state is not kept, so that it can be told later. */
class EventRefused extends Error {
  readonly issue: Issue;
  constructor({ event, type }: SourceEvent, issue: Issue) {
    super(issue.message);
    this.issue = { ...issue, path: '', message: `"${event ?? type}": ${issue.message}` };
  }
}

/** Settles the steps of a source. */
export function createSettle(input: SettleInput): Settle {
  const { source, log, intake, asides, now, changes = changesOf, references = referencesOf } = input;
  const { streams } = source.source!.shop!;
  const setAside = (read: ReadRow, issue: Issue): void => asides.add(asideOf(read, issue, now()));

  const toldBy = async ({ rows, gone = [] }: Step): Promise<readonly Told[]> => {
    const told: Told[] = [];
    for (const [at, read] of rows.entries()) {
      if (isLong(at)) await breathe();
      const made =
        read.unplaced === undefined
          ? statesOf(streams[read.stream]!, read.row, source.settings)
          : { issue: thrown(read.unplaced) };
      if ('issue' in made) setAside(read, made.issue);
      else told.push({ read, ...made });
    }
    for (const { stream, id } of gone)
      told.push({ states: streams[stream]!.kinds.map((kind) => ({ kind, id, gone: true }) as const) });
    return told;
  };

  const entriesOf = (event: SourceEvent, { path }: Step): readonly LogEntry[] => {
    const ready = intake.ready(event, { source, path });
    if (ready.ok) return [ready.entry];
    const [issue] = ready.issues;
    if (issue!.code !== 'deletion_suppressed') throw new EventRefused(event, issue!);
    // Nothing is wrong with the row: it is told of as usual, but for what concerns somebody who was deleted.
    intake.refuse([{ messageId: event.messageId, issues: ready.issues }], { source, path });
    return [];
  };

  const keptOf = async (lease: Lease<string>, keys: readonly string[]): Promise<Map<string, KeptState>> => {
    if (keys.length === 0) return new Map();
    const { state } = await log.carried(lease.key, keys);
    return new Map([...state].map(([key, value]) => [key, keptStateOf(value)]));
  };

  return async (lease, step) => {
    const told = await toldBy(step);
    const consents = createConsentFilter(source);
    const known = await keptOf(lease, keysOf(told, references));
    if (consents !== undefined) {
      const all = [...known.values()].map(({ state }) => state);
      const people = [...all, ...told.flatMap(({ states }) => states)].flatMap(consents.keysOf);
      if (people.length > 0) consents.load((await log.carried(lease.key, [...new Set(people)])).state);
    }
    const decided = consents?.filtered(changes) ?? changes;
    const context: ChangeContext = {
      platform: source.source!.slug,
      source: source.id,
      settings: source.settings as ShopSettings,
      now: now(),
      known: (kind, id) => {
        const found = known.get(stateKey({ kind, id }))?.state;
        return found === undefined || 'gone' in found ? undefined : (found as never);
      },
    };
    const events: SourceEvent[] = [];
    const entries: LogEntry[] = [];
    const fresh = new Map<string, KeptState>();
    const hasStorefront = source.settings['storefrontKey'] !== undefined;
    const all = hasStorefront ? told.flatMap(({ states }) => states) : [];
    const visits = await readVisits(all, { log, lease, now });
    for (const [at, { read, states, unreadable = [] }] of told.entries()) {
      if (isLong(at)) await breathe();
      try {
        const { historical } = step;
        const met = hasStorefront
          ? states.map((one) => visits.met(one, known.get(stateKey(one))?.state))
          : states;
        const compared = compare(met, known, { changes: decided, context, historical });
        entries.push(...compared.events.flatMap((event) => entriesOf(event, step)));
        events.push(...compared.events);
        for (const [key, kept] of compared.kept) {
          known.set(key, kept);
          fresh.set(key, kept);
        }
        if (read?.id !== undefined) asides.remove(asideKey(read.stream, read.id));
        for (const one of unreadable) asides.add(asidePartOf(read!, one, now()));
      } catch (error) {
        if (read === undefined) throw error;
        setAside(read, error instanceof EventRefused ? error.issue : thrown(error));
      }
    }
    const state: readonly CarriedWrite[] = [
      ...[...fresh].map(([key, { text }]) => ({ key, value: Buffer.from(text) })),
      ...(await visits.named(events)),
      ...(consents?.writes() ?? []),
      ...(step.state ?? []),
      ...asides.writes(),
    ];
    const { timers = [], cursor, idle = cursor === undefined } = step;
    if (idle && events.length + state.length + timers.length === 0) return { events: 0 };
    const carry = {
      lease,
      state,
      timers,
      ...(cursor === undefined ? {} : { cursor: JSON.stringify(cursor) }),
    };
    const taken = await intake.carryReady(source.id, entries, carry);
    return taken === 'stale' ? 'stale' : { events: events.length };
  };
}

/** The keys of states, and of what they refer to, each once. */
function keysOf(told: readonly Told[], references: References): readonly string[] {
  const keys = new Set<string>();
  for (const { states } of told)
    for (const one of states) {
      keys.add(stateKey(one));
      for (const other of references(one)) keys.add(stateKey(other));
    }
  return [...keys];
}

/** Rows of a long page between which requests have their turn. */
const BREATH = 25;

function isLong(at: number): boolean {
  return at > 0 && at % BREATH === 0;
}

function breathe(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

function keptStateOf(value: Uint8Array): KeptState {
  const text = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString();
  return { state: JSON.parse(text) as ShopState | ShopGone, text };
}

/** A part that is set aside: the key of its row, and one of its own. */
function asidePartOf(read: ReadRow, { message, part }: UnreadablePart, at: number): SetAside {
  const whole = asideOf({ ...read, row: part }, thrown(message), at);
  return read.id === undefined ? whole : { ...whole, key: partKey(whole.key, whole.text ?? '') };
}

function asideOf({ stream, row, id, query }: ReadRow, issue: Issue, at: number): SetAside {
  const text = textOfRow(row);
  const { code, path, message } = issue;
  return {
    key:
      id === undefined
        ? `${stream} #${createHash('sha256').update(text).digest('hex')}`
        : asideKey(stream, id),
    stream,
    ...(id === undefined ? {} : { row: id }),
    ...(query === undefined ? {} : { query }),
    at,
    code,
    message: path === '' ? message : `${path}: ${message}`,
    text,
  };
}
