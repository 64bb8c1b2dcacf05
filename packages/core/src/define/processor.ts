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
     * Names it for ever among the events of the processor, whatever it was derived of: `cart-17 step 1`. A second one of the same
     * key is a duplicate. Without one, the id follows from the cause.
     */
    readonly key?: string;
    /** It tells of the past alone, though a timer made it: a back-fill brought all that it follows from. */
    readonly historical?: boolean;
  };
}[keyof E & string];

/** What an event or a timer has come to. */
export interface Progress<State, E extends Readonly<Record<string, Fields>>> {
  /** JSON: what is kept of the user from now on; undefined forgets them. */
  readonly state: State | undefined;
  readonly events?: readonly DerivedEvent<E>[];
  /** Times to be woken at, in epoch milliseconds, by name; null takes a timer back. Others stay as they are. */
  readonly timers?: Readonly<Record<string, number | null>>;
  /** Why something was done or left, in a few words: the newest are kept and shown with the user. */
  readonly note?: string;
}

/** A timer whose time has come: it fires once, however late. */
export interface FiredTimer {
  readonly name: string;
  /** Epoch milliseconds for which it was set. */
  readonly due: number;
}

/** What a processor is handed beside state and event. */
export interface ProcessorContext<S = unknown> {
  readonly settings: S;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Whether the event is of the past, as a back-fill tells it; what is derived of it is marked alike. */
  readonly historical: boolean;
  /**
   * Makes a text into a token for a link: this server alone can read it, and tell that nobody has changed it. The same text has the same
   * token. Absent where there is no server, and in the code of partners.
   */
  readonly seal?: (text: string) => string;
}

/**
 * A processor as its author writes it: a pure function of what is known of one user and of an event. `State` is what
 * `initial` returns, `E` has the fields of the events that it derives.
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
  /** The state of a user of whom nothing is kept. */
  readonly initial: () => State;
  readonly process: (state: State, event: Event, context: ProcessorContext<Payload<S>>) => Progress<State, E>;
  /** Needed by those that set timers. */
  readonly wake?: (
    state: State,
    timer: FiredTimer,
    context: ProcessorContext<Payload<S>>,
  ) => Progress<State, E>;
  /**
   * Joins what was kept of the same person before it was known who they are: as a visitor, or as a guest by e-mail address. Called
   * once the two are known to be one; the timers of `earlier` are handed over and taken back. Without it, they stay apart.
   */
  readonly merge?: (
    state: State,
    earlier: Earlier<State>,
    context: ProcessorContext<Payload<S>>,
  ) => Progress<State, E>;
  /**
   * The events that say how things are by now with a user: sent to whom a recomputation has changed. Only what holds until the next one of
   * the same name belongs here, such as metrics; who was not reminded of a cart a year ago is not to be reminded today.
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

/** Progress whose types nobody needs to know any more. */
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
  // The runtime gives a state back as it was kept, and checks settings and derived events by their fields.
  return Object.freeze({ ...definition }) as unknown as Processor;
}
