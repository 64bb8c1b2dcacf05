import type { StepReport } from '@waybill/delivery';
import type { DescribedModule } from '../containment/modules.ts';
import type { ContainmentLimits, ModuleStatus } from '../containment/process.ts';
import type { OldLane } from '../folder/reach.ts';
import type { Operations } from './operations.ts';
import type { DeliveryWorkspace } from './workspace.ts';

/** The input of the delivery worker. */
export interface WorkerData {
  /** The address of log and state. */
  readonly store: string;
  /** Names this process among those with the same store. */
  readonly member: string;
  /** Whether this process delivers. */
  readonly delivers: boolean;
  /** Encrypts the state of instances of destinations. */
  readonly secretKey: string;
  /** Modules with destinations besides Waybill's own. */
  readonly modules: readonly DescribedModule[];
  readonly containment: ContainmentLimits;
  /** The complete environment of the code of modules. */
  readonly moduleEnv: Readonly<Record<string, string>>;
  readonly workspace: DeliveryWorkspace;
  readonly env: Readonly<Record<string, string>>;
  readonly allowedHosts: readonly string[];
  readonly logLevel: string;
  /** Environment variables that tracing reads. */
  readonly tracing: Readonly<Record<string, string>>;
  readonly retry: { readonly firstDelay?: number; readonly maxDelay?: number; readonly window?: number };
}

/** Messages from the accepting thread to the worker. */
export type ToWorker =
  /** The first message: the log is readable. */
  | { readonly kind: 'open' }
  | { readonly kind: 'wake' }
  /** An operation; it is answered. */
  | {
      readonly kind: 'ask';
      readonly id: number;
      readonly operation: keyof Operations;
      readonly given: readonly unknown[];
    };

/** Messages from the worker to the accepting thread. */
export type FromWorker =
  /** It delivers; or everything is paused, because the cursors of these lanes in the state are too old. */
  | { readonly kind: 'ready'; readonly old: readonly OldLane[] }
  | { readonly kind: 'step'; readonly step: StepReport }
  | { readonly kind: 'module'; readonly status: ModuleStatus }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };
