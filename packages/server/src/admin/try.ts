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

/** Tries that wait for the one that runs: they share the thread that delivers. */
const WAITING_TRIES = 20;

/** How long events are looked for, in milliseconds, and how many bytes of them are taken. */
const SAMPLE_LIMITS = { milliseconds: 2_000, bytes: 16 * 2 ** 20 };

type Asked = BodyOf<'POST /api/destinations/:id/try'>;

/** Mappings tried as they are written: on events without sending, or by sending one. */
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

/** The destination with nothing but a mapping, which is tried whether it is on or not. Throws a Failure when it could not run. */
function alone(editor: WorkspaceEditor, owner: string, mapping: MappingConfig): DestinationConfig {
  const config = destinationOf(editor, owner);
  const tried = { ...mapping, enabled: true };
  check(editor, config, tried);
  return { ...config, mappings: [tried] };
}

/** Throws a Failure when a mapping could not run. What it lacks to be saved is seen in the outcomes of the events. */
function check(editor: WorkspaceEditor, { type }: DestinationConfig, mapping: MappingConfig): void {
  refuseShape(mapping);
  const resolved = resolveMapping(
    mapping,
    editor.destinations.find(({ slug }) => slug === type)!,
  );
  if (!resolved.ok) throw refusal(resolved.issues);
}

/** The mapping to compare with; null where none runs under its id. */
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

/** The events that a mapping is tried on. */
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

/** An event that a request gives: of no source, and nowhere in the log. */
function given(call: unknown): LoggedEvent {
  return { seq: 0, sourceId: '', event: eventOf(call) };
}
