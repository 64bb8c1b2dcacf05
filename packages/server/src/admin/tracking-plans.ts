import { inferTrackingPlan } from '@waybill/core';
import type { FastifyInstance } from 'fastify';
import type { AdminInput } from './input.ts';
import { id, pick, query } from './read.ts';

/** What sources send against their plans, and plans that they follow. */
export function trackingPlanRoutes(
  app: FastifyInstance,
  { editor, ingest, observer }: Pick<AdminInput, 'editor' | 'ingest' | 'observer'>,
): void {
  app.get('/api/sources/:id/violations', async (request) => {
    const { id: source } = pick(editor.resolved.sources, id(request), 'source');
    const { limit = 50 } = query<'GET /api/sources/:id/violations'>(request);
    return ingest.violations.list(source, limit);
  });
  app.get('/api/sources/:id/inferred-plan', async (request) => {
    const { id: source } = pick(editor.resolved.sources, id(request), 'source');
    return inferTrackingPlan(await observer.shapes.list({ sourceId: source }));
  });
}
