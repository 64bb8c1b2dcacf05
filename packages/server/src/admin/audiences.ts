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
import type { AdminInput } from './input.ts';
import { body, id, pick } from './read.ts';

/** Audience sources: how they stand, what a run would do, and what a person wants of them. */
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
      throw new Failure('request_invalid', `"${source.id}" is no audience source.`);
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
    wishAudience(place, reset ? 'reset' : 'run');
    ingest.sources.wake();
    return standing(source);
  });
  app.post('/api/sources/:id/audience/confirm', async (request) => {
    const { source, place } = found(request);
    const { run } = body<'POST /api/sources/:id/audience/confirm'>(request);
    const { held } = standing(source);
    if (held?.run !== run) throw new Failure('audience_run_gone');
    wishAudience(place, 'confirm', run);
    ingest.sources.wake();
    return standing(source);
  });
}
