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

/** The parts of a source that an event needs. */
export interface SourceName {
  readonly id: string;
  /** Whether the key was the public one of its storefront, which may only send events of visitors. */
  readonly storefront?: true;
}

/** The origin of events of one request, page or call. */
export interface Origin {
  /** Absent while unknown. */
  readonly source?: SourceName;
  /** Where they arrived: the pattern of a URL, or the stream of a source. A URL itself may contain a key. */
  readonly path: string;
  /** The name of the list of events, for paths of problems: `batch`. */
  readonly list?: string;
  /** Whether they are historical: marked `context.historical`. */
  readonly historical?: boolean;
  /** Whether no event can be too large, because all together are not. */
  readonly small?: boolean;
  /** Called with refusals whose details were computed later. */
  readonly warn?: (refused: object) => void;
}

/** An origin with a known source. */
export type KnownOrigin = Origin & { readonly source: SourceName };

/** What is known about events apart from their content; the intake adds the time. */
export type Given = Omit<Reception, 'receivedAt' | 'newMessageId'>;

/** A refused event. */
export interface Refused {
  /** Its index in the input. */
  readonly index: number;
  readonly messageId?: string | undefined;
  readonly issues: readonly Issue[];
  /** Whether a retry may succeed: it is counted but not recorded. */
  readonly passing?: boolean;
}

/** The result for the given events. */
export interface Taken {
  /** The number of accepted events. */
  readonly accepted: number;
  readonly refused: readonly Refused[];
  /** Resolves when they are durable; absent when there are none. */
  readonly stored?: Promise<void>;
}

/** An event that is ready for the log, or why it is refused. */
export type ReadyEvent =
  { readonly ok: true; readonly entry: LogEntry } | { readonly ok: false; readonly issues: readonly Issue[] };

/** The source of a key, or why there is none: `waitMs` is for a client that has guessed too often. */
export type Authenticated =
  { readonly source: SourceName } | { readonly source?: undefined; readonly waitMs: number };

/** The only way into the log, for every source: the tracking API, webhooks, polls and back-fills. */
export interface Intake {
  /** Returns the source of a key that a client sent. */
  authenticate(key: unknown, address: string): Authenticated;
  /**
   * Creates events from the input of a source and appends the valid ones to the log, which drops duplicates. The others are
   * refused one by one, and recorded with the reason.
   *
   * Returns before the commit and retains no reference to the events: every garbage collection before the commit would copy
   * them.
   */
  take(raws: readonly unknown[], origin: KnownOrigin, given?: Given): Taken;
  /**
   * The same, with a carry of a source or a processor in the same transaction. Resolves when all is durable; `stale`, with
   * nothing written, when another holder has taken over the owner.
   */
  carry(
    raws: readonly unknown[],
    origin: KnownOrigin,
    carry: Carry,
  ): Promise<Omit<Taken, 'stored'> | 'stale'>;
  /** Prepares an event for the log, or returns why it is refused. Only violations of a plan are counted and recorded. */
  ready(raw: unknown, origin: KnownOrigin): ReadyEvent;
  /** The same for an event that was prepared in another thread, which does not know plans and deletions. */
  admit(entry: LogEntry, origin: KnownOrigin): ReadyEvent;
  /** Appends prepared events of one source, like `carry`. */
  carryReady(sourceId: string, entries: readonly LogEntry[], carry: Carry): Promise<'stale' | 'carried'>;
  /** Counts and records invalid events. */
  refuse(refused: readonly Omit<Refused, 'index'>[], origin: Origin): void;
}

/** Events for sampling, parsed on demand. */
export type Sampled = Pick<readonly Event[], 'length' | 'at'>;

/** The inputs of the intake. */
export interface IntakeInput {
  readonly log: Pick<Log, 'append'>;
  /** The source of a key; undefined for an unknown or disabled one. */
  readonly sourceOf: (key: string) => SourceName | undefined;
  /** Rate-limits guessing of keys: returns the milliseconds that a client must wait; 0 when the key may be checked. */
  readonly guesses: { judge(address: string, owner: string | undefined): number };
  readonly refusals: Pick<Refusals, 'add'>;
  readonly metrics: {
    accepted(sourceId: string, count: number): void;
    duplicate(sourceId: string, count: number): void;
    refused(code: string, count: number): void;
  };
  readonly now: () => number;
  readonly newMessageId: () => string;
  /** Logs repeated messages with the same key only occasionally. */
  readonly sparing: (key: string, say: (unsaid: number) => void) => void;
  /** Called with every durable event, if there are followers. */
  readonly traced?: ((sourceId: string, event: Event, began: number, ended: number) => void) | undefined;
  /** Checks an event against the plan of its source, and records violations; undefined without any. */
  readonly judge?: ((sourceId: string, event: Event) => Judged | undefined) | undefined;
  /** Whether the person of an event was deleted, so that it is refused. */
  readonly suppressed?: ((event: Event) => boolean) | undefined;
  /** Whether an event of a source may be refused: because of a plan or a deletion. Always, when absent. */
  readonly isJudged?: ((sourceId: string) => boolean) | undefined;
  /** Called with the valid events of a call before they are stored: to sample some, without retaining them. */
  readonly sampled?: ((sourceId: string, events: Sampled) => void) | undefined;
  /** Called after events were made durable. */
  readonly onStored: () => void;
}

/** The maximum number of recorded and logged refusals per call: one request must not displace those of others. */
const KEPT_OF_CALL = 100;
const LOGGED_OF_CALL = 3;
const KEPT_ISSUES = 5;

/** Creates the intake of a server. */
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

  /** Creates events from the valid inputs; the others are refused. */
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

/** Resolves when the events are durable. Not async: a suspended function would retain the events until then. */
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

/** Applies the plan of the source to an entry. */
function admitted(entry: LogEntry, origin: KnownOrigin, input: IntakeInput): ReadyEvent {
  const { event, sourceId } = entry;
  const kept = planned(event, origin, input);
  if (!kept.ok) return kept;
  if (kept.value === event) return { ok: true, entry };
  return { ok: true, entry: { sourceId, event: kept.value, text: JSON.stringify(kept.value) } };
}

/** Applies the plan of the source to an event, unless its person was deleted. */
function planned(event: Event, { source }: KnownOrigin, { judge, suppressed }: IntakeInput): Result<Event> {
  if (suppressed?.(event) === true) return SUPPRESSED;
  const judged = judge?.(source.id, event);
  if (judged === undefined) return { ok: true, value: event };
  if (!judged.blocked) return { ok: true, value: judged.event };
  const blocking = judged.violations.filter(({ done }) => done === 'blocked');
  return { ok: false, issues: blocking.map(({ code, path, message }) => ({ code, path, message })) };
}

/** Creates the callback for when events are durable, or could not be stored. It retains them only if there are followers. */
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
