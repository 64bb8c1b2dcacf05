import { ERRORS, type Issue } from '@waybill/core';

/** An event that was refused, and why. */
export interface Refusal {
  readonly at: string;
  readonly sourceId?: string;
  /** Where it came in: the pattern of an address, or the stream of a source. */
  readonly path: string;
  readonly messageId?: string;
  readonly issues: readonly Issue[];
  /** What to do about the first of them. */
  readonly remedy?: string;
}

/** The last refusals, for a person to look at; bounded, and not kept over a restart: the sender was told. */
export interface Refusals {
  add(refusal: Refusal): void;
  /** How many there have been. */
  readonly added: number;
  /** The newest ones first: all, or those of one source. */
  list(limit: number, sourceId?: string): readonly Refusal[];
}

interface Kept {
  /** How many there had been with this one. */
  readonly number: number;
  readonly refusal: Refusal;
}

/**
 * Keeps the last `size` refusals of sources, and the last few of strangers, who must not push those out; `hide` takes the
 * secrets out of them, such as a write key in an address.
 */
export function createRefusals(hide: (value: unknown) => unknown = (value) => value, size = 1000): Refusals {
  const ofSources: Kept[] = [];
  const ofStrangers: Kept[] = [];
  let added = 0;
  const keep = (kept: Kept[], refusal: Refusal, most: number): void => {
    // Many come in one millisecond, and clocks go back.
    kept.push({ number: added, refusal });
    if (kept.length > most) kept.shift();
  };
  return {
    get added() {
      return added;
    },
    add(refusal) {
      added += 1;
      if (refusal.sourceId === undefined) keep(ofStrangers, refusal, size / 5);
      else keep(ofSources, refusal, size);
    },
    list: (limit, sourceId) =>
      [...ofSources, ...ofStrangers]
        .filter(({ refusal }) => sourceId === undefined || refusal.sourceId === sourceId)
        .sort((one, other) => other.number - one.number)
        .slice(0, limit)
        .map(({ refusal }) => withRemedy(hide(refusal) as Refusal)),
  };
}

function withRemedy(refusal: Refusal): Refusal {
  const [first] = refusal.issues;
  return first === undefined ? refusal : { ...refusal, remedy: ERRORS[first.code].remedy };
}
