import type { Line } from '../order-lines.ts';

/** Quantities by category and by brand. */
export interface Affinity {
  readonly categories: Counts;
  readonly brands: Counts;
}

/** Counts by name. */
export type Counts = Readonly<Record<string, number>>;

/** The maximum number of names of an order, and of all merged orders: the least bought are dropped. */
const MOST_OF_ORDER = 20;
const MOST_OF_ALL = 50;
/** The maximum length of a name that is stored whole. */
const LONGEST_NAME = 100;

/** Returns the affinity from an order. */
export function affinityOf(lines: readonly Line[]): Affinity {
  const countOf = (nameOf: (line: Line) => string | undefined): Counts => {
    const counts = new Map<string, number>();
    for (const line of lines) {
      const name = nameOf(line)?.slice(0, LONGEST_NAME);
      if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + line.quantity);
    }
    return Object.fromEntries(ranked([...counts]).slice(0, MOST_OF_ORDER));
  };
  return { categories: countOf(({ category }) => category), brands: countOf(({ brand }) => brand) };
}

/** Adds two affinities. */
export function added(one: Counts, other: Counts): Counts {
  const counts = new Map(Object.entries(one));
  for (const [name, count] of Object.entries(other)) counts.set(name, (counts.get(name) ?? 0) + count);
  return Object.fromEntries(counts);
}

/** Limits an affinity for permanent storage. */
export function bounded(counts: Counts): Counts {
  return Object.fromEntries(ranked(Object.entries(counts)).slice(0, MOST_OF_ALL));
}

/** Returns the top names. */
export function topOf(counts: Counts, most: number): readonly string[] {
  return ranked(Object.entries(counts))
    .slice(0, most)
    .map(([name]) => name);
}

/** Sorted by count, then by name, so that the order of arrival does not matter. */
function ranked(counts: readonly (readonly [string, number])[]): readonly (readonly [string, number])[] {
  return counts.toSorted(([one, most], [other, more]) => more - most || (one < other ? -1 : 1));
}
