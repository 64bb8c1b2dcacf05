import {
  cut,
  ERRORS,
  type Event,
  type Issue,
  type Judged,
  normaliseEvent,
  type Reception,
  type Result,
  shownIssues,
} from '@waybill/core';
import type { Appended, Carry, Log, LogEntry } from '@waybill/delivery';
import type { Refusals } from './refusals.ts';
import { marked, tooLarge, writtenEvent } from './ready.ts';
import { isTooLarge } from './sizes.ts';

/** A source, as far as an event needs it. */
export interface SourceName {
  readonly id: string;
  /** The key was the public one of its storefront: it may send what visitors do, and nothing else. */
  readonly storefront?: true;
}

/** Where events of one request, page or call come from. */
export interface Origin {
  /** Absent while nobody knows whose they are. */
  readonly source?: SourceName;
  /** Where they came in: the pattern of an address, or the stream of a source. An address itself may hold a key. */
  readonly path: string;
  /** What the events are a list of, for the places of problems: `batch`. */
  readonly list?: string;
  /** Events of the past, which a back-fill brings: they are marked `context.historical`. */
  readonly historical?: boolean;
  /** Whether no event can be too large, because all of them together are not. */
  readonly small?: boolean;
  /** Told of what is refused, with what there was no time to say before. */
  readonly warn?: (refused: object) => void;
}

/** Where events come from that are known to be of a source. */
export type KnownOrigin = Origin & { readonly source: SourceName };

/** What is known of events beside themselves; the intake knows the time. */
export type Given = Omit<Reception, 'receivedAt' | 'newMessageId'>;

/** An event that is not taken. */
export interface Refused {
  /** Its place among those that were given. */
  readonly index: number;
  readonly messageId?: string | undefined;
  readonly issues: readonly Issue[];
  /** The same may well be taken later: it is counted and not recorded. */
  readonly passing?: boolean;
}

/** What became of events that were given. */
export interface Taken {
  /** How many are on their way into the log. */
  readonly accepted: number;
  readonly refused: readonly Refused[];
  /** Resolves when they are durable; absent when there are none. */
  readonly stored?: Promise<void>;
}

/** An event that is ready for the log, or what the log has against it. */
export type ReadyEvent =
  { readonly ok: true; readonly entry: LogEntry } | { readonly ok: false; readonly issues: readonly Issue[] };

/** Whose a key is, or why nobody's: `waitMs` is for an address that has guessed too often. */
export type Authenticated =
  { readonly source: SourceName } | { readonly source?: undefined; readonly waitMs: number };

/** The one way into the log, for every source: the tracking API, webhooks, polls and back-fills. */
export interface Intake {
  /** The source of a key that came from an address. */
  authenticate(key: unknown, address: string): Authenticated;
  /**
   * Makes events of what a source has sent and hands the good ones to the log, which drops those that it has. The others are
   * refused one by one, and recorded with the reason.
   *
   * It ends before the commit and leaves nothing behind that holds the events: what is kept until the commit is copied by
   * every collection of garbage before it.
   */
  take(raws: readonly unknown[], origin: KnownOrigin, given?: Given): Taken;
  /**
   * The same, with what a source or a processor keeps in the same transaction. Resolves when all of it is durable; `stale`,
   * and nothing was written, when another holder has taken the owner over.
   */
  carry(
    raws: readonly unknown[],
    origin: KnownOrigin,
    carry: Carry,
  ): Promise<Omit<Taken, 'stored'> | 'stale'>;
  /** Makes an event ready for the log, or says why it takes none of it. Only what is against a plan is counted and recorded. */
  ready(raw: unknown, origin: KnownOrigin): ReadyEvent;
  /** The same for an event that was made ready in another thread, where nobody knows plans and who was deleted. */
  admit(entry: LogEntry, origin: KnownOrigin): ReadyEvent;
  /** Appends events that were made ready, all of one source, as `carry` does. */
  carryReady(sourceId: string, entries: readonly LogEntry[], carry: Carry): Promise<'stale' | 'carried'>;
  /** Counts and records events that nothing can be made of. */
  refuse(refused: readonly Omit<Refused, 'index'>[], origin: Origin): void;
}

/** Events of which a few are looked at: one may be read from its text when it is asked for. */
export type Sampled = Pick<readonly Event[], 'length' | 'at'>;

/** What the intake needs of the server. */
export interface IntakeInput {
  readonly log: Pick<Log, 'append'>;
  /** The source of a key; undefined for an unknown or disabled one. */
  readonly sourceOf: (key: string) => SourceName | undefined;
  /** Slows down who guesses keys: how many milliseconds an address must wait; 0 when the key counts. */
  readonly guesses: { judge(address: string, owner: string | undefined): number };
  readonly refusals: Pick<Refusals, 'add'>;
  readonly metrics: {
    accepted(sourceId: string, count: number): void;
    duplicate(sourceId: string, count: number): void;
    refused(code: string, count: number): void;
  };
  readonly now: () => number;
  readonly newMessageId: () => string;
  /** What repeats under a key is said now and then only. */
  readonly sparing: (key: string, say: (unsaid: number) => void) => void;
  /** Told of every event that became durable, where somebody follows them. */
  readonly traced?: ((sourceId: string, event: Event, began: number, ended: number) => void) | undefined;
  /** Holds an event against the plan of its source, and records what is against it; nothing when nothing is. */
  readonly judge?: ((sourceId: string, event: Event) => Judged | undefined) | undefined;
  /** Whether the person of an event was deleted, and events of them are refused. */
  readonly suppressed?: ((event: Event) => boolean) | undefined;
  /** Whether anything may be against an event of a source: a plan, or that somebody was deleted. Always, when absent. */
  readonly isJudged?: ((sourceId: string) => boolean) | undefined;
  /** Shown the good events of a call before they are stored: to look at a few of them, and to keep none. */
  readonly sampled?: ((sourceId: string, events: Sampled) => void) | undefined;
  /** Called after events were made durable. */
  readonly onStored: () => void;
}

/** Refusals of one call that are kept and logged: a request must not push out those of all others. */
const KEPT_OF_CALL = 100;
const LOGGED_OF_CALL = 3;
const KEPT_ISSUES = 5;

/** Makes the intake of a server. */
export function createIntake(input: IntakeInput): Intake {
  const refuse: Intake['refuse'] = (refused, { source, path, warn }) => {
    const at = new Date(input.now()).toISOString();
    const owner = source === undefined ? {} : { sourceId: source.id };
    for (const { messageId, issues, passing } of refused.slice(0, KEPT_OF_CALL)) {
      if (passing === true) continue;
      const named = messageId === undefined ? {} : { messageId };
      input.refusals.add({ at, ...owner, path, ...named, issues: shownIssues(issues, KEPT_ISSUES) });
    }
    for (const { issues } of refused) input.metrics.refused(issues[0]?.code ?? 'event_invalid', 1);
    if (warn === undefined) return;
    const messageIds = refused.slice(0, LOGGED_OF_CALL).map(({ messageId }) => messageId);
    const first = shownIssues(
      refused.flatMap(({ issues }) => issues),
      LOGGED_OF_CALL,
    );
    input.sparing(`refused ${source?.id}`, (unsaid) =>
      warn({ ...owner, refused: refused.length, messageIds, first, unsaid }),
    );
  };

  /** Makes events of the good ones; the others are refused. */
  const sort = (raws: readonly unknown[], origin: KnownOrigin, given: Given): Sorted => {
    const { now, newMessageId } = input;
    const reception: Reception = { ...given, receivedAt: now(), newMessageId };
    const events: Event[] = [];
    const refused: Refused[] = [];
    for (let index = 0; index < raws.length; index += 1) {
      const raw = raws[index];
      const result =
        origin.small !== true && isTooLarge(raw) ? tooLarge(raw) : normaliseEvent(raw, reception);
      const kept = result.ok ? planned(marked(result.value, origin.historical), origin, input) : result;
      if (kept.ok) events.push(kept.value);
      else refused.push(refusedAt(index, raw, kept.issues, origin.list));
    }
    if (refused.length > 0) refuse(refused, origin);
    if (events.length > 0) input.sampled?.(origin.source.id, events);
    return { events, refused };
  };

  return {
    authenticate(key, address) {
      const missing = typeof key !== 'string' || key === '';
      const source = missing ? undefined : input.sourceOf(key);
      const waitMs = missing ? 0 : input.guesses.judge(address, source?.id);
      return source === undefined || waitMs > 0 ? { waitMs } : { source };
    },
    take(raws, origin, given = {}) {
      const { events, refused } = sort(raws, origin, given);
      if (events.length === 0) return { accepted: 0, refused };
      return { accepted: events.length, refused, stored: store(origin.source.id, events, input) };
    },
    async carry(raws, origin, carry) {
      const { id } = origin.source;
      const { events, refused } = sort(raws, origin, {});
      const entries = events.map((event) => ({ sourceId: id, event }));
      const stored = await storeCarried(id, entries, carry, input);
      return stored === 'stale' ? stored : { accepted: events.length, refused };
    },
    ready: (raw, origin) => ready(raw, origin, input),
    admit: (entry, origin) =>
      input.isJudged?.(origin.source.id) === false ? { ok: true, entry } : admitted(entry, origin, input),
    carryReady(sourceId, entries, carry) {
      if (input.sampled !== undefined && entries.length > 0)
        input.sampled(sourceId, { length: entries.length, at: (index) => entries.at(index)?.event });
      return storeCarried(sourceId, entries, carry, input);
    },
    refuse,
  };
}

interface Sorted {
  readonly events: readonly Event[];
  readonly refused: readonly Refused[];
}

/** Resolves when the events are durable. Not an async function: that would hold the events until then. */
function store(sourceId: string, events: readonly Event[], input: IntakeInput): Promise<void> {
  const { note, fail } = noter(sourceId, events.length, () => events, input);
  return input.log.append(events.map((event) => ({ sourceId, event }))).then(note, fail);
}

async function storeCarried(
  sourceId: string,
  entries: readonly LogEntry[],
  carry: Carry,
  input: IntakeInput,
): Promise<'stale' | 'carried'> {
  const { note, fail } = noter(sourceId, entries.length, () => entries.map(({ event }) => event), input);
  const appended = await input.log.append(entries, carry).catch(fail);
  if (appended === 'stale') return appended;
  note(appended);
  return 'carried';
}

function ready(raw: unknown, origin: KnownOrigin, input: IntakeInput): ReadyEvent {
  const { now, newMessageId } = input;
  const written = writtenEvent(raw, { receivedAt: now(), newMessageId }, origin.historical);
  if (!written.ok) return written;
  const { event, text } = written.value;
  return admitted({ sourceId: origin.source.id, event, text }, origin, input);
}

/** The entry as it goes on by the plan of its source. */
function admitted(entry: LogEntry, origin: KnownOrigin, input: IntakeInput): ReadyEvent {
  const { event, sourceId } = entry;
  const kept = planned(event, origin, input);
  if (!kept.ok) return kept;
  if (kept.value === event) return { ok: true, entry };
  return { ok: true, entry: { sourceId, event: kept.value, text: JSON.stringify(kept.value) } };
}

/** The event as it goes on by the plan of its source, unless its person was deleted. */
function planned(event: Event, { source }: KnownOrigin, { judge, suppressed }: IntakeInput): Result<Event> {
  if (suppressed?.(event) === true) return SUPPRESSED;
  const judged = judge?.(source.id, event);
  if (judged === undefined) return { ok: true, value: event };
  if (!judged.blocked) return { ok: true, value: judged.event };
  const blocking = judged.violations.filter(({ done }) => done === 'blocked');
  return { ok: false, issues: blocking.map(({ code, path, message }) => ({ code, path, message })) };
}

/** What is to be done when events are durable, or could not be stored. It holds them only where somebody follows them. */
function noter(
  sourceId: string,
  count: number,
  events: () => readonly Event[],
  { metrics, traced, now, onStored }: IntakeInput,
): { note(appended: readonly Appended[]): void; fail(error: unknown): never } {
  const began = now();
  const followed = traced === undefined ? undefined : events();
  return {
    note(appended) {
      const fresh = appended.filter((one) => one.accepted).length;
      metrics.accepted(sourceId, fresh);
      if (fresh < count) metrics.duplicate(sourceId, count - fresh);
      if (fresh > 0) onStored();
      const ended = now();
      for (const event of followed ?? []) traced?.(sourceId, event, began, ended);
    },
    fail(error) {
      metrics.refused('server_storage_failed', count);
      throw error;
    },
  };
}

const SUPPRESSED: Result<Event> = {
  ok: false,
  issues: [{ code: 'deletion_suppressed', path: '', message: ERRORS.deletion_suppressed.message }],
};

function refusedAt(index: number, raw: unknown, issues: readonly Issue[], list: string | undefined): Refused {
  const messageId = (raw as { messageId?: unknown } | null | undefined)?.messageId;
  const at = (path: string): string => `${list}[${index}]${path === '' ? '' : `.${path}`}`;
  return {
    index,
    messageId: typeof messageId === 'string' ? cut(messageId, 100) : undefined,
    issues: list === undefined ? issues : issues.map((issue) => ({ ...issue, path: at(issue.path) })),
  };
}
