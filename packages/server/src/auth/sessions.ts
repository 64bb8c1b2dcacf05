import { createHash, randomBytes } from 'node:crypto';
import type { KeptSession, Peers, WorkspaceStore } from '@waybill/delivery';
import { Failure } from '../failure.ts';
import type { SecretBox } from '../keys.ts';
import { hashOf } from './tokens.ts';

/** A browser that is signed in. */
export interface Session {
  /** The hash of its token: the session ends with the token. */
  readonly token: Buffer;
  /** The CSRF token of our pages. */
  readonly csrf: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** The browser sessions, persistent over restarts. */
export interface Sessions {
  /** Starts a session; the ID is for the cookie. */
  begin(token: Buffer): Promise<{ readonly id: string; readonly session: Session }>;
  find(id: string): Session | undefined;
  /** Ends a session, durably; throws a Failure when that could not be stored, and the session continues. */
  end(id: string): Promise<void>;
}

/** The inputs of sessions from the server. */
export interface SessionsInput {
  readonly store: Pick<WorkspaceStore, 'sessions' | 'keepSessions'>;
  readonly box: SecretBox;
  /** The other processes, in which people sign in and out. */
  readonly peers?: Pick<Peers, 'tell' | 'hear'> | undefined;
  readonly now: () => number;
  /** Called when a non-critical write failed. */
  readonly onError: (error: unknown) => void;
}

const HOUR = 3_600_000;
/** The idle timeout of a session, in milliseconds. */
const IDLE = 12 * HOUR;
/** The maximum duration of a session, in milliseconds. */
export const LONGEST_SESSION = 7 * 24 * HOUR;
const MOST = 1_000;
/** How much of the last use a restart may lose, in milliseconds. */
const UNKNOWN_USE = 10 * 60_000;

/** A session in memory, without credentials. */
interface Held {
  readonly token: string;
  readonly expiresAt: number;
  readonly usedAt: number;
  /** The stored time of last use. */
  readonly storedAt: number;
}

/** Opens the sessions of a store, by the hash of their ID; when there are too many, the least recently used ends. */
export async function openSessions({ store, box, peers, now, onError }: SessionsInput): Promise<Sessions> {
  let sessions = await read(store, box, now());
  const tell = (): void => void peers?.tell({ topic: 'sessions' }).catch(onError);
  const look = async (): Promise<void> => {
    sessions = await read(store, box, now());
  };
  peers?.hear(({ topic }) => {
    if (topic === 'sessions') look().catch(onError);
  });
  const keep = (name: string, held: Held, gone: readonly string[] = []): Promise<void> =>
    store.keepSessions([{ name, content: box.seal(JSON.stringify(held)) }], gone).catch(onError);
  return {
    async begin(token) {
      const id = randomBytes(32).toString('base64url');
      const at = now();
      const held: Held = {
        token: token.toString('base64url'),
        expiresAt: at + LONGEST_SESSION,
        usedAt: at,
        storedAt: at,
      };
      sessions.set(nameOf(id), held);
      const gone = [...sessions.keys()].slice(0, -MOST);
      for (const name of gone) sessions.delete(name);
      // Signing in must work on a full disk; the session then ends with the server.
      await keep(nameOf(id), held, gone);
      tell();
      return { id, session: shown(id, held) };
    },
    find(id) {
      const name = nameOf(id);
      const found = sessions.get(name);
      if (found === undefined) return undefined;
      const at = now();
      sessions.delete(name);
      if (isOver(found, at)) {
        store.keepSessions([], [name]).catch(onError);
        return undefined;
      }
      const isStored = at - found.storedAt < UNKNOWN_USE;
      const used = { ...found, usedAt: at, storedAt: isStored ? found.storedAt : at };
      // Moved to the end: the first one is the least recently used.
      sessions.set(name, used);
      if (!isStored) void keep(name, used);
      return shown(id, used);
    },
    async end(id) {
      try {
        await store.keepSessions([], [nameOf(id)]);
      } catch (error) {
        const message = `The end of the session could not be stored (${(error as Error).message}).`;
        throw new Failure('workspace_not_stored', message);
      }
      sessions.delete(nameOf(id));
      tell();
    },
  };
}

/** The name of a session, which does not reveal its ID. */
function nameOf(id: string): string {
  return hashOf(id).toString('base64url');
}

/** Returns a session with its ID; the CSRF token is derived from it, so that it need not be stored. */
function shown(id: string, { token, expiresAt }: Held): Session {
  const csrf = createHash('sha256').update('csrf\0').update(id).digest('base64url');
  return { token: Buffer.from(token, 'base64url'), csrf, expiresAt };
}

function isOver({ expiresAt, usedAt }: Held, at: number): boolean {
  return at >= Math.min(expiresAt, usedAt + IDLE);
}

/** The stored sessions, the least recently used first, without expired ones. */
async function read(store: SessionsInput['store'], box: SecretBox, at: number): Promise<Map<string, Held>> {
  const kept = (await store.sessions()).map(({ name, content }) => ({ name, held: opened(content, box) }));
  const good = kept.flatMap(({ name, held }) =>
    held === undefined || isOver(held, at) ? [] : [[name, held] as const],
  );
  const sessions = new Map(good.sort(([, one], [, other]) => one.usedAt - other.usedAt));
  const gone = kept.flatMap(({ name }) => (sessions.has(name) ? [] : [name]));
  if (gone.length > 0) await store.keepSessions([], gone);
  return sessions;
}

/** Sessions sealed with another key are invalid. */
function opened(content: KeptSession['content'], box: SecretBox): Held | undefined {
  try {
    return JSON.parse(box.open(content)) as Held;
  } catch {
    return undefined;
  }
}
