import type { Event } from '../event/event.ts';
import type { Identifiers, Identity } from '../identity/resolve.ts';
import type { Memory } from '../identity/memory.ts';
import type { Outcome } from '../result/outcome.ts';
import type { Derivation } from './derive.ts';
import type { DynamicField } from './dynamic.ts';
import type { Fields, Payload } from './fields.ts';
import type { Hook, HookDefinition, HookName, HookOutputs, Hooks } from './hook.ts';
import type { Request } from './http.ts';
import type { SyncMode, SyncModes } from './sync-mode.ts';

/** A payload to be sent, with its event and mapping. */
export interface Item<P = unknown> {
  /** Names the delivery permanently: the same event through the same mapping has the same key at every attempt. */
  readonly key: string;
  readonly event: Event;
  readonly payload: P;
  /** The identifiers of the user; undefined when the action does not identify users. */
  readonly identity: Identity | undefined;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** The sync mode of its mapping, for actions that have modes. */
  readonly syncMode?: SyncMode;
  /** The outputs of the hooks of its mapping. */
  readonly hookOutputs?: Readonly<Partial<Record<HookName, HookOutputs>>>;
  /** The mapping as configured, for actions that read settings of the mapping itself. */
  readonly mapping?: Readonly<Record<string, unknown>>;
}

/** What an action receives with its items: one small object, passed whole. */
export interface SendContext<S = unknown> {
  readonly settings: S;
  readonly request: Request;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** What this instance remembers of its users; absent where nothing is stored. */
  readonly memory?: Memory;
  /** What `open` of the definition returned for this instance. */
  readonly instance?: unknown;
}

/** How items of an action may share one call. */
export interface BatchRule<P> {
  /** The maximum number of items in a call. */
  readonly maxItems: number;
  /** The maximum size of a call: bytes of all payloads as JSON. */
  readonly maxBytes: number;
  /** Items share a call only when this string is equal. */
  readonly groupBy?: (payload: P) => string;
  /** At most one item per user in a call: for endpoints whose answer names users, not items. */
  readonly oneItemPerUser?: boolean;
  /**
   * Why one answer applies to all items of a call: the endpoint accepts or rejects a call whole. Cite its
   * documentation; without this, `waybill validate` requires that the result of each item is read.
   */
  readonly allOrNothing?: string;
}

/** How an action can send only changes. */
export interface DeltaRule {
  /** Name of the object field whose members the destination merges: a member that is left out keeps its value. */
  readonly fields: string;
}

/** A declarative action: fields, and one way to send one or many items. */
export interface ActionDefinition<S extends Fields = Fields, F extends Fields = Fields> {
  readonly title: string;
  readonly description: string;
  /** The trigger that a new mapping starts with. */
  readonly defaultTrigger?: string;
  /** The settings of the destination, for the types of `send`. */
  readonly settings?: S;
  readonly fields: F;
  /** Where the payload carries identifiers; absent when the action does not identify users. */
  readonly identifiers?: (payload: Payload<F>) => Identifiers;
  /** Fields whose choices are read from the account, by the path of the field: `listId`, `user.listId`, `traits.__keys__`. */
  readonly dynamicFields?: Readonly<Record<string, DynamicField<SendContext<Payload<S>>>>>;
  /** Absent: one item per call. */
  readonly batch?: BatchRule<Payload<F>>;
  /** Absent: a payload is always sent whole. */
  readonly delta?: DeltaRule;
  /** The sync modes that mappings can choose. Items of one call share the mode. */
  readonly syncMode?: SyncModes;
  /** Runs once when a mapping is published, for example to create a list; see `defineHook`. */
  readonly hooks?: Hooks<never>;
  /**
   * Delivers the items and returns one outcome per item, in their order. A single event is a batch of one. Expected
   * failures are outcomes; a throw gives every item `destination_bug`, and an invalid outcome gives its item
   * `action_outcome_invalid`.
   */
  readonly send: (
    items: readonly Item<Payload<F>>[],
    context: SendContext<Payload<S>>,
  ) => Promise<readonly Outcome[]>;
}

/** An action with its payload type erased. */
export interface Action {
  readonly title: string;
  readonly description: string;
  readonly defaultTrigger?: string;
  readonly fields: Fields;
  readonly identifiers?: (payload: unknown) => Identifiers;
  readonly dynamicFields?: Readonly<Record<string, DynamicField<SendContext>>>;
  readonly batch?: BatchRule<unknown>;
  readonly delta?: DeltaRule;
  readonly syncMode?: SyncModes;
  readonly hooks?: Hooks<SendContext>;
  readonly send: (items: readonly Item[], context: SendContext) => Promise<readonly Outcome[]>;
  /** Replaces `identifiers`, `groupBy` and the project type where the code runs in a process of its own. */
  readonly derive?: (payloads: readonly unknown[], settings: unknown) => Promise<Derivation>;
}

/** Types an action: payload and settings types are inferred from the fields. */
export function defineAction<const S extends Fields, const F extends Fields>(
  definition: ActionDefinition<S, F>,
): Action {
  const { settings: _typesOnly, ...action } = definition;
  // The pipeline only passes payloads to an action that its own fields have validated.
  return Object.freeze(action) as unknown as Action;
}

/** Types a hook: the types of its inputs and settings are inferred from the fields. */
export function defineHook<const S extends Fields, const F extends Fields>(
  definition: HookDefinition<SendContext<Payload<S>>, F> & {
    /** The settings of the destination, for the types of `run`. */
    readonly settings?: S;
  },
): Hook<SendContext<Payload<S>>> {
  const { settings: _typesOnly, ...hook } = definition;
  // A hook only receives inputs that its own fields have validated.
  return Object.freeze(hook) as unknown as Hook<SendContext<Payload<S>>>;
}

/** Returns fields with their exact types, for sharing between actions. */
export function defineFields<const F extends Fields>(fields: F): F {
  return fields;
}
