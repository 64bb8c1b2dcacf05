/** The request of a process for a part of a shared limit. */
export interface PartAsk {
  /** The name of the shared limit: a destination. */
  readonly name: string;
  /** Its own part, while all want more. */
  readonly own: number;
  /** The part it would use. */
  readonly wanted: number;
}

/** A process: its request, and the part it holds. */
export type PartHeld = Omit<PartAsk, 'name'> & { readonly part: number };

/**
 * Returns the part that a process may hold from now on. Each gets its own part, or less if it wants less; the rest is lent to
 * those that want more, in proportion to their own parts. Nobody takes what another still holds: a process gets its own part
 * back when the others have renewed. The own part of one that never asked is not lent.
 */
export function partOf({ own, wanted }: Omit<PartAsk, 'name'>, others: readonly PartHeld[]): number {
  const all = [{ own, wanted }, ...others];
  const owned = all.reduce((sum, one) => sum + one.own, 0);
  const whole = Math.min(1, owned);
  const scale = owned > 1 ? 1 / owned : 1;
  const parts = all.map((one) => Math.min(one.own * scale, one.wanted));
  // A member whose demand is met has no share in the next round.
  for (let round = 0; round < all.length; round += 1) {
    const left = whole - parts.reduce((sum, part) => sum + part, 0);
    const open = [...all.keys()].filter((at) => all[at]!.own > 0 && parts[at]! < all[at]!.wanted);
    const weight = open.reduce((sum, at) => sum + all[at]!.own, 0);
    if (left <= 1e-9 || weight === 0) break;
    for (const at of open) {
      const { own: share, wanted: most } = all[at]!;
      parts[at] = Math.min(most, parts[at]! + (left * share) / weight);
    }
  }
  const held = others.reduce((sum, { part }) => sum + part, 0);
  return Math.max(0, Math.min(parts[0]!, 1 - held));
}
