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
 * What the accepting thread asks of the delivery worker. A new operation is a line here and its handler in worker.ts; what is
 * given and answered is copied between threads, so it is plain data.
 */
export interface Operations {
  /**
   * Takes a workspace; one after the other, so that the last one is what counts. `isOwn` is whether it was changed here: what is kept of
   * a removed destination is dropped where it was removed.
   */
  configure(workspace: DeliveryWorkspace, env: Variables, isOwn?: boolean): Promise<void>;
  /**
   * Puts dead letters back, made of a correction where there is one; what several filters let through is put back once. A dry run
   * only counts.
   */
  replay(
    filters: readonly DeadLetterFilter[],
    dryRun?: boolean,
    correction?: Correction,
  ): Promise<ReplayAnswer>;
  /** What has become of the dead letters that were put back at a time. */
  replayed(at: number): Promise<ReplayProgress>;
  /** Groups dead letters by what was wrong with them. */
  groups(filters: readonly DeadLetterFilter[]): Promise<DeadLetterGroups>;
  /** How the lanes are doing. */
  lanes(): Promise<readonly LaneStatus[]>;
  /** Tries what waits at destinations, of one user or of all, before its time; counts the users. */
  hurry(destinations: readonly string[], user?: string): Promise<number>;
  /** Deletes dead letters, or counts those that would be. */
  discard(filters: readonly DeadLetterFilter[], dryRun: boolean): Promise<Counts>;
  /** Has a destination give up what it has not dealt with up to a position. */
  expire(destination: string, through: number): Promise<void>;
  /** Removes from the state what is old or too much. */
  retain(limits: StateLimits): Promise<Retained>;
  replayPeriod(filter: PeriodFilter, dryRun: boolean): Promise<Replay>;
  cancelReplay(id: string): Promise<Replay | undefined>;
  /** Tries the settings of a destination for real. */
  test(config: DestinationConfig, env: Variables): Promise<TestedConnection>;
  /** Tries a mapping on events; nothing is sent. */
  try(question: TryQuestion, env: Variables): Promise<Tried>;
  /** Really sends an event by the mapping of a destination, outside of its lane. */
  sendTest(config: DestinationConfig, event: LoggedEvent, env: Variables): Promise<SentTest>;
  /** The choices of a dynamic field, read from the account. */
  choices(destination: string, asked: AskedChoices): Promise<ReadChoices>;
  /** Runs a hook of an action for a mapping. */
  runHook(destination: string, asked: AskedHook): Promise<HookAnswer>;
  /** How the account of a destination is connected. */
  account(destination: string): Promise<Account>;
  /** The audiences whose ids are kept for the account of a destination. */
  audiences(destination: string): Promise<readonly KeptAudience[]>;
  /** Keeps the ID that a person has set for an audience; without one it is forgotten. False when no more are kept. */
  keepAudience(destination: string, id: string, externalId?: string): Promise<boolean>;
  /** Exchanges the code that a person has brought back for the tokens of a destination. */
  connect(destination: string, code: BroughtCode): Promise<Connected>;
  /** Asks every destination that can to delete a user, once; what the record of deletions says of them is in force before. */
  deleteUser(who: DeletionRequest): Promise<readonly DeletionAnswer[]>;
  /** Reads the record of deletions again: events of a person are accepted again. */
  lifted(): Promise<void>;
  /** Forgets what was delivered, so that it is sent whole again. */
  resync(filter: ResyncFilter): Promise<{ readonly forgotten: number }>;
  /** Delivers what was held, from where a person has decided. */
  resume(from: GoOn): Promise<void>;
  /** Resolves when everything in the log has an outcome. */
  idle(): Promise<void>;
  /** Finishes the calls under way and closes what is open. */
  stop(): Promise<void>;
}

/** Asks for an operation; rejects when it fails, or when the worker ends before it has answered. */
export type Ask = <O extends keyof Operations>(
  operation: O,
  ...given: Parameters<Operations[O]>
) => ReturnType<Operations[O]>;

/** The answer to `replay`. */
export type ReplayAnswer =
  | { readonly requeued: number; readonly replayedAt: number }
  | { readonly dryRun: true; readonly deadLetters: number; readonly outcomes: readonly Forecast[] };
