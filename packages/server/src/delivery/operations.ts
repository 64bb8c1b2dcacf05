import type { SentTest, Tried } from '@waybill/api';
import type { DeletionRequest, DestinationConfig, HookAnswer } from '@waybill/core';
import type {
  Account,
  AskedChoices,
  AskedHook,
  BroughtCode,
  Connected,
  Correction,
  DeadLetterFilter,
  DeadLetterGroups,
  Forecast,
  KeptAudience,
  LaneStatus,
  LoggedEvent,
  PeriodFilter,
  ReadChoices,
  ReplayProgress,
  ResyncFilter,
  StateLimits,
  TestedConnection,
} from '@waybill/delivery';
import type { DeletionAnswer } from '@waybill/ingest';
import type { GoOn } from '../folder/reach.ts';
import type { Replay } from './replays.ts';
import type { TryQuestion } from './try.ts';
import type { Retained } from './retain.ts';
import type { DeliveryWorkspace } from './workspace.ts';

/** Values of environment variables, by name. */
export type Variables = Readonly<Record<string, string>>;

/** Counts by destination. */
export type Counts = Readonly<Record<string, number>>;

/**
 * The operations of the delivery worker for the accepting thread. A new operation is a line here and its handler in worker.ts; input
 * and result are copied between threads, so they are plain data.
 */
export interface Operations {
  /**
   * Applies a workspace; one after the other, so that the last one wins. `isOwn` is whether it was changed here: the data of a
   * removed destination is deleted where it was removed.
   */
  configure(workspace: DeliveryWorkspace, env: Variables, isOwn?: boolean): Promise<void>;
  /**
   * Replays dead letters, with a correction where there is one; a dead letter that several filters match is replayed once. A dry run
   * only counts.
   */
  replay(
    filters: readonly DeadLetterFilter[],
    dryRun?: boolean,
    correction?: Correction,
  ): Promise<ReplayAnswer>;
  /** Returns the outcomes of the dead letters that were replayed at a time. */
  replayed(at: number): Promise<ReplayProgress>;
  /** Groups dead letters by their problem. */
  groups(filters: readonly DeadLetterFilter[]): Promise<DeadLetterGroups>;
  /** Returns the status of the lanes. */
  lanes(): Promise<readonly LaneStatus[]>;
  /** Retries waiting items of destinations early, of one user or of all; returns the number of users. */
  hurry(destinations: readonly string[], user?: string): Promise<number>;
  /** Deletes dead letters, or counts them. */
  discard(filters: readonly DeadLetterFilter[], dryRun: boolean): Promise<Counts>;
  /** Has a destination skip undelivered events up to a position. */
  expire(destination: string, through: number): Promise<void>;
  /** Deletes old and excess data of the state. */
  retain(limits: StateLimits): Promise<Retained>;
  replayPeriod(filter: PeriodFilter, dryRun: boolean): Promise<Replay>;
  cancelReplay(id: string): Promise<Replay | undefined>;
  /** Tests the settings of a destination with real calls. */
  test(config: DestinationConfig, env: Variables): Promise<TestedConnection>;
  /** Tests a mapping with events; nothing is sent. */
  try(question: TryQuestion, env: Variables): Promise<Tried>;
  /** Really sends an event with the mapping of a destination, outside of its lane. */
  sendTest(config: DestinationConfig, event: LoggedEvent, env: Variables): Promise<SentTest>;
  /** Returns the choices of a dynamic field, read from the account. */
  choices(destination: string, asked: AskedChoices): Promise<ReadChoices>;
  /** Runs a hook of an action for a mapping. */
  runHook(destination: string, asked: AskedHook): Promise<HookAnswer>;
  /** Returns how the account of a destination is connected. */
  account(destination: string): Promise<Account>;
  /** Returns the audiences with stored IDs for the account of a destination. */
  audiences(destination: string): Promise<readonly KeptAudience[]>;
  /** Stores the ID of an audience as set by a person; deletes it without one. Returns false when the limit is reached. */
  keepAudience(destination: string, id: string, externalId?: string): Promise<boolean>;
  /** Exchanges an authorization code for the tokens of a destination. */
  connect(destination: string, code: BroughtCode): Promise<Connected>;
  /** Asks every supporting destination to delete a user, once; the record of deletions is updated before. */
  deleteUser(who: DeletionRequest): Promise<readonly DeletionAnswer[]>;
  /** Reads the record of deletions again: events of a user are accepted again. */
  lifted(): Promise<void>;
  /** Deletes the memory of deliveries, so that everything is sent again. */
  resync(filter: ResyncFilter): Promise<{ readonly forgotten: number }>;
  /** Resumes paused delivery, from where a person has decided. */
  resume(from: GoOn): Promise<void>;
  /** Resolves when everything in the log has an outcome. */
  idle(): Promise<void>;
  /** Finishes the calls in flight and closes all resources. */
  stop(): Promise<void>;
}

/** Calls an operation; rejects when it fails, or when the worker ends before its answer. */
export type Ask = <O extends keyof Operations>(
  operation: O,
  ...given: Parameters<Operations[O]>
) => ReturnType<Operations[O]>;

/** The answer to `replay`. */
export type ReplayAnswer =
  | { readonly requeued: number; readonly replayedAt: number }
  | { readonly dryRun: true; readonly deadLetters: number; readonly outcomes: readonly Forecast[] };
