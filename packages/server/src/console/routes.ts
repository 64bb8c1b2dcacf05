import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Failure, nothingAt } from '../failure.ts';
import { isOwnHost } from './host.ts';
import type { Site } from './site.ts';

/** The inputs of the console's routes. */
export interface ConsoleInput {
  /** Absent when the console is not built. */
  readonly site: Site | undefined;
  /** The public URL of this server, if configured. */
  readonly publicUrl: string | undefined;
}

/** The placeholder in the built page that each answer replaces with a nonce. */
const NONCE = '{{nonce}}';

/** Matches files with a hash of their content in the name, which never change. */
const HASHED = /^assets\/.+-[\w-]{8}\.\w+$/;

/** Routes of the console's pages and files, and the redirect from `/`. */
export function consoleRoutes(app: FastifyInstance, { site, publicUrl }: ConsoleInput): void {
  const open = (request: FastifyRequest): Site => {
    if (!isOwnHost(request.headers.host, publicUrl)) {
      throw new Failure(
        'request_wrong_host',
        `The console is not served under the name "${String(request.headers.host).slice(0, 100)}".`,
      );
    }
    if (site === undefined) {
      throw new Failure('request_not_found', 'The console was not built. Run "npm run build".');
    }
    return site;
  };
  const page = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const nonce = randomBytes(16).toString('base64');
    return reply
      .headers(guarded(nonce))
      .header('cache-control', 'no-cache')
      .type('text/html; charset=utf-8')
      .send(open(request).page.replaceAll(NONCE, nonce));
  };

  app.get('/', async (request, reply) => {
    if (request.headers.accept?.includes('text/html') !== true) throw nothingAt(request);
    return reply.redirect('/console', 302);
  });
  app.get('/console', async (request, reply) => page(request, reply));
  app.get<{ Params: { '*': string } }>('/console/*', async (request, reply) => {
    const path = request.params['*'];
    const file = open(request).file(path);
    if (file === undefined) {
      // An old page may request a file of a previous build: the new page is not a valid answer.
      if (path.startsWith('assets/')) throw nothingAt(request);
      return page(request, reply);
    }
    const accepted = String(request.headers['accept-encoding'] ?? '');
    const [encoding, body] =
      file.br !== undefined && accepted.includes('br')
        ? ['br', file.br]
        : file.gzip !== undefined && accepted.includes('gzip')
          ? ['gzip', file.gzip]
          : [undefined, file.plain];
    if (encoding !== undefined) reply.header('content-encoding', encoding);
    return reply
      .header('vary', 'accept-encoding')
      .header('x-content-type-options', 'nosniff')
      .header('cache-control', HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache')
      .type(file.type)
      .send(body);
  });
}

/** Security headers of the page: no other origins, no foreign scripts or styles, no framing. */
function guarded(nonce: string): Readonly<Record<string, string>> {
  return {
    'content-security-policy': [
      `default-src 'self'`,
      `script-src 'self'`,
      `style-src 'self' 'nonce-${nonce}'`,
      `img-src 'self'`,
      `worker-src 'self'`,
      `object-src 'none'`,
      `base-uri 'none'`,
      `form-action 'self'`,
      `frame-ancestors 'none'`,
    ].join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
}
