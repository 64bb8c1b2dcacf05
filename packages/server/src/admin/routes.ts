import { type DestinationConfig, explainEvent, type SourceConfig, type Workspace } from '@waybill/core';
import { openApi } from '@waybill/api';
import { standingsOf } from '@waybill/delivery';
import type { FastifyInstance } from 'fastify';
import { guard } from '../auth/guard.ts';
import { nothingAt } from '../failure.ts';
import { hideSecrets, hideSettings, hideSource } from '../secrets.ts';
import { destinationName, sourceName, WORKSPACE } from '../workspace/items.ts';
import { aboutRoutes } from './about.ts';
import { tellAnswers } from './answered.ts';
import { audienceRoutes, keptAudienceRoutes } from './audiences.ts';
import { auditActions } from './audit.ts';
import { connectionRoutes } from './connections.ts';
import { deadLetterRoutes } from './dead-letters.ts';
import { describeDestination, describeSource } from './definitions.ts';
import type { AdminInput } from './input.ts';
import { itemRoutes } from './items.ts';
import { laneRoutes } from './lanes.ts';
import { deletionRoutes } from './deletions.ts';
import { deliveryRoutes } from './delivery.ts';
import { draftedDestination } from './drafted.ts';
import { draftRoutes } from './drafts.ts';
import { authorOf, basedOn, tag } from './edits.ts';
import { eventRoutes } from './events.ts';
import { mappingRoutes } from './mappings.ts';
import { oauthRoutes } from './oauth.ts';
import { overviewRoutes } from './overview.ts';
import { body, eventOf, id, part, pick, swap } from './read.ts';
import { processorRoutes } from './processors.ts';
import { reconcileRoutes } from './reconcile.ts';
import { replayRoutes } from './replays.ts';
import { sourceKeyRoutes } from './source-keys.ts';
import { sourceReadingRoutes } from './sources.ts';
import { checkRequests } from './requests.ts';
import { streamRoutes } from './stream.ts';
import { tokenRoutes } from './tokens.ts';
import { trackingPlanRoutes } from './tracking-plans.ts';
import { tryRoutes } from './try.ts';
import { userRoutes } from './users.ts';
import { versionRoutes } from './versions.ts';

/** The admin API under `/api`: every route declares its role and inputs. */
export function adminRoutes(app: FastifyInstance, input: AdminInput): void {
  guard(app, input.auth);
  app.all('/api/*', async (request) => {
    throw nothingAt(request);
  });
  checkRequests(app);
  tellAnswers(app, input.onAnswer);
  auditActions(app, input.editor);
  tokenRoutes(app, input);
  aboutRoutes(app, input);
  workspaceRoutes(app, input);
  sourceRoutes(app, input);
  sourceKeyRoutes(app, input);
  sourceReadingRoutes(app, input);
  audienceRoutes(app, input);
  keptAudienceRoutes(app, input);
  trackingPlanRoutes(app, input);
  processorRoutes(app, input);
  reconcileRoutes(app, input);
  destinationRoutes(app, input);
  connectionRoutes(app, input);
  oauthRoutes(app, input);
  mappingRoutes(app, input);
  draftRoutes(app, input);
  tryRoutes(app, input);
  versionRoutes(app, input);
  eventRoutes(app, input);
  overviewRoutes(app, input);
  streamRoutes(app, input);
  deadLetterRoutes(app, input);
  userRoutes(app, input);
  deletionRoutes(app, input);
  replayRoutes(app, input);
  deliveryRoutes(app, input);
  laneRoutes(app, input);
  app.get('/api/openapi.json', async () => openApi());
}

function workspaceRoutes(app: FastifyInstance, { editor }: AdminInput): void {
  app.get('/api/workspace', async (_request, reply) => {
    tag(reply, editor, WORKSPACE);
    return hideSecrets(editor);
  });
  app.put('/api/workspace', async (request, reply) => {
    await editor.edit(authorOf(request), async () => {
      await editor.expect(WORKSPACE, basedOn(request));
      return { workspace: request.body as Workspace };
    });
    tag(reply, editor, WORKSPACE);
    return hideSecrets(editor);
  });
  app.get('/api/definitions', async () => editor.destinations.map(describeDestination));
  app.get('/api/source-types', async () => editor.sources.map(describeSource));
}

function sourceRoutes(app: FastifyInstance, { editor }: AdminInput): void {
  itemRoutes<SourceConfig>(app, editor, {
    at: 'sources',
    noun: 'source',
    name: sourceName,
    all: () => editor.workspace.sources,
    withAll: (sources) => ({ ...editor.workspace, sources }),
    show: (one) => hideSource(one, editor),
  });
}

function destinationRoutes(app: FastifyInstance, { editor, modules, state, log }: AdminInput): void {
  const all = (): readonly DestinationConfig[] => editor.workspace.destinations;
  const { change, showOne } = itemRoutes(app, editor, {
    at: 'destinations',
    noun: 'destination',
    name: destinationName,
    all,
    withAll: (destinations) => ({ ...editor.workspace, destinations }),
    show(config) {
      const resolved = editor.resolved.destinations.find((one) => one.id === config.id);
      return { ...(hideSettings(config, editor) as object), mappings: resolved?.mappings ?? [] };
    },
  });
  app.patch('/api/destinations/:id', async (request, reply) => {
    await change(request, (before) => swap(all(), { ...before, ...part<object>(request), id: before.id }));
    return showOne(id(request), reply);
  });
  app.post('/api/destinations/:id/explain', async (request) => {
    pick(all(), id(request), 'destination');
    const asked = body<'POST /api/destinations/:id/explain'>(request);
    const owner =
      asked.draft === undefined
        ? pick(editor.resolved.destinations, id(request), 'destination')
        : draftedDestination(editor, id(request), asked.draft);
    return explainEvent(owner, eventOf(asked.event));
  });
  app.get('/api/stats', async () => {
    const { last, destinations } = await standingsOf({ log, state });
    return { events: last, destinations, modules: modules() };
  });
}
