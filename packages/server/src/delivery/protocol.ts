import type {
  ConnectionResult,
  DeletionRequest,
  DestinationConfig,
  DynamicQuestion,
  Outcome,
  Workspace,
} from '@waybill/core';
import type { DescribedModule } from '../containment/modules.ts';
import type { ContainmentLimits, ModuleStatus } from '../containment/process.ts';
import type {
  DeadLetterFilter,
  Forecast,
  PeriodFilter,
  ResyncFilter,
  StateLimits,
  StepReport,
} from '@waybill/delivery';
import type { GoOn, OldLane } from '../folder/reach.ts';

/** What the delivery worker is started with. */
export interface WorkerData {
  /** The address of log and state. */
  readonly store: string;
  /** Encrypts what instances of destinations keep. */
  readonly secretKey: string;
  /** Modules with destinations beside Waybill's own. */
  readonly modules: readonly DescribedModule[];
  readonly containment: ContainmentLimits;
  /** The whole environment of the code of modules. */
  readonly moduleEnv: Readonly<Record<string, string>>;
  readonly workspace: Workspace;
  readonly env: Readonly<Record<string, string>>;
  readonly allowedHosts: readonly string[];
  readonly logLevel: string;
  /** Variables of the environment that tracing reads. */
  readonly tracing: Readonly<Record<string, string>>;
  readonly retry: { readonly firstDelay?: number; readonly maxDelay?: number; readonly window?: number };
}

/** From the accepting thread to the worker. `id` is answered. */
export type ToWorker =
  /** The first message: the log is there to be read. */
  | { readonly kind: 'open' }
  | { readonly kind: 'wake' }
  | {
      readonly kind: 'configure';
      readonly id: number;
      readonly workspace: Workspace;
      readonly env: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'replay';
      readonly id: number;
      /** One after the other; what several let through is put back once. */
      readonly filters: readonly DeadLetterFilter[];
      readonly dryRun: boolean;
    }
  | {
      readonly kind: 'discard';
      readonly id: number;
      readonly filters: readonly DeadLetterFilter[];
      readonly dryRun: boolean;
    }
  | { readonly kind: 'expire'; readonly id: number; readonly destination: string; readonly through: number }
  | { readonly kind: 'retain'; readonly id: number; readonly limits: StateLimits }
  | {
      readonly kind: 'replayPeriod';
      readonly id: number;
      readonly filter: PeriodFilter;
      readonly dryRun: boolean;
    }
  | { readonly kind: 'cancelReplay'; readonly id: number; readonly replay: string }
  | {
      readonly kind: 'test';
      readonly id: number;
      readonly config: DestinationConfig;
      readonly env: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'choices';
      readonly id: number;
      readonly destination: string;
      readonly action: string;
      readonly field: string;
      readonly question: DynamicQuestion;
    }
  | { readonly kind: 'deleteUser'; readonly id: number; readonly who: DeletionRequest }
  | { readonly kind: 'resync'; readonly id: number; readonly filter: ResyncFilter }
  | { readonly kind: 'resume'; readonly id: number; readonly from: GoOn }
  | { readonly kind: 'idle'; readonly id: number }
  | { readonly kind: 'stop'; readonly id: number };

/** From the worker to the accepting thread. */
export type FromWorker =
  /** It delivers; or it holds everything, because the state has these lanes too far back. */
  | { readonly kind: 'ready'; readonly old: readonly OldLane[] }
  | { readonly kind: 'step'; readonly step: StepReport }
  | { readonly kind: 'module'; readonly status: ModuleStatus }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };

/** The answer to `replay`. */
export type ReplayAnswer =
  | { readonly requeued: number }
  | { readonly dryRun: true; readonly deadLetters: number; readonly outcomes: readonly Forecast[] };

/** The answer to `test`. */
export type TestAnswer = ConnectionResult;

/** What became of a deletion request at one destination; `retry` asks for the request to be made again. */
export interface DeletionAnswer {
  readonly destination: string;
  readonly outcome: Outcome;
}
