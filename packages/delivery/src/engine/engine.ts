import type {
  ConnectionResult,
  DeletionRequest,
  ErrorCode,
  Event,
  HookAnswer,
  HookName,
  HookQuestion,
  Issue,
  OAuthGrant,
  Outcome,
  Prepared,
  ReadyItem,
  ResolvedDestination,
} from '@waybill/core';
import type { KeptAudience } from '../instance/kept-audience.ts';
import type { AskedChoices, ReadChoices } from './choices.ts';
import type { EndpointStatus, Governor } from '../governor/governor.ts';
import type { InTurn, SealingBox } from '../instance/kept.ts';
import type { Log, LoggedEvent } from '../stores/log.ts';
import type { PartAsk } from '../stores/limit-parts.ts';
import type { LaneKey, State } from '../stores/state.ts';
import type { Exchange } from '../request/request.ts';

/** The inputs of the engine, which tests replace. */
export interface EngineInput {
  readonly log: Log;
  readonly state: State;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** 0 <= x < 1. */
  readonly random: () => number;
  readonly logger: EngineLogger;
  readonly policy?: Partial<RetryPolicy>;
  readonly limits?: Partial<LaneLimits>;
  /** Hosts, `host` or `host:port`, that requests may reach despite internal addresses. */
  readonly allowedHosts?: readonly string[];
  /** Encrypts the state of instances of destinations; without it, that state ends with the process. */
  readonly box?: SealingBox;
  /** Runs work of instances exclusively across engines on the same state; absent: there are no others. */
  readonly inTurn?: InTurn | undefined;
  /** Spreads calls over time; a private one when absent. */
  readonly governor?: Governor;
  /** Called with every settled step, for metrics and live views. */
  readonly onStep?: (step: StepReport) => void;
  /** Partitions of the log; 1 when absent. */
  readonly partitions?: number;
  /** The name of this engine in leases: the same after a restart, unique within an installation. */
  readonly holder?: string;
  /** The duration of a lease, in milliseconds. */
  readonly leaseMs?: number;
  /** Selects the lanes of this engine, where others work on the same state; absent: all lanes. */
  readonly share?: (lanes: readonly LaneKey[]) => readonly LaneKey[];
  /** Requests parts of the shared limits; absent: nothing is lent. */
  readonly divide?: (asks: readonly PartAsk[]) => Promise<ReadonlyMap<string, number>>;
  /** Whether the person of an event was deleted, so that nothing about them is sent. */
  readonly suppressed?: (event: Event) => boolean;
  /** Called when this engine has released lanes to others. */
  readonly onLeft?: () => void;
}

/** The hook to run, and its inputs. */
export interface AskedHook {
  readonly action: string;
  readonly hook: HookName;
  readonly question: HookQuestion;
}

/** The code from an OAuth server, and the proof of who requested it. */
export type BroughtCode = Extract<OAuthGrant, { code: string }>;

/** How the account of a destination is connected. Times in epoch milliseconds. */
export interface Account {
  /** When it was connected; absent when it was not. */
  readonly connectedAt?: number;
  /** When the current token expires; absent when unknown. */
  readonly expiresAt?: number;
  /** Whether it is renewed automatically. */
  readonly renews: boolean;
}

/** The result of connecting. */
export type Connected = Account | { readonly issue: Issue };

/** The few log levels that the engine uses; compatible with pino. */
export interface EngineLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** When to retry, and when to stop. Times in milliseconds. */
export interface RetryPolicy {
  /** The delay before the second attempt, before jitter. */
  readonly firstDelay: number;
  readonly factor: number;
  readonly maxDelay: number;
  /** The retry window from the first failure; after it the item is a dead letter. */
  readonly window: number;
  /** The same for items that wait because the whole destination is down. */
  readonly outageWindow: number;
  /** The maximum pause between two probes of a failing destination. */
  readonly maxHold: number;
  /** Overrides for single reasons. */
  readonly reasons: Readonly<Partial<Record<ErrorCode, ReasonPolicy>>>;
}

/** Overrides for items that fail for one reason. */
export interface ReasonPolicy extends Partial<
  Pick<RetryPolicy, 'firstDelay' | 'factor' | 'maxDelay' | 'window'>
> {
  /** The number of attempts after which the item is a dead letter, regardless of the window. */
  readonly maxAttempts?: number;
}

/** The limits of the work of a lane. */
export interface LaneLimits {
  /** The maximum number of events of a step. */
  readonly events: number;
  /** The maximum number of characters of events of a step. */
  readonly bytes: number;
  /** The maximum number of concurrent calls of a stage. */
  readonly calls: number;
  /** The number of events of a step while the destination fails; after that it grows eightfold per step, up to the maximum. */
  readonly probe: number;
  /** The number of users with waiting items at which no new events are read. */
  readonly parkedUsers: number;
  /** The maximum number of consecutive calls for one user in a step: the rest waits, without blocking others. */
  readonly depth: number;
  /** The number of delivered calls of a step whose exchanges are stored; those of rejected and retried items always are. */
  readonly exchanges: number;
  /** The timeout of a call in milliseconds, unless the action sets one. */
  readonly timeout: number;
  /** How long a step waits for its last calls, in milliseconds; then the lane continues without those users. */
  readonly patience: number;
}

/** Why a lane is paused. */
export interface LaneHold {
  readonly code: ErrorCode;
  readonly message: string;
  readonly since: number;
  /** Epoch milliseconds of the next probe. */
  readonly until: number;
}

/** The status of a lane, in addition to its counts in the state. */
export interface LaneStatus {
  readonly destination: string;
  /** 0 when absent. */
  readonly partition?: number;
  readonly enabled: boolean;
  readonly cursor: number;
  /** The number of events of the log after its cursor. */
  readonly lag: number;
  /** The number of items that wait for a retry, or behind such an item. */
  readonly waiting: number;
  /** When the first of them is due, in epoch milliseconds. */
  readonly nextDue?: number;
  readonly hold?: LaneHold;
  /** How calls are spread. Lanes of the same account share these. */
  readonly endpoints: readonly EndpointStatus[];
}

/** The report of a step of a lane. */
export interface StepReport {
  readonly destination: string;
  /** 0 when absent. */
  readonly partition?: number;
  readonly events: number;
  /** The number of outcomes of each kind. */
  readonly outcomes: readonly {
    readonly mappingId: string;
    readonly status: Outcome['status'];
    /** Empty for delivered items. */
    readonly code: string;
    readonly count: number;
  }[];
  readonly calls: readonly {
    readonly action: string;
    readonly items: number;
    readonly durationMs: number;
    readonly status?: number;
  }[];
  readonly durationMs: number;
  /** Milliseconds from arrival to the settled outcome, of one in `DELAYS_OF` delivered items. */
  readonly delays: readonly number[];
  /** Set when the lane is paused after this step. */
  readonly hold?: LaneHold;
}

/** The result of a rehearsed call. */
export interface Rehearsed {
  /** Absent when it depends on the answer of the destination. */
  readonly outcome?: Outcome;
  /** Requests in their order, with the answers of those that were sent. */
  readonly exchanges: readonly Exchange[];
}

/**
 * A destination that is tried outside of its lane: with the memory of the lane and the state of the instance, but nothing is
 * settled, remembered or counted, and waiting items are unchanged.
 */
export interface Rehearsal {
  /** Returns the result of the pipeline for events, including identifiers. Never throws. */
  prepare(events: readonly LoggedEvent[]): Promise<readonly Prepared[]>;
  /** Returns the requests that an item would cause. None is sent: each is answered 200 with `{}`. */
  requests(logged: LoggedEvent, item: ReadyItem): Promise<Rehearsed>;
  /** Really sends an item, once. */
  send(logged: LoggedEvent, item: ReadyItem): Promise<Required<Rehearsed>>;
}

/** The lanes that are dropped with a destination: all in the state, those of this engine, or none. */
export type Dropped = 'everywhere' | 'here' | 'elsewhere';

/** Whether settings work, with the clock difference of the destination. */
export type TestedConnection = ConnectionResult & {
  /** How far its clock is ahead of this one, in milliseconds; absent when unknown. */
  readonly clockOffset?: number;
};

/** The delivery engine: one lane per destination. */
export interface Engine {
  /**
   * Applies a set of destinations; lanes of removed ones stop and are dropped, disabled ones keep their cursor. The first lanes
   * of an empty state start at the beginning of the log; one added later, or added again, starts at its end. Rejects, without
   * changes, when a destination cannot be compiled. With several engines, `dropped` says who drops the data of removed ones:
   * `here` for those of this engine, `elsewhere` when another engine does.
   */
  configure(destinations: readonly ResolvedDestination[], dropped?: Dropped): Promise<void>;
  start(): void;
  /** Other engines have come or gone: acquires and releases lanes so that this one has its share. */
  rebalance(): void;
  /** Another engine has released lanes. */
  tryAgain(): void;
  /** Signals that the log has grown or items were replayed. Cheap; may be called often. */
  wake(): void;
  /** Makes a lane give up unprocessed events up to a position: recorded, logged, and never sent. */
  expire(destination: string, through: number): void;
  /** Finishes the current steps and stops. */
  stop(): Promise<void>;
  /** Resolves when every enabled lane has processed the whole log and no item waits. */
  idle(): Promise<void>;
  status(): Promise<readonly LaneStatus[]>;
  /** Retries waiting items of a destination early, for one user or all; returns the number of users. */
  hurry(destination: string, user?: string): Promise<number>;
  testConnection(destination: ResolvedDestination): Promise<TestedConnection>;
  /** Prepares a try of a destination outside of its lane, also with changed mappings. Rejects when it cannot be compiled. */
  rehearse(destination: ResolvedDestination): Promise<Rehearsal>;
  /** Returns the choices of a dynamic field from the account of a destination, or from a short-lived cache. Never throws. */
  choices(destination: ResolvedDestination, asked: AskedChoices): Promise<ReadChoices>;
  /** Runs a hook of an action. Its inputs are checked against its fields. Never throws. */
  runHook(destination: ResolvedDestination, asked: AskedHook): Promise<HookAnswer>;
  /** Connects the account of a destination with a code from its OAuth server. Never throws. */
  connect(destination: ResolvedDestination, code: BroughtCode): Promise<Connected>;
  /** Returns how the account of a destination is connected. */
  account(destination: ResolvedDestination): Promise<Account>;
  /** Returns the audiences with stored IDs for the account of a destination. */
  audiences(destination: ResolvedDestination): Promise<readonly KeptAudience[]>;
  /** Stores an ID that was set for an audience, or removes it; false when no more can be stored. */
  keepAudience(
    destination: ResolvedDestination,
    audience: { readonly id: string; readonly externalId?: string | undefined },
  ): Promise<boolean>;
  /** Asks a destination to delete a user, once; undefined when it does not support deletion. Never throws. */
  deleteUser(destination: ResolvedDestination, who: DeletionRequest): Promise<Outcome | undefined>;
}
