import type { KeptAudience } from '@waybill/api';
import { type ErrorCode, errorEntry, type ResolvedSource, type SourcePlace } from '@waybill/core';
import {
  AUDIENCE,
  AUDIENCE_STREAM,
  AudienceError,
  type AudienceStanding,
  audienceStanding,
  dryRunAudience,
  wishAudience,
} from '@waybill/ingest';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Failure } from '../failure.ts';
import { authorOf } from './edits.ts';
import type { AdminInput } from './input.ts';
import { body, id, pick } from './read.ts';

/** Routes of stored audience IDs of a destination: reading and setting them. */
export function keptAudienceRoutes(
  app: FastifyInstance,
  { editor, delivery }: Pick<AdminInput, 'editor' | 'delivery'>,
): void {
  const making = (request: FastifyRequest): string => {
    const found = pick(editor.resolved.destinations, id(request), 'destination');
    if (found.destination.audiences === undefined)
      throw new Failure('request_invalid', `"${found.id}" creates no audiences.`);
    return found.id;
  };
  const keep = async (
    request: FastifyRequest,
    destination: string,
    { audience, externalId }: { readonly audience: string; readonly externalId?: string },
  ): Promise<readonly KeptAudience[]> => {
    const isKept = await delivery().ask('keepAudience', destination, audience, externalId);
    if (!isKept) throw new Failure('request_invalid', `"${destination}" stores no more audiences.`);
    const what = externalId === undefined ? 'forgot the ID' : 'set the ID';
    await editor.record({
      ...authorOf(request),
      note: `${what} of the audience ${audience} at ${destination}`,
    });
    return delivery().ask('audiences', destination);
  };
  app.get('/api/destinations/:id/audiences', async (request) => delivery().ask('audiences', making(request)));
  app.post('/api/destinations/:id/audiences/set', async (request) => {
    const { id: audience, externalId } = body<'POST /api/destinations/:id/audiences/set'>(request);
    return keep(request, making(request), { audience, externalId });
  });
  app.post('/api/destinations/:id/audiences/forget', async (request) => {
    const { id: audience } = body<'POST /api/destinations/:id/audiences/forget'>(request);
    const destination = making(request);
    const kept = await delivery().ask('audiences', destination);
    pick(kept, audience, 'stored ID of an audience');
    return keep(request, destination, { audience });
  });
}

/** Routes of audience sources: their status, dry runs, and decisions about runs. */
export function audienceRoutes(
  app: FastifyInstance,
  { editor, ingest }: Pick<AdminInput, 'editor' | 'ingest'>,
): void {
  const found = (
    request: FastifyRequest,
  ): { readonly source: ResolvedSource; readonly place: SourcePlace } => {
    const source = pick(editor.resolved.sources, id(request), 'source');
    const { place } = ingest.contextOf(source);
    if (source.source?.slug !== AUDIENCE || place === undefined)
      throw new Failure('request_invalid', `"${source.id}" is not an audience source.`);
    return { source, place };
  };
  const statusOf = ({ id: wanted }: ResolvedSource) =>
    ingest.sources.status().find(({ source, stream }) => source === wanted && stream === AUDIENCE_STREAM);
  const standing = (source: ResolvedSource): AudienceStanding & { readonly failure?: object } => {
    const { place, failure } = statusOf(source) ?? {};
    const told = audienceStanding(place?.cursor);
    if (failure === undefined) return told;
    const remedy = errorEntry(failure.code)?.remedy;
    return { ...told, failure: { ...failure, ...(remedy === undefined ? {} : { remedy }) } };
  };

  app.get('/api/sources/:id/audience', async (request) => standing(found(request).source));
  app.post('/api/sources/:id/audience/dry-run', async (request) => {
    const { source, place } = found(request);
    try {
      return await dryRunAudience(place, source.settings, statusOf(source)?.place?.cursor);
    } catch (error) {
      if (!(error instanceof AudienceError)) throw error;
      throw new Failure(error.code as ErrorCode, error.message);
    }
  });
  app.post('/api/sources/:id/audience/run', async (request) => {
    const { source, place } = found(request);
    const { reset = false } = body<'POST /api/sources/:id/audience/run'>(request);
    await wishAudience(place, reset ? 'reset' : 'run');
    ingest.sources.wake();
    return standing(source);
  });
  app.post('/api/sources/:id/audience/confirm', async (request) => {
    const { source, place } = found(request);
    const { run } = body<'POST /api/sources/:id/audience/confirm'>(request);
    const { held } = standing(source);
    if (held?.run !== run) throw new Failure('audience_run_gone');
    await wishAudience(place, 'confirm', run);
    ingest.sources.wake();
    return standing(source);
  });
}
