import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** The paths for clients in web pages. */
const PATHS = ['/v1/*', '/beacon/*', '/pixel/*', '/sourceConfig', '/rsaMetrics'];

const METHODS = 'GET, POST, OPTIONS';
const USUAL_HEADERS = 'authorization, content-type, content-encoding';
const DAY = 86_400;

/**
 * Allows web pages of any origin to use the tracking API, and to read its answers, including refusals, which a browser hides
 * otherwise. Any header is allowed: clients add their own, such as the number of a retry. The origin is echoed instead of `*`,
 * which is invalid for requests with credentials; nothing here depends on cookies.
 */
export function allowOrigins(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers;
    reply.header('vary', 'Origin');
    reply.header('access-control-allow-origin', origin ?? '*');
    if (origin !== undefined) {
      reply.header('access-control-allow-credentials', 'true');
      reply.header('access-control-expose-headers', 'Retry-After');
    }
    done();
  });
  for (const path of PATHS) app.options(path, preflight);
}

/** Whether a request is from a web page: browsers send the origin with cross-origin requests. */
export function isFromPage(request: FastifyRequest): boolean {
  return request.headers.origin !== undefined;
}

async function preflight(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const wanted = request.headers['access-control-request-headers'];
  return reply
    .header('vary', 'Origin, Access-Control-Request-Headers')
    .header('access-control-allow-methods', METHODS)
    .header('access-control-allow-headers', isListOfNames(wanted) ? wanted : USUAL_HEADERS)
    .header('access-control-max-age', String(DAY))
    .code(204)
    .send();
}

/** Whether a string is a list of header names of plausible length. */
function isListOfNames(text: string | undefined): text is string {
  return text !== undefined && text.length <= 2000 && text.split(',').every((name) => NAME.test(name.trim()));
}

const NAME = /^[\w!#$%&'*+.^`|~-]+$/;
