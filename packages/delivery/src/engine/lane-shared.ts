import type { Governor } from '../governor/governor.ts';
import type { SealingBox } from '../instance/kept.ts';
import type { Transport } from '../request/transport.ts';
import type { EventLog, StateStore } from '../store/port.ts';
import type { EngineLogger, LaneLimits, RetryPolicy, StepReport } from './engine.ts';

/** What all lanes share. */
export interface LaneShared {
  readonly log: EventLog;
  readonly state: StateStore;
  readonly now: () => number;
  readonly random: () => number;
  readonly logger: EngineLogger;
  readonly policy: RetryPolicy;
  readonly limits: LaneLimits;
  readonly transport: Transport;
  readonly governor: Governor;
  readonly box: SealingBox | undefined;
  readonly nextExchangeId: () => number;
  readonly onStep: (step: StepReport) => void;
}
