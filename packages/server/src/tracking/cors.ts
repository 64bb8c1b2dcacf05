import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Where clients in web pages send to, or ask how. */
const PATHS = ['/v1/*', '/beacon/*', '/pixel/*', '/sourceConfig', '/rsaMetrics'];

const METHODS = 'GET, POST, OPTIONS';
const USUAL_HEADERS = 'authorization, content-type, content-encoding';
const DAY = 86_400;

/**
 * Lets web pages of any origin use the tracking API, and read its answers: also the refusals, which a browser hides
 * otherwise. Any header may be sent: clients add their own, such as the number of a retry. A caller is named in
 * the answer instead of `*`, which is not accepted for requests with credentials; nothing here depends on cookies.
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

/** Whether a web page has sent a request: browsers name its origin in all that they send elsewhere. */
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

/** Whether a text is a list of header names, not longer than any that clients send. */
function isListOfNames(text: string | undefined): text is string {
  return text !== undefined && text.length <= 2000 && text.split(',').every((name) => NAME.test(name.trim()));
}

const NAME = /^[\w!#$%&'*+.^`|~-]+$/;
