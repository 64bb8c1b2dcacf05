import type { StepReport } from '@waybill/delivery';
import type { FastifyBaseLogger } from 'fastify';
import { tracingVariables } from '../tracing.ts';
import type { WorkspaceEditor } from '../workspace/open.ts';
import { type Delivery, namedVariables, startDelivery } from './client.ts';
import type { WorkerData } from './protocol.ts';
import { deliveryWorkspace } from './workspace.ts';

/** The parts of a server that its delivery thread needs. */
export interface DeliveryParts {
  readonly settings: Omit<WorkerData, 'delivers' | 'modules' | 'workspace' | 'env' | 'tracing'> & {
    readonly roles: { has(role: 'delivery'): boolean };
    readonly env: (name: string) => string | undefined;
  };
  readonly editor: Pick<WorkspaceEditor, 'versioned' | 'resolved'>;
  readonly modules: WorkerData['modules'];
  readonly logger: Pick<FastifyBaseLogger, 'fatal'>;
}

/** Starts the delivery thread of a server with its settings and the active workspace. */
export function startDeliveryOf(
  { settings, modules, editor, logger }: DeliveryParts,
  opened: Promise<void>,
  {
    onStep,
    onResume,
    onDeath,
  }: {
    readonly onStep: (step: StepReport) => void;
    readonly onResume: () => void;
    /** Called when the thread ended unexpectedly. */
    readonly onDeath: () => void;
  },
): Promise<Delivery> {
  const { store, member, roles, secretKey, containment, moduleEnv, allowedHosts, logLevel, retry, env } =
    settings;
  return startDelivery({
    opened,
    data: {
      store,
      member,
      delivers: roles.has('delivery'),
      secretKey,
      modules,
      containment,
      moduleEnv,
      workspace: deliveryWorkspace(editor),
      allowedHosts,
      logLevel,
      retry,
      tracing: tracingVariables(env),
    },
    env: (one) => namedVariables(one, env),
    onStep,
    onResume,
    onDeath(error, restartMs) {
      onDeath();
      logger.fatal(
        { err: error, restartMs },
        'the delivery thread ended and is restarted; events are still accepted and stored',
      );
    },
  });
}
