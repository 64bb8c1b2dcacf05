import type { Carry } from './log.ts';

/** Throws when a value cannot be written: found within a commit, it would fail all that share it. */
export function checkCarry({ cursor = '', state = [], timers = [] }: Carry): void {
  const rows = [...state, ...timers];
  const fits =
    typeof cursor === 'string' &&
    rows.every(
      ({ key, value }) => typeof key === 'string' && (value === undefined || value instanceof Uint8Array),
    ) &&
    timers.every(({ due }) => Number.isSafeInteger(due));
  if (!fits) throw new TypeError('Carried data must be strings, bytes and whole numbers of milliseconds.');
}
