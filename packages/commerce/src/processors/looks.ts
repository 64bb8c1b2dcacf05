import type { FiredTimer } from '@waybill/core';

/** The timer that checks somebody, and the one that does so after the server was down. */
const LOOK = 'look';
const LATE = 'late';

type Timers = Readonly<Record<string, number | null>>;

/** Looks at somebody when something is due, but not before nothing has come of them for a while. */
export function looksAfter(due: number | undefined, now: number, settle: number): Timers {
  return { [LOOK]: due === undefined ? null : Math.max(due, now + settle), [LATE]: null };
}

/** Looks at somebody when something is due. */
export function looksAt(due: number | undefined): Timers {
  return { [LOOK]: due ?? null, [LATE]: null };
}

/**
 * Puts off a look that comes so late that the server was down: it does not know yet what has happened meanwhile. Undefined when it is to
 * be made.
 */
export function putOff({ name, due }: FiredTimer, now: number, settle: number): Timers | undefined {
  return name === LOOK && now - due > settle ? { [LATE]: now + settle } : undefined;
}
