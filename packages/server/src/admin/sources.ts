import { randomUUID } from 'node:crypto';
import {
  checkConnection,
  type ConnectionResult,
  errorEntry,
  type ResolvedSource,
  type Source,
  type SourceContext,
} from '@waybill/core';
import type { ShopReading } from '@waybill/ingest';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Failure } from '../failure.ts';
import { toldConnection } from './connections.ts';
import type { AdminInput } from './input.ts';
import { body, id, moment, pick } from './read.ts';

/** A source that reads. */
type Reading = ResolvedSource & { readonly source: Source };

/** Routes of reading sources: polls and requested back-fills. */
export function sourceReadingRoutes(
  app: FastifyInstance,
  { editor, ingest }: Pick<AdminInput, 'editor' | 'ingest'>,
): void {
  const found = (request: FastifyRequest): Reading => {
    const source = pick(editor.resolved.sources, id(request), 'source');
    if (source.source === undefined)
      throw new Failure('request_invalid', `"${source.id}" is not read: its clients send events.`);
    return source as Reading;
  };
  const streamsOf = (wanted: string): unknown =>
    ingest.sources
      .status()
      .filter(({ source }) => source === wanted)
      .map(({ place: _place, failure, ...one }) => ({
        ...one,
        ...(failure === undefined ? {} : { failure: withRemedy(failure) }),
      }));

  app.get('/api/sources/:id/streams', async (request) => {
    const { id: wanted } = pick(editor.resolved.sources, id(request), 'source');
    return streamsOf(wanted);
  });
  app.post('/api/sources/:id/backfill', async (request) => {
    const { id: source, source: definition } = found(request);
    const { streams, from } = body<'POST /api/sources/:id/backfill'>(request);
    const known = Object.entries(definition.shop?.streams ?? definition.streams).flatMap(([name, stream]) =>
      'kinds' in stream && stream.page === undefined ? [] : [name],
    );
    const unknown = (streams ?? []).find((one) => !known.includes(one));
    if (unknown !== undefined)
      throw new Failure('request_invalid', `There is no stream "${unknown}". Streams: ${known.join(', ')}.`);
    const begin = from === undefined ? {} : { from: new Date(moment(from)).toISOString() };
    const run = randomUUID();
    await ingest.sources.backfill(
      [...new Set(streams ?? known)].map((stream) => ({ id: run, source, stream, ...begin })),
    );
    return streamsOf(source);
  });
  app.post('/api/sources/:id/test', async (request) => {
    const source = found(request);
    // The limits of the shop apply to this too.
    const context = ingest.sources.shop(source.id)?.context() ?? ingest.contextOf(source);
    return toldConnection(await tried(source, context));
  });
  app.post('/api/sources/:id/read', async (request) => {
    const { sweeps = false } = body<'POST /api/sources/:id/read'>(request);
    const { id: source } = found(request);
    shopOf(ingest.sources.shop(source)).readNow(['poll', 'feed', ...(sweeps ? (['sweep'] as const) : [])]);
    return streamsOf(source);
  });
  shopRoutes(app, (request) => shopOf(ingest.sources.shop(found(request).id)));
}

/** Adds the remedy to a failure. */
function withRemedy<T extends { readonly code: string }>(failure: T): T & { readonly remedy?: string } {
  const remedy = errorEntry(failure.code)?.remedy;
  return remedy === undefined ? failure : { ...failure, remedy };
}

/** Routes of the webhook of a shop, and of rows that were set aside. */
function shopRoutes(app: FastifyInstance, shopOf: (request: FastifyRequest) => ShopReading): void {
  app.get('/api/sources/:id/webhook', async (request) => {
    const { failure, ...status } = shopOf(request).subscription();
    return { ...status, ...(failure === undefined ? {} : { failure: withRemedy(failure) }) };
  });
  app.get('/api/sources/:id/set-aside', async (request) =>
    shopOf(request)
      .asides()
      .map(({ query: _query, ...one }) => one),
  );
  app.post('/api/sources/:id/set-aside/read', async (request) => {
    const { keys } = body<'POST /api/sources/:id/set-aside/read'>(request);
    return { reading: await shopOf(request).again(keys) };
  });
}

function shopOf(shop: ShopReading | undefined): ShopReading {
  if (shop === undefined) throw new Failure('request_invalid', 'Only enabled shops can be compared.');
  return shop;
}

async function tried({ name, source }: Reading, context: SourceContext): Promise<ConnectionResult> {
  try {
    const result = source.testConnection?.(context);
    return result === undefined
      ? { ok: true, message: `${name} has no test.` }
      : checkConnection(await result);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, issue: { code: 'source_failed', path: '', message } };
  }
}
