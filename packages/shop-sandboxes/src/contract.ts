import type { Day } from './day/index.ts';
import type { Call, SenderStats, ShopFaults, ShopPlatform } from './frame/index.ts';
import type { ShopModel } from './model/index.ts';
import type { Platform } from './platform.ts';

/** What a shop can be started with; everything but the platform has a default. */
export interface ShopSandboxOptions {
  readonly platform: Platform | ShopPlatform;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  readonly host?: string;
  /** Ids, UUIDs and faults follow from it. */
  readonly seed?: number;
  /** Where webhooks go from the beginning. */
  readonly webhookUrl?: string;
  /** Whether the platform's limits hold; they do. */
  readonly limits?: boolean;
  /** The time that the shop begins at, which then passes by changes alone, a second each; the world's time when absent. */
  readonly start?: number;
  /** How many orders there were before, a second apart; none. */
  readonly backlog?: number;
  readonly faults?: ShopFaults;
  /** The time of the world. */
  readonly now?: () => number;
}

/** Counts of what has happened so far. */
export interface ShopStats {
  /** By direction and status: `{"in 200": 7, "out 500": 1}`. */
  readonly calls: Readonly<Record<string, number>>;
  readonly webhooks: SenderStats;
  /** How many things there are, by kind. */
  readonly things: Readonly<Record<string, number>>;
}

/** A running shop. */
export interface ShopSandbox {
  readonly platform: string;
  readonly url: string;
  readonly port: number;
  /** What a source needs to be set to, to be connected with it. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** What is in it, and what can happen in it; another one after `reset`. */
  readonly model: ShopModel;
  /** The people and things of the day. */
  readonly day: Day;
  /**
   * Plays the next step of the day, all steps up to and with the named one, or `all`; answers the names of those played, after their
   * webhooks were called. `between` is waited for after each.
   */
  play(step?: string, between?: (name: string) => Promise<void>): Promise<readonly string[]>;
  /** The names of the steps that are still to be played. */
  stepsLeft(): readonly string[];
  /** Replaces all faults. */
  fail(faults: ShopFaults): void;
  stats(): ShopStats;
  /** The newest calls, the oldest of them first. */
  calls(limit?: number): readonly Call[];
  /** Resolves when every webhook was called that has to be called now. */
  settled(): Promise<void>;
  /** Calls again at once the webhooks whose next attempt is to come. */
  retryWebhooks(): Promise<void>;
  /** Starts over, as it was at first. */
  reset(): void;
  /** Stops the server and breaks off every connection. */
  close(): Promise<void>;
}
