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

/** The shared parts of all lanes. */
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
  /** Runs work of instances exclusively across engines on the same state. */
  readonly inTurn: InTurn | undefined;
  readonly exchangeIds: ExchangeIds;
  readonly audiences: AudienceIds;
  /** The name of this engine in leases. */
  readonly holder: string;
  /** The duration of a lease, in milliseconds. */
  readonly leaseMs: number;
  /** Selects the lanes of this engine; absent where it is the only one. */
  readonly share: EngineInput['share'];
  readonly parts: LimitParts;
  /** Whether the person of an event was deleted, so that nothing about them is sent. */
  readonly suppressed: (event: Event) => boolean;
  /** Called when lanes were released to other engines. */
  readonly onLeft: () => void;
  readonly onStep: (step: StepReport) => void;
}
