/** The number of waiting rows of a user that a step reads: no more than it can send, or the rest is read again and again. */
export interface Shares {
  of(user: string): number;
  /** Records how many of the read rows could be sent. */
  learn(read: readonly Keyed[], taken: readonly Keyed[]): void;
}

interface Keyed {
  readonly user: string;
}

const LEAST = 16;

/** The maximum number of remembered users; for others a step reads a fair share. */
const MOST_USERS = 1_000;

/** Creates the shares of a lane. */
export function createShares(limit: number): Shares {
  const shares = new Map<string, number>();
  return {
    of: (user) => shares.get(user) ?? limit,
    learn(read, taken) {
      const sent = count(taken);
      for (const [user, rows] of count(read)) {
        const could = sent.get(user) ?? 0;
        const next = Math.max(LEAST, could * 2);
        if (next < Math.min(rows, limit)) {
          if (shares.size >= MOST_USERS) shares.clear();
          shares.set(user, next);
        } else if (could === rows && shares.has(user)) {
          if (next >= limit) shares.delete(user);
          else shares.set(user, next);
        }
      }
    },
  };
}

function count(rows: readonly Keyed[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { user } of rows) counts.set(user, (counts.get(user) ?? 0) + 1);
  return counts;
}
