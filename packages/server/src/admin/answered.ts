import type { FastifyInstance } from 'fastify';
import type { Answered } from '../config.ts';

/** Reports every sent answer, of served and refused requests. */
export function tellAnswers(app: FastifyInstance, onAnswer: ((answer: Answered) => void) | undefined): void {
  if (onAnswer === undefined) return;
  app.addHook('onSend', async (request, reply, body: unknown) => {
    const route = `${request.method} ${request.routeOptions.url ?? ''}`;
    onAnswer({ route, status: reply.statusCode, text: typeof body === 'string' ? body : '' });
    return body;
  });
}
