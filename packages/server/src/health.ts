import type { FastifyInstance } from 'fastify';
import type { Admission } from './admission/admission.ts';
import type { Delivery } from './delivery/client.ts';
import type { Metrics } from './metrics.ts';
import type { Retention } from './retention.ts';
import { type Role, ROLES } from './roles.ts';

/** The message while delivery is paused because the state is older than the log. */
export const HELD = 'delivery paused: the state is older than the log, decide with "waybill resume"';

/** The inputs of the health routes. */
export interface HealthInput {
  readonly delivery: Pick<Delivery, 'alive' | 'old'>;
  readonly admission: Pick<Admission, 'unready'>;
  readonly retention: Pick<Retention, 'behind'>;
  readonly metrics: Metrics;
  /** The roles of this process. */
  readonly roles: ReadonlySet<Role>;
}

/** `/healthz`, `/readyz` and `/metrics`. */
export function healthRoutes(app: FastifyInstance, input: HealthInput): void {
  const { delivery, admission, retention, metrics } = input;
  const roles = ROLES.filter((role) => input.roles.has(role));
  app.addHook('onResponse', async (request, reply) => {
    // The pattern of the path, not the path itself: IDs would create a series each.
    metrics.answered(request.routeOptions.url ?? 'unknown', reply.statusCode, reply.elapsedTime);
  });
  app.get('/healthz', async () => ({ status: 'ok', roles }));
  app.get('/readyz', async (_request, reply) => {
    // Intake problems do not matter to a process without intake.
    const closed = input.roles.has('intake') ? admission.unready() : undefined;
    const working = delivery.old.length > 0 ? HELD : closed;
    const reason = delivery.alive ? working : 'delivery stopped';
    const behind = retention.behind();
    return reply
      .code(reason === undefined ? 200 : 503)
      .send({ status: reason ?? 'ready', roles, ...(behind.length === 0 ? {} : { behind }) });
  });
  app.get('/metrics', async (_request, reply) =>
    reply.header('content-type', metrics.contentType).send(await metrics.text()),
  );
}
