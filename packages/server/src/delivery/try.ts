import type { SentTest, Tried, TriedEvent } from '@waybill/api';
import {
  type DestinationConfig,
  explainEvent,
  type ExplainedMapping,
  type Issue,
  type MappingConfig,
  planCalls,
  type Prepared,
  type PreparedItem,
  type ReadyItem,
  type ResolvedDestination,
} from '@waybill/core';
import { createTally, type Engine, type LoggedEvent, type Rehearsal } from '@waybill/delivery';

/** A mapping, and the events to test it with. */
export interface TryQuestion {
  /** The destination, with only this mapping. */
  readonly config: DestinationConfig;
  /** The mapping to compare with; absent for no comparison, null to compare with none. */
  readonly against?: MappingConfig | null;
  readonly events: readonly LoggedEvent[];
  readonly requests: boolean;
  readonly brief: boolean;
}

/** The functions of the delivery thread for a test run. */
export interface TryTools {
  readonly resolve: (config: DestinationConfig) => ResolvedDestination;
  readonly rehearse: Engine['rehearse'];
}

/** The limits of one test run: it runs on the thread that delivers. Events per step, in full detail, with requests. */
const TRY_LIMITS = { chunk: 20, full: 100, requests: 20, milliseconds: 5_000, bytes: 4 * 2 ** 20 };

/** Tests a mapping with events, in small steps; deliveries continue in between. Nothing is sent. */
export async function tryMapping(
  { config, against, events, requests, brief }: TryQuestion,
  { resolve, rehearse }: TryTools,
): Promise<Tried> {
  const destination = resolve(config);
  const draft = await rehearse(destination);
  const other = against ? await rehearse(resolve({ ...config, mappings: [against] })) : undefined;
  const tried: TriedEvent[] = [];
  const before: TriedEvent['outcome'][] = [];
  const ready = new Map<ReadyItem, number>();
  const began = performance.now();
  let [bytes, asked] = [0, 0];
  const isLate = (): boolean => performance.now() - began > TRY_LIMITS.milliseconds;
  for (let at = 0; at < events.length && !isLate(); at += TRY_LIMITS.chunk) {
    const chunk = events.slice(at, at + TRY_LIMITS.chunk);
    const made = await draft.prepare(chunk);
    const others = await other?.prepare(chunk);
    for (const [index, logged] of chunk.entries()) {
      // An action may be slow to build its requests.
      if (asked > 0 && isLate()) break;
      const one = made[index]!;
      const then = against === undefined ? undefined : (others?.[index] ?? NOTHING);
      const isFull = !brief && tried.length < TRY_LIMITS.full && bytes < TRY_LIMITS.bytes;
      const item = one.items[0]?.kind === 'ready' ? one.items[0] : undefined;
      const row: TriedEvent = {
        ...briefly(logged, one),
        ...(isFull ? fully(destination, logged, one) : {}),
        ...(then === undefined ? {} : compared(one, then, isFull)),
        ...(requests && item !== undefined && asked < TRY_LIMITS.requests
          ? await requestsOf(draft, logged, item)
          : {}),
      };
      if (isFull) bytes += JSON.stringify(row).length;
      if (row.requests !== undefined) asked += 1;
      if (item !== undefined && row.outcome === undefined) ready.set(item, tried.length);
      tried.push(row);
      if (then !== undefined) before.push(endOf(then).outcome);
    }
    await new Promise((done) => setImmediate(done));
  }
  const calls = planCalls([...ready.keys()]).flat();
  for (const [number, { items }] of calls.entries())
    for (const item of items) tried[ready.get(item)!] = { ...tried[ready.get(item)!]!, call: number + 1 };
  return {
    events: tried,
    totals: {
      ...totalsOf(destination, tried),
      calls: calls.length,
      ...(against === undefined
        ? {}
        : { changed: tried.filter((one) => one.changed).length, before: outcomesOf(destination, before) }),
    },
    complete: tried.length === events.length,
  };
}

function totalsOf(
  destination: ResolvedDestination,
  tried: readonly TriedEvent[],
): Pick<Tried['totals'], 'events' | 'matched' | 'outcomes'> {
  return {
    events: tried.length,
    matched: tried.filter(({ matched }) => matched).length,
    outcomes: outcomesOf(
      destination,
      tried.map(({ outcome }) => outcome),
    ),
  };
}

function outcomesOf(
  { id, mappings }: ResolvedDestination,
  outcomes: readonly TriedEvent['outcome'][],
): Tried['totals']['outcomes'] {
  const tally = createTally();
  for (const outcome of outcomes) tally.add(id, mappings[0]?.id ?? '', outcome);
  return tally.list();
}

/** Returns whether the destination would receive something else, and the full result. */
function compared(made: Prepared, then: Prepared, isFull: boolean): Pick<TriedEvent, 'changed' | 'before'> {
  const changed = signature(made) !== signature(then);
  return isFull ? { changed, before: { matched: then.items.length > 0, ...endOf(then) } } : { changed };
}

/** Really sends one event with a mapping, and returns the request and the answer. */
export async function sendTest(
  config: DestinationConfig,
  logged: LoggedEvent,
  { resolve, rehearse }: TryTools,
): Promise<SentTest> {
  const destination = resolve(config);
  const rehearsal = await rehearse(destination);
  const [made] = await rehearsal.prepare([logged]);
  if (made === undefined || 'skipped' in made) return { outcome: made!.skipped, exchanges: [] };
  const item = made.items[0]!;
  if (item.kind === 'ended') return { outcome: item.outcome, exchanges: [], ...payloadOf(item) };
  const { outcome, exchanges } = await rehearsal.send(logged, item);
  return {
    outcome,
    exchanges: exchanges.map((one, id) => ({ id, destination: destination.id, ...one })),
    ...payloadOf(item),
  };
}

/** The result of an event without a mapping. */
const NOTHING: Prepared = {
  items: [],
  skipped: { status: 'skipped', code: 'no_matching_mapping', message: '' },
};

function briefly({ event }: LoggedEvent, made: Prepared): TriedEvent {
  const { messageId, type, userId: user = event.anonymousId } = event;
  const name = event.event ?? event.name;
  const { outcome } = endOf(made);
  return {
    messageId,
    type,
    matched: made.items.length > 0,
    ...(typeof name === 'string' ? { event: name } : {}),
    ...(user === undefined ? {} : { user }),
    ...(outcome === undefined ? {} : { outcome }),
  };
}

type Full = Pick<TriedEvent, 'payload' | 'explanation' | 'changes' | 'issues' | 'identity'>;

function fully(destination: ResolvedDestination, { event }: LoggedEvent, made: Prepared): Full {
  const explained = explainEvent(destination, event).mappings[0];
  const item = made.items[0];
  const identity = item?.kind === 'ready' ? item.item.identity : undefined;
  const issues = issuesOf(explained, item);
  return {
    ...(item === undefined ? {} : payloadOf(item)),
    ...(explained === undefined
      ? {}
      : {
          explanation: {
            trigger: explained.trigger,
            ...(explained.mapping === undefined ? {} : { mapping: explained.mapping }),
          },
        }),
    ...(explained?.changes === undefined ? {} : { changes: explained.changes }),
    ...(issues.length === 0 ? {} : { issues }),
    ...(identity === undefined ? {} : { identity }),
  };
}

/** Returns the issues of the fields; a problem of the whole is one of them. */
function issuesOf(explained: ExplainedMapping | undefined, item: PreparedItem | undefined): readonly Issue[] {
  if (explained?.issues !== undefined) return explained.issues;
  if (item?.kind !== 'ended' || item.outcome.status !== 'rejected') return [];
  const { code, message, field = '' } = item.outcome;
  return [{ code, path: field, message }];
}

function payloadOf(item: PreparedItem): { readonly payload?: unknown } {
  const payload = item.kind === 'ready' ? item.item.payload : item.payload;
  return payload === undefined ? {} : { payload };
}

function endOf(made: Prepared): Pick<TriedEvent, 'outcome' | 'payload'> {
  if ('skipped' in made) return { outcome: made.skipped };
  const item = made.items[0]!;
  return item.kind === 'ended' ? { outcome: item.outcome, ...payloadOf(item) } : payloadOf(item);
}

/** Returns the same string for equal input of the destination: payload and identifiers, or the reason why it gets none. */
function signature(made: Prepared): string {
  if ('skipped' in made) return '';
  const item = made.items[0]!;
  if (item.kind === 'ready') return JSON.stringify([item.item.payload, item.item.identity]);
  const { outcome } = item;
  return outcome.status === 'delivered' ? outcome.status : `${outcome.status} ${outcome.code}`;
}

async function requestsOf(
  rehearsal: Rehearsal,
  logged: LoggedEvent,
  item: ReadyItem,
): Promise<Pick<TriedEvent, 'requests' | 'outcome'>> {
  const { outcome, exchanges } = await rehearsal.requests(logged, item);
  return {
    requests: exchanges.map(({ request }) => request),
    ...(outcome === undefined || outcome.status === 'delivered' ? {} : { outcome }),
  };
}
