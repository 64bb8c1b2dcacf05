/** Whether the attacks run in full: `npm run attack`. In `npm test` they run at small counts. */
export const full = process.env['WAYBILL_ATTACK'] === 'full';

/** A count that depends on how the attacks are run. */
export function scale(small: number, whole: number): number {
  return full ? whole : small;
}
