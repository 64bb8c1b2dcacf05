import type { StepReport } from '@waybill/delivery';
import type { DescribedModule } from '../containment/modules.ts';
import type { ContainmentLimits, ModuleStatus } from '../containment/process.ts';
import type { OldLane } from '../folder/reach.ts';
import type { Operations } from './operations.ts';
import type { DeliveryWorkspace } from './workspace.ts';

/** What the delivery worker is started with. */
export interface WorkerData {
  /** The address of log and state. */
  readonly store: string;
  /** Names this process among those of the same store. */
  readonly member: string;
  /** Whether lanes are for this process. */
  readonly delivers: boolean;
  /** Encrypts what instances of destinations keep. */
  readonly secretKey: string;
  /** Modules with destinations beside Waybill's own. */
  readonly modules: readonly DescribedModule[];
  readonly containment: ContainmentLimits;
  /** The whole environment of the code of modules. */
  readonly moduleEnv: Readonly<Record<string, string>>;
  readonly workspace: DeliveryWorkspace;
  readonly env: Readonly<Record<string, string>>;
  readonly allowedHosts: readonly string[];
  readonly logLevel: string;
  /** Variables of the environment that tracing reads. */
  readonly tracing: Readonly<Record<string, string>>;
  readonly retry: { readonly firstDelay?: number; readonly maxDelay?: number; readonly window?: number };
}

/** From the accepting thread to the worker. */
export type ToWorker =
  /** The first message: the log is there to be read. */
  | { readonly kind: 'open' }
  | { readonly kind: 'wake' }
  /** An operation; it is answered. */
  | {
      readonly kind: 'ask';
      readonly id: number;
      readonly operation: keyof Operations;
      readonly given: readonly unknown[];
    };

/** From the worker to the accepting thread. */
export type FromWorker =
  /** It delivers; or it holds everything, because the state has these lanes too far back. */
  | { readonly kind: 'ready'; readonly old: readonly OldLane[] }
  | { readonly kind: 'step'; readonly step: StepReport }
  | { readonly kind: 'module'; readonly status: ModuleStatus }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };
