import { type ConnectionResult, errorEntry } from '@waybill/core';
import type { FastifyInstance } from 'fastify';
import type { AdminInput } from './input.ts';
import { body, id, pick } from './read.ts';

/** Routes that test the settings of destinations with real calls: current and unsaved ones. */
export function connectionRoutes(
  app: FastifyInstance,
  { editor, delivery }: Pick<AdminInput, 'editor' | 'delivery'>,
): void {
  app.post('/api/destinations/:id/test', async (request) =>
    toldConnection(await delivery().test(pick(editor.workspace.destinations, id(request), 'destination'))),
  );
  app.post('/api/connection-test', async (request) => {
    // A new destination has no secrets to restore, whatever its ID.
    const { id: known = 'connection-test', type, settings } = body<'POST /api/connection-test'>(request);
    const asked = { sources: [], destinations: [{ id: known, type, settings, mappings: [] }] };
    const [config] = editor.withSecrets(asked).destinations;
    return toldConnection(await delivery().test(config!));
  });
}

/** Reasons that only need a retry, which items get automatically, but tests do not. */
const PASSING = new Set(['destination_rate_limited', 'destination_unavailable', 'destination_timeout']);
const AGAIN = 'Test again in a moment, or after the time that the message names.';

/** Returns the result of a test, with a remedy. */
export function toldConnection(result: ConnectionResult): unknown {
  if (result.ok) return result;
  const { code } = result.issue;
  return { ...result, remedy: PASSING.has(code) ? AGAIN : (errorEntry(code)?.remedy ?? '') };
}
