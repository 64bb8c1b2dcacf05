import { type ConnectionResult, errorEntry } from '@waybill/core';
import type { FastifyInstance } from 'fastify';
import type { AdminInput } from './input.ts';
import { body, id, pick } from './read.ts';

/** Settings of destinations, tried for real: those that are in force, and those that a person has not saved yet. */
export function connectionRoutes(
  app: FastifyInstance,
  { editor, delivery }: Pick<AdminInput, 'editor' | 'delivery'>,
): void {
  app.post('/api/destinations/:id/test', async (request) =>
    toldConnection(await delivery().test(pick(editor.workspace.destinations, id(request), 'destination'))),
  );
  app.post('/api/connection-test', async (request) => {
    // A destination that is new has no secret to keep, whatever it is to be called.
    const { id: known = 'connection-test', type, settings } = body<'POST /api/connection-test'>(request);
    const asked = { sources: [], destinations: [{ id: known, type, settings, mappings: [] }] };
    const [config] = editor.withSecrets(asked).destinations;
    return toldConnection(await delivery().test(config!));
  });
}

/** Reasons that need nothing but another try: an item has it by itself, a test has not. */
const PASSING = new Set(['destination_rate_limited', 'destination_unavailable', 'destination_timeout']);
const AGAIN = 'Test again in a moment, or after the time that the message names.';

/** What a test found, with what to do about it. */
export function toldConnection(result: ConnectionResult): unknown {
  if (result.ok) return result;
  const { code } = result.issue;
  return { ...result, remedy: PASSING.has(code) ? AGAIN : (errorEntry(code)?.remedy ?? '') };
}
