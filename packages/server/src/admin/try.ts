import type { BodyOf, SentTest, Tried } from '@waybill/api';
import { type DestinationConfig, type MappingConfig, resolveMapping } from '@waybill/core';
import type { LoggedEvent } from '@waybill/delivery';
import type { FastifyInstance } from 'fastify';
import { Failure } from '../failure.ts';
import { searchEvents } from '../observe/search.ts';
import { createTurns } from '../observe/turns.ts';
import type { WorkspaceEditor } from '../workspace/open.ts';
import { refusal } from '../workspace/refusal.ts';
import { refuseShape } from './drafts.ts';
import { triggerOf } from './events.ts';
import type { AdminInput } from './input.ts';
import { destinationOf } from './mappings.ts';
import { body, eventOf, id } from './read.ts';

/** The maximum number of waiting tries: they share the thread that delivers. */
const WAITING_TRIES = 20;

/** How long to search for events, in milliseconds, and the maximum bytes of them. */
const SAMPLE_LIMITS = { milliseconds: 2_000, bytes: 16 * 2 ** 20 };

type Asked = BodyOf<'POST /api/destinations/:id/try'>;

/** Routes that try a mapping: on events without sending, or by sending one. */
export function tryRoutes(app: FastifyInstance, { editor, delivery, log, state }: AdminInput): void {
  const turns = createTurns(WAITING_TRIES);
  app.post('/api/destinations/:id/try', async (request): Promise<Tried> => {
    const {
      sample,
      against,
      requests = false,
      brief = false,
      ...asked
    } = body<'POST /api/destinations/:id/try'>(request);
    const config = alone(editor, id(request), asked.mapping);
    const other = against === undefined ? undefined : comparedWith(editor, config, against);
    const tried = turns.take(async () => {
      const { events, complete } = await sampleOf({ log, state }, config, sample);
      const question = { config, events, requests, brief };
      const answer = await delivery().try(other === undefined ? question : { ...question, against: other });
      return { ...answer, complete: complete && answer.complete };
    });
    if (tried === undefined) throw new Failure('server_overloaded', 'Too many tries are waiting.', [], 2);
    return tried;
  });
  app.post('/api/destinations/:id/send-test', async (request): Promise<SentTest> => {
    const { mapping, event } = body<'POST /api/destinations/:id/send-test'>(request);
    return delivery().sendTest(alone(editor, id(request), mapping), given(event));
  });
}

/** Returns the destination with only the mapping, enabled or not. Throws a Failure when it cannot run. */
function alone(editor: WorkspaceEditor, owner: string, mapping: MappingConfig): DestinationConfig {
  const config = destinationOf(editor, owner);
  const tried = { ...mapping, enabled: true };
  check(editor, config, tried);
  return { ...config, mappings: [tried] };
}

/** Throws a Failure when a mapping cannot run. Other problems show in the outcomes of the events. */
function check(editor: WorkspaceEditor, { type }: DestinationConfig, mapping: MappingConfig): void {
  refuseShape(mapping);
  const resolved = resolveMapping(
    mapping,
    editor.destinations.find(({ slug }) => slug === type)!,
  );
  if (!resolved.ok) throw refusal(resolved.issues);
}

/** The mapping to compare with; null when there is none with its ID. */
function comparedWith(
  editor: WorkspaceEditor,
  config: DestinationConfig,
  against: NonNullable<Asked['against']>,
): MappingConfig | null {
  if (against !== 'live') {
    check(editor, config, against);
    return against;
  }
  const live = editor.resolved.destinations.find((one) => one.id === config.id)?.mappings ?? [];
  return live.find((one) => one.id === config.mappings?.[0]?.id) ?? null;
}

/** The events to try a mapping on. */
async function sampleOf(
  stores: Pick<AdminInput, 'log' | 'state'>,
  { sources }: DestinationConfig,
  sample: Asked['sample'],
): Promise<{ readonly events: readonly LoggedEvent[]; readonly complete: boolean }> {
  if ('events' in sample) return { events: sample.events.map(given), complete: true };
  const isOwn = ({ sourceId, damage }: LoggedEvent): boolean =>
    damage === undefined && (sources === undefined || sources.includes(sourceId));
  if ('messageIds' in sample) {
    const found = await Promise.all(
      sample.messageIds.map(async (messageId) => {
        const events = (await stores.log.read({ messageId })).filter(({ damage }) => damage === undefined);
        const [event] = [...events.filter(isOwn), ...events];
        if (event !== undefined) return event;
        throw new Failure('request_not_found', `No event with the messageId "${messageId}" is in the log.`);
      }),
    );
    return { events: found, complete: true };
  }
  const where = sample.where === undefined ? {} : { where: triggerOf(sample.where) };
  const began = performance.now();
  const events: LoggedEvent[] = [];
  let [before, bytes] = [Number.MAX_SAFE_INTEGER, 0];
  for (;;) {
    const found = await searchEvents(stores, { ...where, before, limit: sample.last - events.length });
    for (const one of found.events.filter(isOwn)) {
      bytes += JSON.stringify(one.event).length;
      events.push(one);
    }
    if (events.length >= sample.last || found.complete || found.next === undefined)
      return { events, complete: true };
    if (bytes > SAMPLE_LIMITS.bytes || performance.now() - began > SAMPLE_LIMITS.milliseconds)
      return { events, complete: false };
    before = found.next;
  }
}

/** An event in a request: without a source, and not in the log. */
function given(call: unknown): LoggedEvent {
  return { seq: 0, sourceId: '', event: eventOf(call) };
}
