import type { Event } from '../event/event.ts';
import { DefinitionError, slugIssues } from './definition.ts';
import type { Fields, Payload } from './fields.ts';

/** An event that a processor derives: a track call of the same user, with one of the names that its definition lists. */
export type DerivedEvent<E extends Readonly<Record<string, Fields>> = Readonly<Record<string, Fields>>> = {
  [K in keyof E & string]: {
    readonly event: K;
    readonly properties: Payload<E[K]>;
    /** ISO 8601; the time of its cause when absent. */
    readonly timestamp?: string;
    /**
     * Names it permanently among the events of the processor, whatever its cause: `cart-17 step 1`. A second one with
     * the same key is a duplicate. Without a key, the ID follows from the cause.
     */
    readonly key?: string;
    /** It is historical although a timer made it: all its causes come from a back-fill. */
    readonly historical?: boolean;
  };
}[keyof E & string];

/** The result of an event or a timer. */
export interface Progress<State, E extends Readonly<Record<string, Fields>>> {
  /** JSON: the new state of the user; undefined removes it. */
  readonly state: State | undefined;
  readonly events?: readonly DerivedEvent<E>[];
  /** Timers to set by name, in epoch milliseconds; null cancels a timer. Others are unchanged. */
  readonly timers?: Readonly<Record<string, number | null>>;
  /** Why something was done or left out, in a few words: the newest notes are stored and shown with the user. */
  readonly note?: string;
}

/** A timer that is due: it fires once, however late. */
export interface FiredTimer {
  readonly name: string;
  /** Epoch milliseconds for which it was set. */
  readonly due: number;
}

/** What a processor receives with state and event. */
export interface ProcessorContext<S = unknown> {
  readonly settings: S;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Whether the event is historical, as in a back-fill; events derived from it are historical too. */
  readonly historical: boolean;
  /**
   * Encodes a string as a token for a link: only this server can read it and verify that it is unchanged. The same
   * string has the same token. Absent where there is no server, and in the code of partners.
   */
  readonly seal?: (text: string) => string;
}

/**
 * A processor as its author writes it: a pure function of the state of one user and an event. `State` is what `initial`
 * returns, `E` has the fields of the events that it derives.
 */
export interface ProcessorDefinition<
  S extends Fields = Fields,
  State = unknown,
  E extends Readonly<Record<string, Fields>> = Readonly<Record<string, Fields>>,
> {
  /** Stable name, the `type` in a workspace: `cart-abandonment`. */
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  /** Settings by name; none of them is a secret. */
  readonly settings: S;
  /** Which events it applies to, in the trigger language. */
  readonly trigger: string;
  /** The events it derives: their names, and the fields of their properties. */
  readonly events: E;
  /** The initial state of a user. */
  readonly initial: () => State;
  readonly process: (state: State, event: Event, context: ProcessorContext<Payload<S>>) => Progress<State, E>;
  /** Required for processors that set timers. */
  readonly wake?: (
    state: State,
    timer: FiredTimer,
    context: ProcessorContext<Payload<S>>,
  ) => Progress<State, E>;
  /**
   * Merges the state under an earlier key of the same person, a visitor or a guest with an e-mail address. Called once
   * when the two are known to be one person; the timers of `earlier` are handed over and cancelled. Without it, the
   * states stay separate.
   */
  readonly merge?: (
    state: State,
    earlier: Earlier<State>,
    context: ProcessorContext<Payload<S>>,
  ) => Progress<State, E>;
  /**
   * The events that describe the current state of a user: sent to users whom a recomputation changed. Return only
   * events that the next one of the same name replaces, such as metrics; a user who was not reminded of a cart a year
   * ago must not be reminded today.
   */
  readonly correct?: (state: State, context: ProcessorContext<Payload<S>>) => readonly DerivedEvent<E>[];
}

/** The state of a person under an earlier key. */
export interface Earlier<State = unknown> {
  readonly state: State;
  /** Due times by name, in epoch milliseconds. */
  readonly timers: Readonly<Record<string, number>>;
}

/** A checked, frozen processor. */
export interface Processor {
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly settings: Fields;
  readonly trigger: string;
  readonly events: Readonly<Record<string, Fields>>;
  readonly initial: () => unknown;
  readonly process: (state: unknown, event: Event, context: ProcessorContext) => AnyProgress;
  readonly wake?: (state: unknown, timer: FiredTimer, context: ProcessorContext) => AnyProgress;
  readonly merge?: (state: unknown, earlier: Earlier, context: ProcessorContext) => AnyProgress;
  readonly correct?: (state: unknown, context: ProcessorContext) => NonNullable<AnyProgress['events']>;
}

/** Progress with its types erased. */
export interface AnyProgress {
  readonly state: unknown;
  readonly events?: readonly {
    readonly event: string;
    readonly properties: unknown;
    readonly timestamp?: string;
    readonly key?: string;
    readonly historical?: boolean;
  }[];
  readonly timers?: Readonly<Record<string, number | null>>;
  readonly note?: string;
}

/** Checks a processor and freezes it; settings, state and events have the types of the definition. Throws DefinitionError. */
export function defineProcessor<
  const S extends Fields,
  State,
  const E extends Readonly<Record<string, Fields>>,
>(definition: ProcessorDefinition<S, State, E>): Processor {
  const issues = slugIssues(definition.slug);
  if (definition.trigger.trim() === '')
    issues.push({ code: 'workspace_invalid', path: 'trigger', message: 'A processor needs a trigger.' });
  for (const [name, { type, format }] of Object.entries(definition.settings)) {
    if (type !== 'password' && format !== 'password') continue;
    const message = 'A processor makes no requests, so it needs no secrets.';
    issues.push({ code: 'workspace_invalid', path: `settings.${name}`, message });
  }
  if (issues.length > 0) throw new DefinitionError(`Processor "${definition.slug}"`, issues);
  // The runtime returns a state as it was stored, and checks settings and derived events by their fields.
  return Object.freeze({ ...definition }) as unknown as Processor;
}
