import type { Stamped } from './entities.ts';

/** Sorted rows with slices. */
export interface Rows<T> {
  readonly length: number;
  readonly slice: (start: number, end: number) => readonly T[];
}

/** Generated past rows: not stored, but computed on demand. */
export interface Past<T> extends Rows<T> {
  readonly count: number;
  readonly firstId: number;
  /** The time of the first, and the interval between rows, in milliseconds. */
  readonly from: number;
  readonly step: number;
  readonly find: (id: number | string) => T | undefined;
}

/** The inputs of a past. */
export interface PastInput<T> {
  readonly count: number;
  readonly firstId: number;
  readonly from: number;
  readonly step: number;
  /** The prefix of its UUIDs: up to eight hexadecimal digits. */
  readonly prefix: string;
  readonly make: (stamp: Stamped, at: number) => T;
}

/** Creates a past. */
export function createPast<T>({ prefix, make, ...input }: PastInput<T>): Past<T> {
  const { count, firstId, from, step } = input;
  const begin = `${prefix.padStart(8, '0')}-0000-4000-8000-`;
  const row = (at: number): T => {
    const time = from + at * step;
    const uuid = pastUuid(prefix, at);
    return make({ id: firstId + at, uuid, version: 1, createdAt: time, updatedAt: time }, at);
  };
  return {
    ...input,
    length: count,
    slice: (start, end) => {
      const [first, stop] = [Math.max(0, start), Math.min(count, end)];
      return Array.from({ length: Math.max(0, stop - first) }, (_, at) => row(first + at));
    },
    find(id) {
      const at =
        typeof id === 'number'
          ? id - firstId
          : id.startsWith(begin)
            ? Number.parseInt(id.slice(begin.length), 16)
            : -1;
      return at >= 0 && at < count && Number.isInteger(at) ? row(at) : undefined;
    },
  };
}

/** Returns the UUID of a row of a past. */
export function pastUuid(prefix: string, at: number): string {
  return `${prefix.padStart(8, '0')}-0000-4000-8000-${at.toString(16).padStart(12, '0')}`;
}

/** Returns the indexes between two times (or IDs), end exclusive. */
export function indicesOf(
  { count, firstId, from, step }: Past<unknown>,
  by: 'id' | 'createdAt' | 'updatedAt',
  least: number,
  most: number,
): readonly [number, number] {
  const [zero, width] = by === 'id' ? [firstId, 1] : [from, step];
  const first = Math.min(count, Math.max(0, Math.ceil((least - zero) / width)));
  return [first, Math.max(first, Math.min(count, Math.floor((most - zero) / width) + 1))];
}
