import type { PartAsk } from '../stores/limit-parts.ts';

/** The parts of the limits of destinations for this engine: limits are divided like lanes. */
export interface LimitParts {
  /** Returns the part of a destination; 1 by default. */
  of(destination: string): number;
  /** Records the share of the lanes of a destination that this engine has. */
  own(destination: string, part: number): void;
  /** Returns the requests for destinations with limits; `wanted` returns the part that this engine would use. */
  asks(wanted: ReadonlyMap<string, number>): readonly PartAsk[];
  /** Applies lent parts, until a time of `performance.now`. */
  lend(parts: ReadonlyMap<string, number>, until: number): void;
}

/** Creates the parts, all 1 at first. */
export function createLimitParts(): LimitParts {
  const owned = new Map<string, number>();
  const lent = new Map<string, { readonly part: number; readonly until: number }>();
  const isShared = (own: number | undefined): boolean => own !== undefined && own > 0 && own < 1;
  return {
    of(destination) {
      const own = owned.get(destination);
      const given = lent.get(destination);
      const counts = given !== undefined && isShared(own) && performance.now() < given.until;
      return counts ? given.part : (own ?? 1);
    },
    own: (destination, part) => void owned.set(destination, part),
    asks: (wanted) =>
      [...wanted].flatMap(([name, most]) => {
        const own = owned.get(name) ?? 1;
        // An engine that has released its last lane returns its part.
        if (!isShared(own) && !lent.has(name)) return [];
        return [{ name, own: isShared(own) ? own : 0, wanted: isShared(own) ? most : 0 }];
      }),
    lend(parts, until) {
      for (const [name, part] of parts)
        if (isShared(owned.get(name))) lent.set(name, { part, until });
        else lent.delete(name);
    },
  };
}
