/** Positions from `first` to `last`. */
export interface Stretch {
  readonly first: number;
  readonly last: number;
}

/** Whether any two stretches share a position. */
export function stretchesOverlap(stretches: readonly Stretch[]): boolean {
  const sorted = stretches.toSorted((a, b) => a.first - b.first);
  return sorted.some(({ first }, index) => index > 0 && first <= sorted[index - 1]!.last);
}

/** Counts the positions of a stretch that are in any of several disjoint stretches. */
export function overlap({ first, last }: Stretch, others: readonly Stretch[]): number {
  return others.reduce(
    (sum, other) => sum + Math.max(0, Math.min(last, other.last) - Math.max(first, other.first) + 1),
    0,
  );
}

/** Returns what remains of a stretch without the positions of others. */
export function remainders({ first, last }: Stretch, others: readonly Stretch[]): readonly Stretch[] {
  const left: Stretch[] = [];
  let from = first;
  for (const other of others.toSorted((a, b) => a.first - b.first)) {
    if (other.last < from || other.first > last) continue;
    if (other.first > from) left.push({ first: from, last: other.first - 1 });
    from = other.last + 1;
  }
  if (from <= last) left.push({ first: from, last });
  return left;
}
