import type {
  Audience,
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
 * What the delivery thread and the process of a partner's module say to each other. Everything is data: the functions of a
 * definition stay in its process.
 */

/** The functions of a destination that can be asked for over there, beside those of its actions. */
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
  /** Whether it says something of each payload: identifiers, or a batch key. */
  readonly derives: boolean;
  /** Where payloads carry identifiers, if that is all that there is to say of them. */
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
  /** What a person sets for an audience; absent where it makes none. */
  readonly audiences?: Fields;
  /** Which functions it has. */
  readonly has: readonly (typeof FUNCTIONS)[number][];
}

/** What a module exports, without its code. */
export interface DescribedExports {
  readonly destinations: readonly Described[];
  readonly sources: readonly DescribedSource[];
}

/** What the code of a destination is asked to do. */
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
      /** The hook that the field is of; absent for a field of the action itself. */
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

/** What the code of a module is asked to do. */
export type Task = DestinationTask | SourceTask;

/** Settings, with the number of the object they are: definitions keep accounts by it. */
export interface NumberedSettings {
  readonly id: number;
  readonly value: unknown;
}

/** An answer without what can be made of it again. */
export type WireAnswer = Omit<HttpResponse, 'body'> | HttpFailure;

/** What an instance keeps, as it is known outside. */
export interface KeptEntries {
  readonly entries: Readonly<Record<string, string>>;
  /** The number of the last change by the process that is in them. */
  readonly seen: number;
}

/** To the process. */
export type ToProcess =
  | {
      readonly kind: 'task';
      readonly id: number;
      readonly task: Task;
      readonly settings: NumberedSettings;
      /** What the instance keeps; absent where it keeps nothing. */
      readonly kept?: { readonly id: number } & KeptEntries;
      /** Whether the task has a memory. */
      readonly memory: boolean;
    }
  | { readonly kind: 'reply'; readonly id: number; readonly number: number; readonly value: unknown }
  /** It is the turn that an instance has asked for, with what is kept now. */
  | { readonly kind: 'turn'; readonly kept: number; readonly number: number; readonly entries: KeptEntries }
  | { readonly kind: 'ping' };

/** A call of an action on its way out; `broken` says why it could not be written down. */
export type WireCall = Omit<HttpCall, 'json'> & { readonly broken?: string };

/** From the process. */
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
  /** An instance keeps something, under the number that came with its tasks. */
  | {
      readonly kind: 'keep';
      readonly kept: number;
      /** Counts the changes of this instance. */
      readonly number: number;
      readonly entries: Readonly<Record<string, string | undefined>>;
    }
  /** An instance has work that nobody else may do at the same time, or has done it. */
  | { readonly kind: 'turn' | 'turned'; readonly kept: number; readonly number: number }
  | { readonly kind: 'pong' }
  /** Something is wrong with the code that ends nothing. */
  | { readonly kind: 'warning'; readonly message: string }
  /** The last word of the process. */
  | { readonly kind: 'fatal'; readonly message: string };

/** What a task may do while it runs. */
export interface TaskContext {
  readonly settings: NumberedSettings;
  readonly request: Request;
  readonly memory?: Memory;
  readonly kept?: { readonly id: number; readonly state: InstanceState };
  readonly events?: CallEvents;
}

/** Asks the code of a module, wherever it runs. */
export type RunTask = (task: Task, context: TaskContext) => Promise<unknown>;
