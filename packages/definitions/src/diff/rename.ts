import { likeness } from '@waybill/core';

/** The minimum similarity for a rename, from 0 to 1. */
const SURE = 0.5;

/** Pairs removed parts with new ones, the most similar first; each is used once. */
export function renames<T>(
  gone: Readonly<Record<string, T>>,
  added: Readonly<Record<string, T>>,
  alike: (before: T, after: T) => number,
): ReadonlyMap<string, string> {
  const pairs = Object.entries(gone).flatMap(([from, before]) =>
    Object.entries(added).map(([to, after]) => {
      const inner = alike(before, after);
      // The content says more than the name: `e_mail` and `emailAddress` can be anything.
      return { from, to, score: inner <= 0 ? 0 : 0.6 * inner + 0.4 * likeness(from, to) };
    }),
  );
  const found = new Map<string, string>();
  const used = new Set<string>();
  for (const { from, to, score } of pairs.sort((a, b) => b.score - a.score)) {
    if (score < SURE || found.has(from) || used.has(to)) continue;
    found.set(from, to);
    used.add(to);
  }
  return found;
}
