import { randomBytes } from 'node:crypto';
import { hashOf } from './tokens.ts';

/** A browser that is signed in. */
export interface Session {
  /** The hash of the token that it was signed in with: the session ends with the token. */
  readonly token: Buffer;
  /** What pages prove with that they are ours. */
  readonly csrf: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** The browsers that are signed in. They are forgotten when the server ends. */
export interface Sessions {
  /** Begins a session; the id is what the cookie holds. */
  begin(token: Buffer): { readonly id: string; readonly session: Session };
  find(id: string): Session | undefined;
  end(id: string): void;
}

const HOUR = 3_600_000;
/** Milliseconds without a request after which a session ends. */
const IDLE = 12 * HOUR;
/** Milliseconds after which it ends in any case. */
export const LONGEST_SESSION = 7 * 24 * HOUR;
const MOST = 1_000;

/** Sessions in memory, by the hash of their id; when there are too many, the one not used for longest ends. */
export function createSessions(now: () => number): Sessions {
  const sessions = new Map<string, { readonly session: Session; readonly usedAt: number }>();
  const keyOf = (id: string): string => hashOf(id).toString('base64url');
  return {
    begin(token) {
      const id = randomBytes(32).toString('base64url');
      const csrf = randomBytes(32).toString('base64url');
      const session: Session = { token, csrf, expiresAt: now() + LONGEST_SESSION };
      sessions.set(keyOf(id), { session, usedAt: now() });
      if (sessions.size > MOST) sessions.delete(sessions.keys().next().value!);
      return { id, session };
    },
    find(id) {
      const key = keyOf(id);
      const found = sessions.get(key);
      if (found === undefined) return undefined;
      sessions.delete(key);
      if (now() >= Math.min(found.session.expiresAt, found.usedAt + IDLE)) return undefined;
      // Behind all others: the first one is the one not used for longest.
      sessions.set(key, { session: found.session, usedAt: now() });
      return found.session;
    },
    end: (id) => void sessions.delete(keyOf(id)),
  };
}
