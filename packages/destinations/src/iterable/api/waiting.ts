import { type ErrorCode, type Outcome, rejected, retry } from '@waybill/core';

/** How long to wait before each further attempt: about an hour and a half in all. */
const WAITS = [60_000, 300_000, 900_000, 3_600_000] as const;

/**
 * Asks for another attempt of something that only time can mend, for example a user that an identify has yet to make.
 * There is an end to it: then the item is rejected.
 */
export function waitOrReject(code: ErrorCode, message: string, attempt: number, field?: string): Outcome {
  const wait = WAITS[attempt - 1];
  if (wait !== undefined)
    return retry(code, `${message} It is tried again, because this may be temporary.`, wait);
  return rejected(code, `${message} This did not change in ${attempt} attempts.`, field);
}

/** Whether the first attempts may only have been early: reads lag behind writes for up to a minute. */
export function isEarly(attempt: number): boolean {
  return attempt < 2;
}

/** How long Iterable may take to show what was written. */
export const READ_LAG = 60_000;
