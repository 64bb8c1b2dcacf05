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

/** What the engine is told from outside, so that tests can tell it otherwise. */
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
  /** Hosts, `host` or `host:port`, that requests may reach although they are internal addresses. */
  readonly allowedHosts?: readonly string[];
  /** Encrypts what instances of destinations keep; without it, nothing of that outlives the process. */
  readonly box?: SealingBox;
  /** Does what instances may do only once, where other engines work on the same state; absent: there are none. */
  readonly inTurn?: InTurn | undefined;
  /** Spreads calls over time; one of its own when absent. */
  readonly governor?: Governor;
  /** Told of every settled step, for metrics and live views. */
  readonly onStep?: (step: StepReport) => void;
  /** Partitions of the log; 1 when absent. */
  readonly partitions?: number;
  /** What this engine is called where lanes are leased: the same after a restart, another one for every engine of an installation. */
  readonly holder?: string;
  /** How long another engine waits for one that is gone, in milliseconds. */
  readonly leaseMs?: number;
  /** Which of some lanes are for this engine, where others work on the same state; absent: all are, always. */
  readonly share?: (lanes: readonly LaneKey[]) => readonly LaneKey[];
  /** Asks the others for parts of the limits that all share; nothing is lent when it is absent. */
  readonly divide?: (asks: readonly PartAsk[]) => Promise<ReadonlyMap<string, number>>;
  /** Whether the person of an event was deleted, and nothing of them is sent any more. */
  readonly suppressed?: (event: Event) => boolean;
  /** Told when this engine has left lanes to others. */
  readonly onLeft?: () => void;
}

/** Which hook is to be run, and with what. */
export interface AskedHook {
  readonly action: string;
  readonly hook: HookName;
  readonly question: HookQuestion;
}

/** The code that a person has brought back from an OAuth server, and what proves who had asked for it. */
export type BroughtCode = Extract<OAuthGrant, { code: string }>;

/** How the account of a destination is connected. Times in epoch milliseconds. */
export interface Account {
  /** When a person has connected it; absent when nobody has. */
  readonly connectedAt?: number;
  /** When the present token ends; absent where that is not known. */
  readonly expiresAt?: number;
  /** Whether it is renewed automatically. */
  readonly renews: boolean;
}

/** What connecting came to. */
export type Connected = Account | { readonly issue: Issue };

/** The few log levels that the engine uses; pino fits. */
export interface EngineLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** When to try again, and when to stop. Times in milliseconds. */
export interface RetryPolicy {
  /** Wait before the second attempt, before jitter. */
  readonly firstDelay: number;
  readonly factor: number;
  readonly maxDelay: number;
  /** From the first failure; after it the item is a dead letter. */
  readonly window: number;
  /** The same for items that wait because the whole destination is down: that is not their fault. */
  readonly outageWindow: number;
  /** The longest a lane holds between two probes of a destination that does not work. */
  readonly maxHold: number;
  /** What is different for one reason. */
  readonly reasons: Readonly<Partial<Record<ErrorCode, ReasonPolicy>>>;
}

/** What is different for items that fail for one reason. */
export interface ReasonPolicy extends Partial<
  Pick<RetryPolicy, 'firstDelay' | 'factor' | 'maxDelay' | 'window'>
> {
  /** Attempts after which the item is a dead letter, whatever the window. */
  readonly maxAttempts?: number;
}

/** How much a lane takes on at once. */
export interface LaneLimits {
  /** Events of one step. */
  readonly events: number;
  /** Characters of event text of one step. */
  readonly bytes: number;
  /** Calls of a stage at the same time. */
  readonly calls: number;
  /** Events of a step while the destination does not work; then eight times as many a step, until all are taken. */
  readonly probe: number;
  /** Users with waiting items, from which on no new events are read. */
  readonly parkedUsers: number;
  /** Calls one after the other that one user may cause in a step: the rest waits, and holds up nobody else. */
  readonly depth: number;
  /** Delivered calls of a step whose exchanges are kept; those of rejected and retried items always are. */
  readonly exchanges: number;
  /** Milliseconds of one call, unless the action says otherwise. */
  readonly timeout: number;
  /** Milliseconds that the others wait for the last calls of a step; then they go on without those users. */
  readonly patience: number;
}

/** Why a lane holds its place. */
export interface LaneHold {
  readonly code: ErrorCode;
  readonly message: string;
  readonly since: number;
  /** Epoch milliseconds of the next probe. */
  readonly until: number;
}

/** How a lane is doing, beside its counts in the state. */
export interface LaneStatus {
  readonly destination: string;
  /** 0 when absent. */
  readonly partition?: number;
  readonly enabled: boolean;
  readonly cursor: number;
  /** Events of the log it has not dealt with. */
  readonly lag: number;
  /** Items that wait for a retry, or behind an item that does. */
  readonly waiting: number;
  /** Epoch milliseconds at which the first of them is tried. */
  readonly nextDue?: number;
  readonly hold?: LaneHold;
  /** How calls are spread. Lanes of the same account share these. */
  readonly endpoints: readonly EndpointStatus[];
}

/** What one step of a lane did. */
export interface StepReport {
  readonly destination: string;
  /** 0 when absent. */
  readonly partition?: number;
  readonly events: number;
  /** How many outcomes there were of each kind. */
  readonly outcomes: readonly {
    readonly mappingId: string;
    readonly status: Outcome['status'];
    /** Empty for what was delivered. */
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
  /** Set when the lane holds after this step. */
  readonly hold?: LaneHold;
}

/** What a call that was rehearsed has done. */
export interface Rehearsed {
  /** Absent when only the answer of the destination could tell. */
  readonly outcome?: Outcome;
  /** Requests in the order they were made, with what came back of those that went out. */
  readonly exchanges: readonly Exchange[];
}

/**
 * A destination tried beside its lane: with what the lane remembers and its instance has learned, but nothing of it is settled,
 * remembered or counted, and no waiting item is touched.
 */
export interface Rehearsal {
  /** What the pipeline makes of events, the identifiers included. Never throws. */
  prepare(events: readonly LoggedEvent[]): Promise<readonly Prepared[]>;
  /** The requests with which an item would be sent. None goes out: each is answered 200 with `{}`. */
  requests(logged: LoggedEvent, item: ReadyItem): Promise<Rehearsed>;
  /** Really sends an item, once. */
  send(logged: LoggedEvent, item: ReadyItem): Promise<Required<Rehearsed>>;
}

/** Whose lanes are dropped with a destination: all that the state knows, those of this engine, or none. */
export type Dropped = 'everywhere' | 'here' | 'elsewhere';

/** Whether settings work, with what the answers of the destination told of its clock. */
export type TestedConnection = ConnectionResult & {
  /** How far its clock is ahead of this one, in milliseconds; absent when no answer said. */
  readonly clockOffset?: number;
};

/** The delivery engine: one lane per destination. */
export interface Engine {
  /**
   * Takes over a set of destinations; lanes of removed ones stop and are dropped, disabled ones keep their place in the log.
   * The first lanes of an empty state begin at the start of the log; one added later, or added again, begins at its end.
   * Rejects, having changed nothing, when a destination cannot be compiled. Where several engines work, `dropped` says who drops what
   * was kept of removed ones: `here` for those that this engine has had, `elsewhere` when another engine does.
   */
  configure(destinations: readonly ResolvedDestination[], dropped?: Dropped): Promise<void>;
  start(): void;
  /** Other engines have come or gone: takes and leaves lanes so that this one has its share. */
  rebalance(): void;
  /** Another engine has left lanes. */
  tryAgain(): void;
  /** Says that the log has grown or retries were requeued. Cheap; may be called often. */
  wake(): void;
  /** Has a lane give up what it has not dealt with up to a position: recorded, said, and never sent. */
  expire(destination: string, through: number): void;
  /** Finishes the steps under way and stops. */
  stop(): Promise<void>;
  /** Resolves when every enabled lane has dealt with the whole log and nothing is due or waiting to become due. */
  idle(): Promise<void>;
  status(): Promise<readonly LaneStatus[]>;
  /** Tries what waits at a destination, of one user or of all, before its time; returns how many users that are. */
  hurry(destination: string, user?: string): Promise<number>;
  testConnection(destination: ResolvedDestination): Promise<TestedConnection>;
  /** Tries a destination beside its lane, also one with other mappings than are in force. Rejects when it cannot be compiled. */
  rehearse(destination: ResolvedDestination): Promise<Rehearsal>;
  /** The choices of a dynamic field, as the account of a destination has them, or had them a short time ago. Never throws. */
  choices(destination: ResolvedDestination, asked: AskedChoices): Promise<ReadChoices>;
  /** Runs a hook of an action. What is entered is checked against its fields. Never throws. */
  runHook(destination: ResolvedDestination, asked: AskedHook): Promise<HookAnswer>;
  /** Connects the account of a destination with a code that a person has brought back. Never throws. */
  connect(destination: ResolvedDestination, code: BroughtCode): Promise<Connected>;
  /** How the account of a destination is connected. */
  account(destination: ResolvedDestination): Promise<Account>;
  /** The audiences whose ids are kept for the account of a destination. */
  audiences(destination: ResolvedDestination): Promise<readonly KeptAudience[]>;
  /** Keeps the ID that a person has set for an audience, or forgets it; false when no more are kept. */
  keepAudience(
    destination: ResolvedDestination,
    audience: { readonly id: string; readonly externalId?: string | undefined },
  ): Promise<boolean>;
  /** Asks a destination to delete a user, once; undefined when it has no way to. Never throws. */
  deleteUser(destination: ResolvedDestination, who: DeletionRequest): Promise<Outcome | undefined>;
}
