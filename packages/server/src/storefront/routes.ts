import type { FastifyInstance } from 'fastify';
import { nothingAt } from '../failure.ts';
import type { WorkspaceEditor } from '../workspace/open.ts';
import { createScripts } from './script.ts';

/** Pages load the script every time: they get a changed setting after some minutes, without requests until then. */
const CACHE = 'public, max-age=300, stale-while-revalidate=86400';

/** Routes of the scripts in pages of shops: `/storefront/<source>.js`. */
export function storefrontRoutes(
  app: FastifyInstance,
  { editor }: { readonly editor: WorkspaceEditor },
): void {
  const scriptOf = createScripts();
  app.get<{ Params: { file: string } }>('/storefront/:file', async (request, reply) => {
    const { file } = request.params;
    const id = file.endsWith('.js') ? file.slice(0, -3) : undefined;
    const source = editor.resolved.sources.find((one) => one.id === id && one.enabled);
    const script = source === undefined ? undefined : scriptOf(source);
    if (script === undefined) throw nothingAt(request);
    reply
      .header('access-control-allow-origin', '*')
      .header('cross-origin-resource-policy', 'cross-origin')
      .header('timing-allow-origin', '*')
      .header('vary', 'accept-encoding')
      .header('x-content-type-options', 'nosniff')
      .header('cache-control', CACHE)
      .header('etag', script.etag)
      .type('text/javascript; charset=utf-8');
    if (isKnown(request.headers['if-none-match'], script.etag)) return reply.code(304).send();
    const accepted = String(request.headers['accept-encoding'] ?? '');
    const encoding = (['br', 'gzip'] as const).find((one) => accepted.includes(one));
    if (encoding === undefined) return reply.send(script.plain);
    return reply.header('content-encoding', encoding).send(script[encoding]);
  });
}

/** Whether the browser has this version; a recompressing proxy makes the ETag weak. */
function isKnown(given: string | undefined, etag: string): boolean {
  return given?.split(',').some((one) => one.trim().replace(/^W\//, '') === etag) === true;
}
