import { createHash } from 'node:crypto';

/**
 * Who works on what: each key goes to the member that has the fewest, and of those that have equally few to the one that a hash names. So
 * whoever knows the same keys and members comes to the same answer without asking, and nobody has more than one key more than another.
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
