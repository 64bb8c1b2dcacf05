import { keysOfPerson, type PersonNames } from '@waybill/core';
import type { DeletionRecord } from '@waybill/ingest';
import type { FastifyInstance } from 'fastify';
import { callerOf } from '../auth/guard.ts';
import { Failure } from '../failure.ts';
import type { AdminInput } from './input.ts';
import { body, query } from './read.ts';

/** Routes of deletion requests, their record, and accepting events of a person again. */
export function deletionRoutes(app: FastifyInstance, { delivery, ingest }: AdminInput): void {
  const { deletions } = ingest;
  app.post('/api/deletions', async (request) => {
    const { suppress = true, ...who } = body<'POST /api/deletions'>(request);
    refuseNobody(who);
    const { name: by } = callerOf(request);
    // First, so that no event of the person is accepted in between.
    const begun = roomFor(await deletions.begin({ ...who, kind: 'deleted', by, suppressed: suppress }));
    await ingest.sources.erase(who);
    await ingest.processors.forget(who);
    const answers = await delivery().ask('deleteUser', who);
    await deletions.end(begun, answers);
    return answers;
  });
  app.get('/api/deletions', async (request) => {
    const { limit = 100, ...rest } = query<'GET /api/deletions'>(request);
    return (await deletions.list({ ...rest, limit })).map(show);
  });
  app.post('/api/deletions/lift', async (request) => {
    const who = body<'POST /api/deletions/lift'>(request);
    refuseNobody(who);
    const [last] = await deletions.list({ ...who, limit: 1 });
    if (last?.suppressed !== true)
      throw new Failure('request_not_found', 'No events of this user are refused.');
    const { name: by } = callerOf(request);
    const lifted = roomFor(await deletions.begin({ ...who, kind: 'lifted', by, suppressed: false }));
    await delivery().ask('lifted');
    return show(lifted);
  });
}

function refuseNobody(who: PersonNames): void {
  if (keysOfPerson(who).length === 0)
    throw new Failure(
      'request_invalid',
      'Name a "userId", an "email", an "anonymousId", or several of them.',
    );
}

function roomFor(record: DeletionRecord | 'full'): DeletionRecord {
  if (record === 'full') throw new Failure('deletion_limit');
  return record;
}

function show({ before: _chain, ...record }: DeletionRecord): Omit<DeletionRecord, 'before'> {
  return record;
}
