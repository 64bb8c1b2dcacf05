import type { FastifyInstance } from 'fastify';
import { Failure } from '../failure.ts';
import type { AdminInput } from './input.ts';
import { body } from './read.ts';

/** Routes of delivery as a whole: its status, and the decision to resume. */
export function deliveryRoutes(app: FastifyInstance, { delivery }: Pick<AdminInput, 'delivery'>): void {
  const show = (): unknown => ({
    status: delivery().old.length === 0 ? 'delivering' : 'held',
    destinations: delivery().old,
  });
  app.get('/api/delivery', async () => show());
  app.post('/api/delivery/resume', async (request) => {
    const { from } = body<'POST /api/delivery/resume'>(request);
    if (delivery().old.length === 0) throw new Failure('delivery_not_held');
    await delivery().resume(from);
    return show();
  });
}
