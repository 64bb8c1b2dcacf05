import type { AnswerOf } from '@waybill/api';
import type { Issue, Workspace } from '@waybill/core';
import { planChanges, planText } from '@waybill/definitions/plan';
import { MAX_EVENT_BYTES } from '@waybill/ingest';
import { standingsOf } from '@waybill/delivery';
import type { FastifyInstance } from 'fastify';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_BATCH_BYTES } from '../config.ts';
import { Failure } from '../failure.ts';
import { hideSecrets } from '../secrets.ts';
import type { WorkspaceEditor } from '../workspace/open.ts';
import type { AdminInput } from './input.ts';
import { body } from './read.ts';

type Plan = AnswerOf<'POST /api/workspace/plan'>;

/** Routes about the server, and previews of another workspace. */
export function aboutRoutes(app: FastifyInstance, { editor, about, log, state }: AdminInput): void {
  const startedAt = Date.now();
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as {
    readonly version: string;
  };
  app.get('/api/about', async (): Promise<AnswerOf<'GET /api/about'>> => ({
    version,
    node: process.versions.node,
    startedAt,
    demo: about.demo,
    adminTokenFixed: about.adminToken.fixed,
    retention: { ...about.retention },
    limits: { eventBytes: MAX_EVENT_BYTES, batchBytes: MAX_BATCH_BYTES, ...about.limits },
  }));
  app.post('/api/workspace/plan', async (request): Promise<Plan> => {
    const { workspace: next } = body<'POST /api/workspace/plan'>(request);
    const before = hideSecrets(editor);
    const changes = planChanges(before, next);
    const { destinations } = await standingsOf({ log, state });
    const impact = changedDestinations(before, next).map(({ destination, what }) => {
      const found = destinations.find((one) => one.destination === destination);
      return {
        destination,
        what,
        lag: found?.lag ?? 0,
        retrying: found?.retrying ?? 0,
        deadLetters: found?.deadLetters ?? 0,
      };
    });
    const issues = issuesOf(editor, next as Workspace);
    return { changes, text: planText(changes), issues, impact } as Plan;
  });
}

type Changed = Pick<Plan['impact'][number], 'destination' | 'what'>;

function changedDestinations(before: unknown, after: unknown): readonly Changed[] {
  const [from, to] = [destinationsIn(before), destinationsIn(after)];
  return [...new Set([...from.keys(), ...to.keys()])].flatMap((destination): readonly Changed[] => {
    if (!from.has(destination)) return [{ destination, what: 'added' }];
    if (!to.has(destination)) return [{ destination, what: 'removed' }];
    const changes = planChanges(from.get(destination), to.get(destination), 'destination');
    return changes.length === 0 ? [] : [{ destination, what: 'changed' }];
  });
}

/** The input can be anything: it is checked, but still planned. */
function destinationsIn(workspace: unknown): ReadonlyMap<string, unknown> {
  const { destinations } = workspace as { readonly destinations?: unknown };
  const listed = Array.isArray(destinations)
    ? (destinations as readonly ({ readonly id?: unknown } | null)[])
    : [];
  return new Map(listed.flatMap((one) => (typeof one?.id === 'string' ? [[one.id, one] as const] : [])));
}

function issuesOf(editor: WorkspaceEditor, next: Workspace): readonly Issue[] {
  try {
    const checked = editor.check(editor.withSecrets(next));
    return checked.ok ? [] : checked.issues;
  } catch (error) {
    if (error instanceof Failure) return error.issues;
    throw error;
  }
}
