import { ERRORS, type Issue } from '@waybill/core';

/** An event that was refused, and why. */
export interface Refusal {
  readonly at: string;
  readonly sourceId?: string;
  /** Where it arrived: the pattern of a URL, or the stream of a source. */
  readonly path: string;
  readonly messageId?: string;
  readonly issues: readonly Issue[];
  /** The remedy of the first issue. */
  readonly remedy?: string;
}

/** The last refusals, for inspection; bounded, and lost at a restart: the sender received them. */
export interface Refusals {
  add(refusal: Refusal): void;
  /** The total number. */
  readonly added: number;
  /** Returns them newest first: all, or those of one source. */
  list(limit: number, sourceId?: string): readonly Refusal[];
}

interface Kept {
  /** The total number including this one. */
  readonly number: number;
  readonly refusal: Refusal;
}

/**
 * Keeps the last `size` refusals of sources, and the last few without a source, which must not displace those; `hide` redacts
 * secrets, such as a write key in a URL.
 */
export function createRefusals(hide: (value: unknown) => unknown = (value) => value, size = 1000): Refusals {
  const ofSources: Kept[] = [];
  const ofStrangers: Kept[] = [];
  let added = 0;
  const keep = (kept: Kept[], refusal: Refusal, most: number): void => {
    // Several may have the same millisecond, and clocks can go back.
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
