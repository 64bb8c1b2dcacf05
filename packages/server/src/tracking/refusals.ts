import type { Issue } from '@waybill/core';

/** An event that was refused at the door. */
export interface Refusal {
  readonly at: string;
  readonly sourceId?: string;
  readonly path: string;
  readonly messageId?: string;
  readonly issues: readonly Issue[];
}

/** The last refusals, for a person to look at; bounded, and not kept over a restart: the sender was told. */
export interface Refusals {
  add(refusal: Refusal): void;
  list(limit: number): readonly Refusal[];
}

/** Keeps the last `size` refusals; `hide` takes the secrets out of them, such as a write key in an address. */
export function createRefusals(hide: (value: unknown) => unknown = (value) => value, size = 1000): Refusals {
  const kept: Refusal[] = [];
  return {
    add(refusal) {
      kept.push(refusal);
      if (kept.length > size) kept.shift();
    },
    list: (limit) =>
      kept
        .slice(-limit)
        .reverse()
        .map((one) => hide(one) as Refusal),
  };
}
