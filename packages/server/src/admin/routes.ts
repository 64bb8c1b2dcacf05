import { randomUUID } from 'node:crypto';
import {
  type DestinationConfig,
  explainEvent,
  type MappingConfig,
  normaliseEvent,
  type SourceConfig,
  type Workspace,
} from '@waybill/core';
import { storyOf } from '@waybill/delivery';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Failure, nothingAt } from '../failure.ts';
import { sameSecret } from '../keys.ts';
import { hideSecrets, hideSettings, KEPT_SECRET } from '../secrets.ts';
import { deadLetterRoutes } from './dead-letters.ts';
import { describeDestination } from './definitions.ts';
import type { AdminInput } from './input.ts';
import { deliveryRoutes } from './delivery.ts';
import { body, id, pick, query } from './read.ts';
import { replayRoutes } from './replays.ts';
import { checkRequests, LIMIT, members, OBJECT, WHOLE, NAME } from './requests.ts';
import { userRoutes } from './users.ts';

/** The body is a part of the workspace, which is checked as a whole. */
const CHANGE = { schema: { body: OBJECT } };

/** The admin API under `/api`: every route needs the bearer token, and says what it takes. */
export function adminRoutes(app: FastifyInstance, input: AdminInput): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const given = /^bearer\s+(\S+)\s*$/i.exec(request.headers.authorization ?? '')?.[1];
    const isRight = given !== undefined && sameSecret(given, input.token);
    const wait = given === undefined ? 0 : input.guesses.judge(request.ip, isRight ? 'admin' : undefined);
    if (wait > 0) throw new Failure('request_throttled', undefined, [], Math.ceil(wait / 1_000));
    if (!isRight) throw new Failure('request_unauthorized', 'The admin token is missing or wrong.');
  });
  // What is not there needs the token too: whoever has none learns nothing of the addresses.
  app.all('/api/*', async (request) => {
    throw nothingAt(request);
  });
  checkRequests(app);
  workspaceRoutes(app, input);
  sourceRoutes(app, input);
  destinationRoutes(app, input);
  mappingRoutes(app, input);
  eventRoutes(app, input);
  deadLetterRoutes(app, input);
  userRoutes(app, input);
  replayRoutes(app, input);
  deliveryRoutes(app, input);
}

function workspaceRoutes(app: FastifyInstance, { keeper }: AdminInput): void {
  app.get('/api/workspace', async () => hideSecrets(keeper));
  app.put('/api/workspace', CHANGE, async (request) => {
    await keeper.replace(request.body as Workspace);
    return hideSecrets(keeper);
  });
  app.get('/api/definitions', async () => keeper.destinations.map(describeDestination));
}

function sourceRoutes(app: FastifyInstance, { keeper }: AdminInput): void {
  const hide = (source: SourceConfig): unknown => ({ ...source, writeKey: KEPT_SECRET });
  app.get('/api/sources', async () => keeper.workspace.sources.map(hide));
  app.get('/api/sources/:id', async (request) => hide(pick(keeper.workspace.sources, id(request), 'source')));
  app.post('/api/sources', CHANGE, async (request, reply) => {
    const source = body<SourceConfig>(request);
    await keeper.replace({ ...keeper.workspace, sources: [...keeper.workspace.sources, source] });
    return reply.code(201).send(hide(source));
  });
  app.put('/api/sources/:id', CHANGE, async (request) => {
    pick(keeper.workspace.sources, id(request), 'source');
    const source = { ...body<SourceConfig>(request), id: id(request) };
    await keeper.replace({ ...keeper.workspace, sources: swap(keeper.workspace.sources, source) });
    return hide(source);
  });
  app.delete('/api/sources/:id', async (request, reply) => {
    pick(keeper.workspace.sources, id(request), 'source');
    await keeper.replace({ ...keeper.workspace, sources: without(keeper.workspace.sources, id(request)) });
    return reply.code(204).send();
  });
}

function destinationRoutes(app: FastifyInstance, { keeper, delivery, state, log }: AdminInput): void {
  const all = (): readonly DestinationConfig[] => keeper.workspace.destinations;
  const show = (config: DestinationConfig): unknown => {
    const resolved = keeper.resolved.destinations.find((one) => one.id === config.id);
    return { ...(hideSettings(config, keeper.destinations) as object), mappings: resolved?.mappings ?? [] };
  };
  app.get('/api/destinations', async () => all().map(show));
  app.get('/api/destinations/:id', async (request) => show(pick(all(), id(request), 'destination')));
  app.post('/api/destinations', CHANGE, async (request, reply) => {
    const config = body<DestinationConfig>(request);
    await keeper.replace({ ...keeper.workspace, destinations: [...all(), config] });
    return reply.code(201).send(show(pick(all(), config.id, 'destination')));
  });
  app.put('/api/destinations/:id', CHANGE, async (request) => {
    pick(all(), id(request), 'destination');
    await keeper.replace({
      ...keeper.workspace,
      destinations: swap(all(), { ...body<DestinationConfig>(request), id: id(request) }),
    });
    return show(pick(all(), id(request), 'destination'));
  });
  app.patch('/api/destinations/:id', CHANGE, async (request) => {
    const before = pick(all(), id(request), 'destination');
    await keeper.replace({
      ...keeper.workspace,
      destinations: swap(all(), { ...before, ...body<object>(request), id: before.id }),
    });
    return show(pick(all(), id(request), 'destination'));
  });
  app.delete('/api/destinations/:id', async (request, reply) => {
    pick(all(), id(request), 'destination');
    await keeper.replace({ ...keeper.workspace, destinations: without(all(), id(request)) });
    return reply.code(204).send();
  });
  app.post('/api/destinations/:id/explain', { schema: { body: members({ event: {} }) } }, async (request) => {
    pick(all(), id(request), 'destination');
    const owner = pick(keeper.resolved.destinations, id(request), 'destination');
    const event = normaliseEvent(body<{ event?: unknown }>(request).event, {
      receivedAt: Date.now(),
      newMessageId: randomUUID,
    });
    if (!event.ok)
      throw new Failure('event_invalid', event.issues.map((one) => one.message).join(' '), event.issues);
    return explainEvent(owner, event.value);
  });
  app.post('/api/destinations/:id/test', async (request) =>
    delivery().test(pick(all(), id(request), 'destination')),
  );
  app.get('/api/stats', async () => {
    const last = log.lastSeq();
    return {
      events: last,
      lanes: state.stats().map((lane) => ({ ...lane, lag: Math.max(0, last - lane.cursor) })),
      modules: delivery().modules(),
    };
  });
}

function mappingRoutes(app: FastifyInstance, { keeper }: AdminInput): void {
  const owner = (request: FastifyRequest): DestinationConfig =>
    pick(keeper.workspace.destinations, id(request), 'destination');
  /** Writing one mapping makes the automatic presets explicit: they are the list that is edited from then on. */
  const listed = (config: DestinationConfig): readonly MappingConfig[] =>
    config.mappings ??
    keeper.resolved.destinations
      .find((one) => one.id === config.id)!
      .mappings.map(({ id: name }) => ({ id: name, preset: name }));
  const save = (config: DestinationConfig, mappings: readonly MappingConfig[]): Promise<void> =>
    keeper.replace({
      ...keeper.workspace,
      destinations: swap(keeper.workspace.destinations, { ...config, mappings }),
    });
  const resolved = (request: FastifyRequest, mappingId: string): unknown =>
    pick(
      keeper.resolved.destinations.find((one) => one.id === id(request))?.mappings ?? [],
      mappingId,
      'mapping',
    );
  app.get('/api/destinations/:id/mappings', async (request) => {
    owner(request);
    return keeper.resolved.destinations.find((one) => one.id === id(request))?.mappings ?? [];
  });
  app.get('/api/destinations/:id/mappings/:mapping', async (request) => {
    owner(request);
    return resolved(request, mapping(request));
  });
  app.post('/api/destinations/:id/mappings', CHANGE, async (request, reply) => {
    const config = owner(request);
    const added = body<MappingConfig>(request);
    await save(config, [...listed(config), added]);
    return reply.code(201).send(resolved(request, added.id));
  });
  app.put('/api/destinations/:id/mappings/:mapping', CHANGE, async (request) => {
    const config = owner(request);
    pick(listed(config), mapping(request), 'mapping');
    await save(config, swap(listed(config), { ...body<MappingConfig>(request), id: mapping(request) }));
    return resolved(request, mapping(request));
  });
  app.delete('/api/destinations/:id/mappings/:mapping', async (request, reply) => {
    const config = owner(request);
    pick(listed(config), mapping(request), 'mapping');
    await save(config, without(listed(config), mapping(request)));
    return reply.code(204).send();
  });
}

function eventRoutes(app: FastifyInstance, { log, state, refusals }: AdminInput): void {
  app.get(
    '/api/events',
    { schema: { querystring: members({ limit: LIMIT, after: WHOLE }) } },
    async (request) => {
      const { limit = 50, after } = query<{ limit?: number; after?: number }>(request);
      return log.read(after ?? Math.max(0, log.lastSeq() - limit), limit, PAGE_BYTES);
    },
  );
  app.get('/api/events/:id', async (request) => {
    const [story, ...others] = storyOf(id(request), log, state);
    if (story === undefined) {
      throw new Failure('request_not_found', `No event with the messageId "${id(request)}" is in the log.`);
    }
    // The same messageId from another source is another event.
    return others.length === 0 ? story : { ...story, others };
  });
  app.get('/api/gaps', { schema: GAPS }, async (request) => {
    const asked = query<{ destination?: string; after?: number; limit?: number }>(request);
    const { destination, after = 0, limit = 100 } = asked;
    return state.gaps({ ...(destination === undefined ? {} : { lane: destination }), after, limit });
  });
  app.get('/api/refusals', { schema: { querystring: members({ limit: LIMIT }) } }, async (request) =>
    refusals.list(query<{ limit?: number }>(request).limit ?? 50),
  );
}

const GAPS = { querystring: members({ destination: NAME, after: WHOLE, limit: LIMIT }) } as const;

/** Characters of events from which on a page is full, whatever its limit. */
const PAGE_BYTES = 4 * 2 ** 20;

function mapping(request: FastifyRequest): string {
  return (request.params as { mapping: string }).mapping;
}

function swap<T extends { readonly id: string }>(list: readonly T[], next: T): readonly T[] {
  return list.map((one) => (one.id === next.id ? next : one));
}

function without<T extends { readonly id: string }>(list: readonly T[], gone: string): readonly T[] {
  return list.filter((one) => one.id !== gone);
}
