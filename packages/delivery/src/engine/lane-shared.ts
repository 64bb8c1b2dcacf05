import type { Event } from '@waybill/core';
import type { AudienceIds } from './audience-ids.ts';
import type { Governor } from '../governor/governor.ts';
import type { InTurn, SealingBox } from '../instance/kept.ts';
import type { Transport } from '../request/transport.ts';
import type { Log } from '../stores/log.ts';
import type { State } from '../stores/state.ts';
import type { ExchangeIds } from './exchange-ids.ts';
import type { LimitParts } from './limit-parts.ts';
import type { EngineInput, EngineLogger, LaneLimits, RetryPolicy, StepReport } from './engine.ts';

/** What all lanes share. */
export interface LaneShared {
  readonly log: Log;
  /** Partitions of the log. */
  readonly partitions: number;
  readonly state: State;
  readonly now: () => number;
  readonly random: () => number;
  readonly logger: EngineLogger;
  readonly policy: RetryPolicy;
  readonly limits: LaneLimits;
  readonly transport: Transport;
  readonly governor: Governor;
  readonly box: SealingBox | undefined;
  /** Does what instances may do only once, where others work on the same state. */
  readonly inTurn: InTurn | undefined;
  readonly exchangeIds: ExchangeIds;
  readonly audiences: AudienceIds;
  /** What this engine is called where lanes are leased. */
  readonly holder: string;
  /** How long a lease lasts without being renewed, in milliseconds. */
  readonly leaseMs: number;
  /** Which of some lanes are for this engine; absent where it is the only one. */
  readonly share: EngineInput['share'];
  readonly parts: LimitParts;
  /** Whether the person of an event was deleted, and nothing of them is sent any more. */
  readonly suppressed: (event: Event) => boolean;
  /** Told when lanes were left to other engines. */
  readonly onLeft: () => void;
  readonly onStep: (step: StepReport) => void;
}
