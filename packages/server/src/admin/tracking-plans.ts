import {
  importTrackingPlan,
  inferTrackingPlan,
  type TrackingPlan,
  trackingPlanIssues,
  trackingPlanShapeIssues,
} from '@waybill/core';
import type { FastifyInstance } from 'fastify';
import { Failure, ISSUES_SHOWN } from '../failure.ts';
import type { AdminInput } from './input.ts';
import { body, id, pick, query } from './read.ts';

/** Routes of violations of tracking plans, and of inferred plans. */
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
  app.post('/api/tracking-plan/check', async (request) => {
    const { plan } = body<'POST /api/tracking-plan/check'>(request);
    const shape = trackingPlanShapeIssues(plan);
    const issues = shape.length > 0 ? shape : trackingPlanIssues(plan as TrackingPlan);
    return { issues: issues.slice(0, ISSUES_SHOWN) };
  });
  app.post('/api/tracking-plan/import', async (request) => {
    const imported = importTrackingPlan(body<'POST /api/tracking-plan/import'>(request).exported);
    if (imported.ok) return imported.value;
    const { issues } = imported;
    throw new Failure('tracking_plan_invalid', issues.map(({ message }) => message).join(' '), issues);
  });
}
