import { type ErrorCode, type Outcome, rejected, retry } from '@waybill/core';

/** The delays before further attempts: about an hour and a half in total. */
const WAITS = [60_000, 300_000, 900_000, 3_600_000] as const;

/**
 * Requests another attempt for a temporary condition, for example a user that a pending identify will create. After the last
 * delay the item is rejected.
 */
export function waitOrReject(code: ErrorCode, message: string, attempt: number, field?: string): Outcome {
  const wait = WAITS[attempt - 1];
  if (wait !== undefined)
    return retry(code, `${message} It is tried again, because this may be temporary.`, wait);
  return rejected(code, `${message} This did not change in ${attempt} attempts.`, field);
}

/** Whether the attempt may be too early: reads lag behind writes by up to a minute. */
export function isEarly(attempt: number): boolean {
  return attempt < 2;
}

/** The maximum lag of Iterable's reads behind writes, in milliseconds. */
export const READ_LAG = 60_000;
