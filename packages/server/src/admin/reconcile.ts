import { setTimeout } from 'node:timers/promises';
import type { BodyOf, ReconciliationAnswer } from '@waybill/api';
import { compileTrigger, type Event, type ResolvedDestination, type ResolvedSource } from '@waybill/core';
import { reconcile, RECONCILE_LIMITS, type ReconcileInput, type Reconciliation } from '@waybill/ingest';
import type { FastifyInstance } from 'fastify';
import { Failure } from '../failure.ts';
import type { AdminInput } from './input.ts';
import { body, id, moment, pick } from './read.ts';

/** The maximum body, which may contain an export of Google Analytics. */
const MAX_BODY = 8 * 2 ** 20;
const DAY = 86_400_000;

type Question = BodyOf<'POST /api/sources/:id/reconcile'>;
type Destination = NonNullable<ReconcileInput['destination']>;

/** Routes that compare shops with the outcomes of their orders, one comparison at a time. */
export function reconcileRoutes(app: FastifyInstance, input: AdminInput): void {
  const newest = new Map<string, ReconciliationAnswer>();
  let running: Reconciliation | undefined;
  app.addHook('onClose', async () => running?.stop());
  app.post('/api/sources/:id/reconcile', { bodyLimit: MAX_BODY }, async (request) => {
    const source = pick(input.editor.resolved.sources, id(request), 'source');
    const question = body<'POST /api/sources/:id/reconcile'>(request);
    if (running !== undefined)
      throw new Failure('request_invalid', 'A comparison is in progress: wait until it has finished.');
    const asked = askedOf(source, question, input);
    const { span, timeZone, destination } = asked;
    const told: ReconciliationAnswer = {
      source: source.id,
      ...span,
      timeZone,
      state: 'running',
      startedAt: Date.now(),
      ...(destination === undefined ? {} : { destination: destination.destination.id }),
    };
    const tell = (more: Partial<ReconciliationAnswer>): void => {
      newest.set(source.id, { ...told, ...more });
    };
    tell({});
    running = reconcile({ ...asked, onProgress: ({ doing, read }) => tell({ doing, read }) });
    void running.ended
      .then(
        (ended) =>
          'failure' in ended
            ? tell({ state: 'failed', failure: { code: ended.failure.code, message: ended.failure.message } })
            : tell({ state: 'ended', result: ended as NonNullable<ReconciliationAnswer['result']> }),
        (error: unknown) => {
          request.log.error({ err: error }, 'a comparison failed');
          tell({ state: 'failed', failure: { code: 'server_error', message: 'It failed; see the log.' } });
        },
      )
      .finally(() => {
        running = undefined;
      });
    return newest.get(source.id);
  });
  app.get('/api/sources/:id/reconcile', async (request) => {
    const { id: source } = pick(input.editor.resolved.sources, id(request), 'source');
    const found = newest.get(source);
    if (found === undefined)
      throw new Failure(
        'request_not_found',
        `"${source}" has not been compared since the server was started.`,
      );
    return found;
  });
}

function askedOf(
  source: ResolvedSource,
  question: Question,
  input: AdminInput,
): Omit<ReconcileInput, 'onProgress'> {
  const shop = input.ingest.sources.shop(source.id);
  if (shop === undefined) throw new Failure('request_invalid', 'Only enabled shops can be compared.');
  const span = { from: moment(question.from), to: moment(question.to) };
  if (span.to < span.from) throw new Failure('request_invalid', 'The period ends before it begins.');
  if (span.to - span.from > RECONCILE_LIMITS.days * DAY)
    throw new Failure('request_invalid', `A period has at most ${RECONCILE_LIMITS.days} days.`);
  const destination = destinationOf(source, question.destination, input);
  return {
    source,
    shop,
    log: input.log,
    state: input.state,
    span,
    timeZone: timeZoneOf(question.timeZone),
    ...(destination === undefined ? {} : { destination }),
    ...(question.ga4 === undefined ? {} : { ga4: question.ga4 }),
    sleep: (milliseconds) => setTimeout(milliseconds, undefined, { ref: false }),
    now: Date.now,
  };
}

/** The destination to read back: the named one, or the only one that records orders of the source. */
function destinationOf(
  source: ResolvedSource,
  wanted: string | undefined,
  { editor, ingest }: AdminInput,
): Destination | undefined {
  const { destinations, sources } = editor.resolved;
  const takes = ({ sources: named }: ResolvedDestination, one: string): boolean =>
    named?.includes(one) ?? true;
  const recording = destinations.flatMap((one): readonly Destination[] => {
    const { orders } = one.destination;
    if (!one.enabled || orders === undefined || !takes(one, source.id)) return [];
    const records = recordsOf(one);
    if (records === undefined) return [];
    const others = sources.filter((other) => other.enabled && other.id !== source.id && takes(one, other.id));
    return [
      {
        destination: one,
        records,
        read: (what, period) => orders.read(what, period, ingest.askingOf(one)),
        isAlone: others.length === 0,
      },
    ];
  });
  if (wanted === undefined) {
    if (recording.length <= 1) return recording[0];
    const names = recording.map(({ destination }) => destination.id).join(', ');
    throw new Failure('request_invalid', `Several destinations record orders: name one of ${names}.`);
  }
  const found = recording.find(({ destination }) => destination.id === wanted);
  if (found === undefined)
    throw new Failure(
      'request_invalid',
      `"${wanted}" stores no orders of this source that can be read back.`,
    );
  return found;
}

/** Returns what the mappings of a destination record for an event; undefined when none records orders. */
function recordsOf({ destination, mappings }: ResolvedDestination): Destination['records'] | undefined {
  const recording = mappings
    .filter(({ enabled }) => enabled)
    .flatMap((mapping) => {
      const what = destination.orders!.records(mapping);
      const { trigger, dialect } = mapping;
      return what === undefined ? [] : [{ what, holds: compileTrigger(trigger, { dialect }) }];
    });
  if (!recording.some(({ what }) => what === 'order')) return undefined;
  return (event: Event) => {
    const found = recording.filter(({ holds }) => holds(event)).map(({ what }) => what);
    return found.includes('order') ? 'order' : found[0];
  };
}

function timeZoneOf(name = 'UTC'): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    throw new Failure('request_invalid', `"${name}" is not a time zone such as Europe/Berlin.`);
  }
}
