import {
  createPipeline,
  type ErrorCode,
  type Event,
  orderKey,
  type Outcome,
  type Pipeline,
  rejected,
  type ResolvedDestination,
  skipped,
} from '@waybill/core';
import { correctionsOf, eventsOf } from './corrections.ts';
import type { Log, LoggedEvent } from './stores/log.ts';
import type { Correction, DeadLetterFilter, DeadLetterRow, RetryRow } from './stores/rows.ts';
import type { State } from './stores/state.ts';
import { unprepared, WHOLE_EVENT } from './work.ts';

/** The number of dead letters replayed in one transaction. */
const STRIDE = 1_000;
/** The number of events per chunk: few enough not to delay deliveries. */
const CHUNK = 200;

/**
 * Replays the dead letters that match a filter in their lanes, due at once, with the current mappings, and from a `correction`
 * if there is one. Call it where the state is written, and wake the engine afterwards.
 */
export async function replayDeadLetters(
  state: Pick<State, 'deadLetters' | 'requeue'>,
  filter: DeadLetterFilter,
  now: number,
  correction?: Correction,
): Promise<{ readonly requeued: number }> {
  let requeued = 0;
  let afterId = filter.afterId ?? 0;
  let room = filter.limit ?? Number.POSITIVE_INFINITY;
  while (room > 0) {
    const rows = await state.deadLetters({
      ...filter,
      includeReplayed: false,
      withoutPayload: true,
      afterId,
      limit: Math.min(STRIDE, room),
    });
    const ids = rows.flatMap((row) => row.id ?? []);
    const last = ids.at(-1);
    if (last === undefined) break;
    requeued += await state.requeue(ids, now, correction);
    afterId = last;
    room -= ids.length;
  }
  return { requeued };
}

/** The number of items with the same expected outcome. */
export interface Forecast {
  readonly destination: string;
  readonly mappingId: string;
  /** `sent` for an item that is ready: the answer of the destination is unknown. */
  readonly outcome: 'sent' | 'skipped' | 'rejected' | 'retry';
  readonly code?: ErrorCode;
  readonly count: number;
}

/** Counts the outcomes of items. */
export interface Tally {
  add(
    destination: string,
    mappingId: string,
    outcome: { readonly status: string; readonly code?: string } | undefined,
  ): void;
  list(): readonly Forecast[];
}

/** Creates an empty tally. */
export function createTally(): Tally {
  const counts = new Map<string, { -readonly [K in keyof Forecast]: Forecast[K] }>();
  return {
    add(destination, mappingId, outcome) {
      // An outcome of the pipeline is never `delivered`.
      const status = (outcome?.status ?? 'sent') as Forecast['outcome'];
      const code = outcome?.code as ErrorCode | undefined;
      const key = `${destination} ${mappingId} ${status} ${code ?? ''}`;
      const known = counts.get(key);
      if (known !== undefined) known.count += 1;
      else {
        const base = { destination, mappingId, outcome: status, count: 1 };
        counts.set(key, code === undefined ? base : { ...base, code });
      }
    },
    list: () => [...counts.values()],
  };
}

/** What is read to determine the current outcomes of dead letters. */
export interface AfreshInput {
  readonly state: Pick<State, 'deadLetters' | 'corrections'>;
  readonly log: Pick<Log, 'read'>;
  readonly destinations: readonly ResolvedDestination[];
}

/**
 * Returns the outcomes of a replay of dead letters with the current mappings; changes nothing. A generator, so that the caller
 * can do other work in between.
 */
export async function* forecastDeadLetters(
  { destinations, ...stores }: AfreshInput,
  filter: DeadLetterFilter,
): AsyncGenerator<void, { readonly deadLetters: number; readonly outcomes: readonly Forecast[] }> {
  const pipelines = pipelinesOf(destinations);
  const tally = createTally();
  let seen = 0;
  let afterId = filter.afterId ?? 0;
  const most = filter.limit ?? Number.POSITIVE_INFINITY;
  while (seen < most) {
    const rows = await stores.state.deadLetters({
      ...filter,
      includeReplayed: false,
      withoutPayload: true,
      afterId,
      limit: Math.min(CHUNK, most - seen),
    });
    const last = rows.at(-1)?.id;
    if (last === undefined) break;
    const eventOf = await eventsOf(rows, stores);
    for (const row of rows) tally.add(row.destination, row.mappingId, afresh(row, eventOf(row), pipelines));
    seen += rows.length;
    afterId = last;
    yield;
  }
  return { deadLetters: seen, outcomes: tally.list() };
}

/** Returns how a replayed dead letter would end before it is sent; undefined when it would be sent. */
export function afresh(
  { destination, mappingId }: Pick<DeadLetterRow, 'destination' | 'mappingId'>,
  logged: LoggedEvent | undefined,
  pipelines: ReadonlyMap<string, Pipeline>,
): Outcome | undefined {
  if (logged === undefined) return rejected('retries_exhausted');
  const pipeline = pipelines.get(destination);
  if (pipeline === undefined) return skipped('mapping_removed');
  return prepareOne(pipeline, logged.event, mappingId).outcome;
}

/** Returns the pipelines of destinations, by ID. */
export function pipelinesOf(destinations: readonly ResolvedDestination[]): ReadonlyMap<string, Pipeline> {
  return new Map(destinations.map((one) => [one.id, pipelineOf(one)]));
}

/** Selects the events of a period for a replay. */
export interface PeriodFilter {
  /** Epoch milliseconds of arrival, both included. */
  readonly from: number;
  readonly to: number;
  readonly destination: string;
  /** Only this mapping; every matching one when absent. */
  readonly mappingId?: string;
  readonly sourceId?: string;
  /** The user, by order key: `u:…`, `e:…` or `a:…`. */
  readonly user?: string;
  readonly type?: string;
  /** Name of a track event. */
  readonly event?: string;
}

/** The result of one chunk of a replay. */
export interface PeriodChunk {
  /** The position up to which the log was read. */
  readonly after: number;
  readonly events: number;
  /** The number of waiting rows that were added, or would be. */
  readonly items: number;
  readonly done: boolean;
}

/**
 * Replays one chunk of a period: the events are prepared with the current mappings, and each item becomes a waiting one, due at
 * once, whose outcome replaces the earlier one. Events after the cursor of the lane, and waiting items, are left out. Call it
 * where the state is written.
 */
export async function replayChunk(
  input: {
    readonly log: Pick<Log, 'read'>;
    readonly state: Pick<State, 'lane' | 'retries' | 'settle' | 'corrections'>;
    readonly destination: ResolvedDestination;
    readonly now: number;
    readonly tally: Tally;
    readonly dryRun: boolean;
  },
  filter: PeriodFilter,
  after: number,
): Promise<PeriodChunk> {
  const { log, state, destination, now, tally, dryRun } = input;
  const events = await log.read({ arrived: filter, after: after, limit: CHUNK });
  const last = events.at(-1);
  if (last === undefined) return { after, events: 0, items: 0, done: true };
  const pipeline = pipelineOf(destination);
  const cursors = await cursorsOf(events, filter.destination, state);
  const chosen = events.filter(
    (one) =>
      one.damage === undefined &&
      one.seq <= (cursors.get(one.partition ?? 0) ?? 0) &&
      wanted(one, filter, destination),
  );
  const seqs = chosen.map((one) => one.seq);
  const correctionOf = await correctionsOf(seqs, state);
  const waiting = new Set(
    (await state.retries({ seqs }))
      .filter((row) => row.destination === filter.destination)
      .map((row) => `${row.seq} ${row.mappingId}`),
  );
  /** By partition, because each is a separate lane. */
  const retries = new Map<number, RetryRow[]>();
  let items = 0;
  for (const { seq, partition = 0, event } of chosen) {
    for (const [position, item] of prepare(pipeline, event).entries()) {
      const { mappingId } = item;
      if (filter.mappingId !== undefined && filter.mappingId !== mappingId) continue;
      if (waiting.has(`${seq} ${mappingId}`)) continue;
      const name = { destination: filter.destination, seq, mappingId };
      const correction = correctionOf(name);
      const made = correction === undefined ? item : prepareOne(pipeline, correction.event, mappingId);
      tally.add(filter.destination, mappingId, made.outcome);
      const row = { ...name, position, user: made.user, attempts: 0, dueAt: now };
      retries.set(partition, [...(retries.get(partition) ?? []), row]);
      items += 1;
    }
  }
  if (!dryRun)
    for (const [partition, rows] of retries)
      await state.settle({ destination: filter.destination, partition, retries: rows });
  return { after: last.seq, events: chosen.length, items, done: events.length < CHUNK };
}

/** The cursors of the lanes of a destination, by partition. */
async function cursorsOf(
  events: readonly LoggedEvent[],
  destination: string,
  state: Pick<State, 'lane'>,
): Promise<ReadonlyMap<number, number>> {
  const partitions = [...new Set(events.map(({ partition = 0 }) => partition))];
  const lanes = await Promise.all(partitions.map((partition) => state.lane({ destination, partition })));
  return new Map(partitions.map((partition, at) => [partition, lanes[at]?.cursor ?? 0]));
}

/** Cached by object: a replay has many chunks, and a changed destination is a new object. */
const compiled = new WeakMap<ResolvedDestination, Pipeline>();

function pipelineOf(destination: ResolvedDestination): Pipeline {
  const known = compiled.get(destination) ?? createPipeline(destination);
  compiled.set(destination, known);
  return known;
}

/** The pipeline result of an event for a mapping; without an outcome it would be sent. */
interface Made {
  readonly mappingId: string;
  readonly user: string;
  readonly outcome?: Outcome;
}

/** The items of an event; an event that cannot be prepared is one item without a mapping, which the lane splits again. */
function prepare(pipeline: Pipeline, event: Event): readonly Made[] {
  return guarded(event, WHOLE_EVENT, () => pipeline.prepare(event).items);
}

/** The item of a mapping; without a mapping, the whole event, which would be sent when one of its items would. */
function prepareOne(pipeline: Pipeline, event: Event, mappingId: string): Made {
  const [first, ...others] = guarded(event, mappingId, () => {
    if (mappingId !== WHOLE_EVENT) return [pipeline.prepareOne(event, mappingId, 1)];
    const made = pipeline.prepare(event);
    return 'skipped' in made ? [{ mappingId, user: orderKey(event), outcome: made.skipped }] : made.items;
  });
  return [first!, ...others].find(({ outcome }) => outcome === undefined) ?? first!;
}

function guarded(event: Event, mappingId: string, make: () => readonly Made[]): readonly Made[] {
  try {
    return make();
  } catch (error) {
    return [{ mappingId, user: orderKey(event), outcome: unprepared(error) }];
  }
}

function wanted(
  { sourceId, event }: LoggedEvent,
  filter: PeriodFilter,
  destination: ResolvedDestination,
): boolean {
  if (destination.sources !== undefined && !destination.sources.includes(sourceId)) return false;
  return (
    (filter.sourceId === undefined || filter.sourceId === sourceId) &&
    (filter.type === undefined || filter.type === event.type) &&
    (filter.event === undefined || filter.event === event.event) &&
    (filter.user === undefined || filter.user === orderKey(event))
  );
}
