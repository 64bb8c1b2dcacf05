import {
  completeItems,
  isIncomplete,
  orderKey,
  type Outcome,
  type Prepared,
  type PreparedItem,
  type ReadyItem,
  recalling,
  type ResolvedDestination,
  retry,
  volatileState,
} from '@waybill/core';
import { createDeltaFilter } from '../delta/filter.ts';
import { createLaneMemory } from '../delta/lane-memory.ts';
import { createRequest, type RecordedRequest } from '../request/request.ts';
import type { Transport } from '../request/transport.ts';
import type { LoggedEvent } from '../stores/log.ts';
import { toWork, unprepared, WHOLE_EVENT } from '../work.ts';
import { askedRequest } from './asked.ts';
import { makeAudience } from './audiences.ts';
import { makeCall } from './call.ts';
import { type Compiled, compileLane } from './compile.ts';
import type { Rehearsal, Rehearsed } from './engine.ts';
import type { Lane } from './lane.ts';
import type { LaneShared } from './lane-shared.ts';

/** The maximum number of simulated requests per item: an action may wait for an answer that never comes. */
const MOST_REQUESTS = 20;

/** The timeout of an action in milliseconds: a person waits for it. */
const PATIENCE = { requests: 3_000, send: 25_000 };

/** Rehearses a destination; rejects when it cannot be compiled. */
export async function rehearse(
  destination: ResolvedDestination,
  lane: Lane | undefined,
  shared: LaneShared,
): Promise<Rehearsal> {
  const calm = { ...shared, box: undefined, unchecked: true };
  const compiled = await compileLane(destination, calm, lane?.compiled());
  // Reads the settled state of the lane; staged values end with the rehearsal.
  const memory = createLaneMemory(shared.state, destination.id);
  const filter = createDeltaFilter(destination, memory, shared.now);

  const call = async (
    logged: LoggedEvent,
    ready: ReadyItem,
    how: { readonly instance: unknown; readonly recorder: RecordedRequest; readonly patience: number },
  ): Promise<Rehearsed> => {
    const { mappingId, user } = ready;
    const works = [toWork({ logged, mappingId, position: 0, user, attempts: 0 }, ready)];
    const answer = makeCall(ready.rule.action, works, {
      pipeline: compiled.pipeline,
      settings: destination.settings,
      instance: how.instance,
      now: shared.now,
      createRequest: () => how.recorder,
      exchangeIds: async () => 0,
      redactor: compiled.redactor,
      memory,
      filter: await filter?.(works),
    });
    const made = await within(answer, how.patience);
    const outcome = made?.sent[0]?.outcome;
    const exchanges = [...how.recorder.exchanges];
    return outcome === undefined ? { exchanges } : { outcome, exchanges };
  };

  return {
    async prepare(events) {
      const prepared = await recalling(
        (recall) => events.map(({ event }) => guarded(() => compiled.pipeline.prepare(event, recall), event)),
        memory.recall,
      );
      return isIncomplete(destination.destination)
        ? complete(prepared, destination, memory.recall)
        : prepared;
    },
    async requests(logged, item) {
      const recorder = createRequest({
        transport: answering(),
        redactor: compiled.redactor,
        now: shared.now,
      });
      const made = await call(logged, item, {
        instance: freshInstance(destination, compiled),
        recorder,
        patience: PATIENCE.requests,
      });
      // The outcome of an action after a simulated answer means nothing.
      return made.exchanges.length === 0 ? made : { exchanges: made.exchanges };
    },
    async send(logged, given) {
      const recorder = askedRequest(compiled, shared, AbortSignal.timeout(PATIENCE.send));
      const { instance } = compiled;
      const item = await withAudience(logged, given, compiled, { shared, recorder });
      if ('outcome' in item) return { outcome: item.outcome, exchanges: [...recorder.exchanges] };
      const made = await call(logged, item, { instance, recorder, patience: PATIENCE.send });
      const { outcome = retry('destination_timeout'), exchanges } = made;
      return { outcome, exchanges };
    },
  };
}

/** An item with its audience, which is created if needed, because the item is really sent. */
async function withAudience(
  logged: LoggedEvent,
  item: ReadyItem,
  compiled: Compiled,
  { shared, recorder }: { readonly shared: LaneShared; readonly recorder: RecordedRequest },
): Promise<ReadyItem | { readonly outcome: Outcome }> {
  if (item.audience === undefined) return item;
  const asking = { compiled, shared, createRequest: () => recorder, exchangeIds: async () => 0 };
  const { answer } = await makeAudience(item.audience, asking);
  if (answer.outcome !== undefined) return { outcome: answer.outcome };
  const again = compiled.pipeline.prepareOne(logged.event, item.mappingId, 1);
  return again.kind === 'ready' ? again : { outcome: again.outcome };
}

/** An instance with the stored state of the lane; what it learns from simulated answers is discarded. */
function freshInstance({ destination, settings }: ResolvedDestination, { kept }: Compiled): unknown {
  const state = volatileState();
  state.set(kept.own.all());
  return destination.open?.(settings, state);
}

/** The transport of simulated requests. */
function answering(): Transport {
  let left = MOST_REQUESTS;
  return {
    async send() {
      left -= 1;
      if (left >= 0)
        return { ok: true, status: 200, headers: { 'content-type': 'application/json' }, text: '{}' };
      return {
        ok: false,
        code: 'destination_unreachable',
        message: 'The maximum number of requests of a trial was reached.',
      };
    },
    close: () => undefined,
  };
}

function guarded(prepare: () => Prepared, event: LoggedEvent['event']): Prepared {
  try {
    return prepare();
  } catch (error) {
    const whole = { mappingId: WHOLE_EVENT, user: orderKey(event), key: event.messageId };
    return { items: [{ kind: 'ended', ...whole, outcome: unprepared(error) }] };
  }
}

/** Asks the code of a destination in another process for identifiers and batch keys. */
async function complete(
  prepared: readonly Prepared[],
  { destination, settings }: ResolvedDestination,
  recall: Parameters<typeof completeItems>[1]['recall'],
): Promise<readonly Prepared[]> {
  const all = prepared.flatMap<PreparedItem>(({ items }) => items);
  const ready = all.filter((one) => one.kind === 'ready');
  const completed = await completeItems(ready, { destination, settings, recall });
  const by = new Map(ready.map((one, at) => [one, completed[at]!]));
  return prepared.map((one) => {
    if ('skipped' in one) return one;
    const items = one.items.map((item): PreparedItem => {
      const found = item.kind === 'ready' ? by.get(item) : undefined;
      if (found === undefined || item.kind === 'ended') return item;
      if ('ready' in found) return found.ready;
      const { mappingId, user } = item;
      const { key, payload } = item.item;
      return { kind: 'ended', mappingId, user, key, payload, outcome: found.outcome };
    });
    return { items };
  });
}

/** The result of a promise; undefined after a timeout. */
async function within<T>(work: Promise<T>, milliseconds: number): Promise<T | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(resolve, milliseconds, undefined);
  // A rejection after the timeout is ignored.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
