import type { SourceEvent } from '@waybill/core';
import type { Carry } from '@waybill/delivery';
import type { KnownOrigin } from '../intake/intake.ts';

/** Writes events and processor state in one transaction; `stale` when another holder has taken over. */
export interface CarryingIntake {
  carry(events: readonly SourceEvent[], origin: KnownOrigin, carry: Carry): Promise<unknown>;
}
