import type { ConnectionResult, Outcome, ResolvedDestination } from '@waybill/core';
import type { EventLog, StateStore } from '../store/port.ts';

/** What the engine is told from outside, so that tests can tell it otherwise. */
export interface EngineInput {
  readonly log: EventLog;
  readonly state: StateStore;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** 0 <= x < 1. */
  readonly random: () => number;
  readonly logger: EngineLogger;
  readonly policy?: Partial<RetryPolicy>;
  /** Hosts, `host` or `host:port`, that requests may reach although they are internal addresses. */
  readonly allowedHosts?: readonly string[];
  /** Told of every settled step, for metrics and live views. */
  readonly onStep?: (step: StepReport) => void;
}

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
}

/** What one step of a lane did. */
export interface StepReport {
  readonly lane: string;
  readonly events: number;
  readonly outcomes: readonly {
    readonly mappingId: string;
    readonly status: Outcome['status'];
    readonly code?: string;
  }[];
  readonly calls: readonly {
    readonly action: string;
    readonly items: number;
    readonly durationMs: number;
    readonly status?: number;
  }[];
  readonly durationMs: number;
}

/** The delivery engine: one lane per destination. */
export interface Engine {
  /** Takes over a set of destinations; lanes of removed ones stop, disabled ones keep their place in the log. */
  configure(destinations: readonly ResolvedDestination[]): void;
  start(): void;
  /** Says that the log has grown or retries were requeued. Cheap; may be called often. */
  wake(): void;
  /** Finishes the steps under way and stops. */
  stop(): Promise<void>;
  /** Resolves when every enabled lane has dealt with the whole log and nothing is due or waiting to become due. */
  idle(): Promise<void>;
  testConnection(destination: ResolvedDestination): Promise<ConnectionResult>;
}
