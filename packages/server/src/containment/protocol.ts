import type {
  Audience,
  AudienceMode,
  DeletionRequest,
  DynamicQuestion,
  ErrorCode,
  Fields,
  HookName,
  HookQuestion,
  HttpCall,
  HttpFailure,
  HttpResponse,
  IdentifierMembers,
  InstanceState,
  Issue,
  Memory,
  OAuthDeclaration,
  Preset,
  Request,
  SyncModes,
} from '@waybill/core';
import type { CallEvents } from './events.ts';
import type { WireItems } from './items.ts';
import type { DescribedSource, SourceTask } from './source-protocol.ts';

/*
 * The messages between the delivery thread and the process of a partner's module. All of it is plain data: the functions of a
 * definition stay in their process.
 */

/** The functions of a destination that can be called in the process, besides those of its actions. */
export const FUNCTIONS = [
  'open',
  'testConnection',
  'deleteUser',
  'projectType',
  'rateLimits',
  'readRateLimit',
] as const;

/** An action without its code. */
export interface DescribedAction {
  readonly title: string;
  readonly description: string;
  readonly defaultTrigger?: string;
  readonly fields: Fields;
  readonly batch?: {
    readonly maxItems: number;
    readonly maxBytes: number;
    readonly oneItemPerUser?: boolean;
  };
  readonly delta?: { readonly fields: string };
  readonly syncMode?: SyncModes;
  /** Paths of the fields whose choices are read from the account. */
  readonly dynamicFields: readonly string[];
  readonly hooks?: Readonly<Partial<Record<HookName, DescribedHook>>>;
  /** Whether it has functions per payload: for identifiers, or a batch key. */
  readonly derives: boolean;
  /** Where payloads contain identifiers, if that is their only function. */
  readonly members?: IdentifierMembers;
}

/** A hook without its code. */
export interface DescribedHook {
  readonly label: string;
  readonly description: string;
  readonly fields: Fields;
  readonly outputs?: Fields;
  readonly dynamicFields: readonly string[];
}

/** A destination without its code. */
export interface Described {
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly settings: Fields;
  readonly presets: readonly Preset[];
  readonly maxMappings: number;
  readonly oauth?: OAuthDeclaration;
  readonly actions: Readonly<Record<string, DescribedAction>>;
  /** The form of an audience; absent without audiences. */
  readonly audiences?: Fields;
  readonly audienceMode?: AudienceMode;
  /** The functions that it has. */
  readonly has: readonly (typeof FUNCTIONS)[number][];
}

/** The exports of a module, without its code. */
export interface DescribedExports {
  readonly destinations: readonly Described[];
  readonly sources: readonly DescribedSource[];
}

/** A task for the code of a destination. */
export type DestinationTask = { readonly slug: string } & (
  | { readonly kind: 'send'; readonly action: string; readonly items: WireItems }
  | {
      readonly kind: 'derive';
      readonly action: string;
      readonly payloads: readonly unknown[];
      /** The number under which the process keeps them until they are sent. */
      readonly batch: number;
    }
  | {
      readonly kind: 'choices';
      readonly action: string;
      /** The hook of the field; absent for a field of the action itself. */
      readonly hook?: HookName;
      readonly field: string;
      readonly question: DynamicQuestion;
    }
  | {
      readonly kind: 'hook';
      readonly action: string;
      readonly hook: HookName;
      readonly question: HookQuestion;
    }
  | { readonly kind: 'testConnection' }
  | { readonly kind: 'deleteUser'; readonly who: DeletionRequest }
  | { readonly kind: 'createAudience'; readonly audience: Audience }
  | { readonly kind: 'getAudience'; readonly audience: Audience; readonly externalId: string }
  | { readonly kind: 'projectType' }
  | { readonly kind: 'rateLimits' }
  | { readonly kind: 'readRateLimit'; readonly response: HttpResponse }
);

/** A task for the code of a module. */
export type Task = DestinationTask | SourceTask;

/** Settings, with the number of their object: definitions cache accounts by it. */
export interface NumberedSettings {
  readonly id: number;
  readonly value: unknown;
}

/** An answer without derivable members. */
export type WireAnswer = Omit<HttpResponse, 'body'> | HttpFailure;

/** The state of an instance, as known outside. */
export interface KeptEntries {
  readonly entries: Readonly<Record<string, string>>;
  /** The number of the last change by the process that it includes. */
  readonly seen: number;
}

/** Messages to the process. */
export type ToProcess =
  | {
      readonly kind: 'task';
      readonly id: number;
      readonly task: Task;
      readonly settings: NumberedSettings;
      /** The state of the instance; absent without one. */
      readonly kept?: { readonly id: number } & KeptEntries;
      /** Whether the task has a memory. */
      readonly memory: boolean;
    }
  | { readonly kind: 'reply'; readonly id: number; readonly number: number; readonly value: unknown }
  /** Grants a requested turn to an instance, with the current state. */
  | { readonly kind: 'turn'; readonly kept: number; readonly number: number; readonly entries: KeptEntries }
  | { readonly kind: 'ping' };

/** A call of an action; `broken` is the reason why it could not be encoded. */
export type WireCall = Omit<HttpCall, 'json'> & { readonly broken?: string };

/** Messages from the process. */
export type FromProcess =
  | ({ readonly kind: 'ready' } & DescribedExports)
  | {
      readonly kind: 'unusable';
      readonly code: ErrorCode;
      readonly message: string;
      readonly issues: readonly Issue[];
    }
  | { readonly kind: 'done'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'threw'; readonly id: number; readonly message: string }
  | { readonly kind: 'request'; readonly id: number; readonly number: number; readonly call: WireCall }
  /** The code has read the event of an item. */
  | { readonly kind: 'read'; readonly id: number }
  | { readonly kind: 'recall'; readonly id: number; readonly number: number; readonly key: string }
  | {
      readonly kind: 'remember';
      readonly id: number;
      readonly number: number;
      readonly key: string;
      readonly value: string | undefined;
    }
  /** An instance has changed its state, under the number of its tasks. */
  | {
      readonly kind: 'keep';
      readonly kept: number;
      /** Counts the changes of this instance. */
      readonly number: number;
      readonly entries: Readonly<Record<string, string | undefined>>;
    }
  /** An instance requests or ends exclusive work. */
  | { readonly kind: 'turn' | 'turned'; readonly kept: number; readonly number: number }
  | { readonly kind: 'pong' }
  /** A problem of the code that does not end it. */
  | { readonly kind: 'warning'; readonly message: string }
  /** The last message of the process. */
  | { readonly kind: 'fatal'; readonly message: string };

/** The functions of a running task. */
export interface TaskContext {
  readonly settings: NumberedSettings;
  readonly request: Request;
  readonly memory?: Memory;
  readonly kept?: { readonly id: number; readonly state: InstanceState };
  readonly events?: CallEvents;
}

/** Runs a task with the code of a module, wherever it runs. */
export type RunTask = (task: Task, context: TaskContext) => Promise<unknown>;
