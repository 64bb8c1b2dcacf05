import type { PartAsk } from '../stores/limit-parts.ts';

/** Which part of the limits of each destination is for this engine: with the lanes, its limits are shared out. */
export interface LimitParts {
  /** The part of a destination; all of it where nothing is known. */
  of(destination: string): number;
  /** Notes which part of the lanes of a destination is among those of this engine. */
  own(destination: string, part: number): void;
  /** What is asked of the others, where a destination has limits; `wanted` says which part of them this engine would use. */
  asks(wanted: ReadonlyMap<string, number>): readonly PartAsk[];
  /** Takes what was given, until a time of `performance.now`. */
  lend(parts: ReadonlyMap<string, number>, until: number): void;
}

/** All parts are whole until something else is known. */
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
        // Who has left its last lane gives back what it holds.
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
