import type { FastifyInstance } from 'fastify';
import type { GoOn } from '../folder/reach.ts';
import { Failure } from '../failure.ts';
import type { AdminInput } from './input.ts';
import { body } from './read.ts';
import { members } from './requests.ts';

/** `state` sends again what the state does not know of, `log` goes on where delivery had got to. */
const DECISION = { schema: { body: members({ from: { enum: ['state', 'log'] } }, ['from']) } };

/** Whether anything is delivered, and the decision of a person to go on. */
export function deliveryRoutes(app: FastifyInstance, { delivery }: Pick<AdminInput, 'delivery'>): void {
  const show = (): unknown => ({
    status: delivery().old.length === 0 ? 'delivering' : 'held',
    destinations: delivery().old,
  });
  app.get('/api/delivery', async () => show());
  app.post('/api/delivery/resume', DECISION, async (request) => {
    const { from } = body<{ readonly from: GoOn }>(request);
    if (delivery().old.length === 0) throw new Failure('delivery_not_held');
    await delivery().resume(from);
    return show();
  });
}
