import { createHash } from 'node:crypto';

/**
 * Assigns keys to members: each key goes to the member with the fewest, and among equals to the one that a hash selects. So all
 * that know the same keys and members compute the same result, and the counts of members differ by at most one.
 */
export function shareOut(keys: readonly string[], members: readonly string[]): ReadonlyMap<string, string> {
  const loads = new Map(members.map((member) => [member, 0]));
  const shares = new Map<string, string>();
  for (const key of [...new Set(keys)].sort()) {
    const fewest = Math.min(...loads.values());
    const [owner] = [...loads]
      .filter(([, load]) => load === fewest)
      .map(([member]) => ({ member, weight: weightOf(member, key) }))
      .sort((one, other) => (one.weight < other.weight ? -1 : 1));
    if (owner === undefined) continue;
    shares.set(key, owner.member);
    loads.set(owner.member, fewest + 1);
  }
  return shares;
}

function weightOf(member: string, key: string): string {
  return createHash('sha256')
    .update(JSON.stringify([member, key]))
    .digest('base64');
}
