import type { FiredTimer } from '@waybill/core';

/** The timer that checks a person, and the one after a downtime of the server. */
const LOOK = 'look';
const LATE = 'late';

type Timers = Readonly<Record<string, number | null>>;

/** Schedules a check when something is due, but not before a pause in the person's events. */
export function looksAfter(due: number | undefined, now: number, settle: number): Timers {
  return { [LOOK]: due === undefined ? null : Math.max(due, now + settle), [LATE]: null };
}

/** Schedules a check when something is due. */
export function looksAt(due: number | undefined): Timers {
  return { [LOOK]: due ?? null, [LATE]: null };
}

/**
 * Postpones a check that is so late that the server was down: it does not know yet what happened meanwhile. Undefined when the
 * check can run.
 */
export function putOff({ name, due }: FiredTimer, now: number, settle: number): Timers | undefined {
  return name === LOOK && now - due > settle ? { [LATE]: now + settle } : undefined;
}
