import { roleOf } from '@waybill/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { routeName } from '../auth/guard.ts';
import type { WorkspaceEditor } from '../workspace/open.ts';
import { authorOf } from './edits.ts';

/**
 * Writes actions without a version to the audit log: replays, deletions and sent tests. Changes of the configuration are in it
 * automatically.
 */
export function auditActions(app: FastifyInstance, editor: WorkspaceEditor): void {
  app.addHook('onSend', async (request, reply, payload: unknown) => {
    if (reply.statusCode < 400 && acts(request)) {
      const { note: why } = (request.body ?? {}) as { readonly note?: string };
      const what = `${request.method} ${request.url.split('?')[0]}`;
      const note = (why === undefined ? what : `${what}: ${why}`).slice(0, 1_000);
      try {
        await editor.record({ ...authorOf(request), note });
      } catch (error) {
        // The action has happened: the answer must not say otherwise.
        request.log.error({ err: error, note }, 'the audit log could not be written');
      }
    }
    return payload;
  });
}

function acts(request: FastifyRequest): boolean {
  const { dryRun } = (request.body ?? {}) as { readonly dryRun?: boolean };
  return request.method !== 'GET' && roleOf(routeName(request)) === 'send' && dryRun !== true;
}
