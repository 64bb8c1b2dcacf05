import type { FastifyInstance } from 'fastify';

/** An answer of the admin API. */
export interface Answered {
  /** The route as the contract names it: `GET /api/events/:id`. */
  readonly route: string;
  readonly status: number;
  /** The body as it is sent; empty when there is none. */
  readonly text: string;
}

/** Tells every answer that is sent, whether the request was served or refused. */
export function tellAnswers(app: FastifyInstance, onAnswer: ((answer: Answered) => void) | undefined): void {
  if (onAnswer === undefined) return;
  app.addHook('onSend', async (request, reply, body: unknown) => {
    const route = `${request.method} ${request.routeOptions.url ?? ''}`;
    onAnswer({ route, status: reply.statusCode, text: typeof body === 'string' ? body : '' });
    return body;
  });
}
