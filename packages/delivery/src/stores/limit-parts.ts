/** What a process asks of a limit that several share. */
export interface PartAsk {
  /** Names what is shared: a destination. */
  readonly name: string;
  /** The part that is its own while all want more. */
  readonly own: number;
  /** The part that it would use. */
  readonly wanted: number;
}

/** What is known of a process: what it asks, and which part it holds. */
export type PartHeld = Omit<PartAsk, 'name'> & { readonly part: number };

/**
 * The part that a process may hold from now on. Each gets its own part or less, where it wants less; what is left is lent to those who want
 * more, by their own parts. Nobody takes what another still holds: who wants its own part back has it once the others have come by. The
 * own part of one that never asked is not lent.
 */
export function partOf({ own, wanted }: Omit<PartAsk, 'name'>, others: readonly PartHeld[]): number {
  const all = [{ own, wanted }, ...others];
  const owned = all.reduce((sum, one) => sum + one.own, 0);
  const whole = Math.min(1, owned);
  const scale = owned > 1 ? 1 / owned : 1;
  const parts = all.map((one) => Math.min(one.own * scale, one.wanted));
  // Whoever is full in a round has no share in the next one.
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
