import type { Day } from './day/index.ts';
import type { Call, SenderStats, ShopFaults, ShopPlatform } from './frame/index.ts';
import type { ShopModel } from './model/index.ts';
import type { Platform } from './platform.ts';

/** Options of a shop; everything but the platform has a default. */
export interface ShopSandboxOptions {
  readonly platform: Platform | ShopPlatform;
  /** 0, the default, selects a free port. */
  readonly port?: number;
  readonly host?: string;
  /** The seed of IDs, UUIDs and faults. */
  readonly seed?: number;
  /** The initial webhook URL. */
  readonly webhookUrl?: string;
  /** Whether the platform's limits apply; true when absent. */
  readonly limits?: boolean;
  /** The start time of the shop, which only advances by changes, a second each; the real time when absent. */
  readonly start?: number;
  /** The number of past orders, a second apart; 0 when absent. */
  readonly backlog?: number;
  readonly faults?: ShopFaults;
  /** The real time. */
  readonly now?: () => number;
}

/** Counts of what has happened so far. */
export interface ShopStats {
  /** By direction and status: `{"in 200": 7, "out 500": 1}`. */
  readonly calls: Readonly<Record<string, number>>;
  readonly webhooks: SenderStats;
  /** The number of objects by kind. */
  readonly things: Readonly<Record<string, number>>;
}

/** A running shop. */
export interface ShopSandbox {
  readonly platform: string;
  readonly url: string;
  readonly port: number;
  /** The settings of a source that connects to it. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Its model; a new one after `reset`. */
  readonly model: ShopModel;
  /** The people and objects of the day. */
  readonly day: Day;
  /**
   * Runs the next step of the day, all steps up to the named one, or `all`; returns their names, after their webhooks were called.
   * Awaits `between` after each.
   */
  play(step?: string, between?: (name: string) => Promise<void>): Promise<readonly string[]>;
  /** The names of the remaining steps. */
  stepsLeft(): readonly string[];
  /** Replaces all faults. */
  fail(faults: ShopFaults): void;
  stats(): ShopStats;
  /** Returns the newest calls, oldest first. */
  calls(limit?: number): readonly Call[];
  /** Resolves when every due webhook was called. */
  settled(): Promise<void>;
  /** Retries waiting webhooks at once. */
  retryWebhooks(): Promise<void>;
  /** Resets to the initial state. */
  reset(): void;
  /** Stops the server and closes every connection. */
  close(): Promise<void>;
}
