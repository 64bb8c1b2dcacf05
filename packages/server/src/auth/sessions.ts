import { createHash, randomBytes } from 'node:crypto';
import type { KeptSession, Peers, WorkspaceStore } from '@waybill/delivery';
import { Failure } from '../failure.ts';
import type { SecretBox } from '../keys.ts';
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

/** The browsers that are signed in, also after a restart. */
export interface Sessions {
  /** Begins a session; the id is what the cookie holds. */
  begin(token: Buffer): Promise<{ readonly id: string; readonly session: Session }>;
  find(id: string): Session | undefined;
  /** Resolves when it has ended for good; throws a Failure when that could not be stored, and it continues. */
  end(id: string): Promise<void>;
}

/** What sessions need of the server. */
export interface SessionsInput {
  readonly store: Pick<WorkspaceStore, 'sessions' | 'keepSessions'>;
  readonly box: SecretBox;
  /** Other processes in which people sign in and out. */
  readonly peers?: Pick<Peers, 'tell' | 'hear'> | undefined;
  readonly now: () => number;
  /** Told when something could not be stored that does not keep anybody out. */
  readonly onError: (error: unknown) => void;
}

const HOUR = 3_600_000;
/** Milliseconds without a request after which a session ends. */
const IDLE = 12 * HOUR;
/** Milliseconds after which it ends in any case. */
export const LONGEST_SESSION = 7 * 24 * HOUR;
const MOST = 1_000;
/** Milliseconds of use of which a restart may know nothing. */
const UNKNOWN_USE = 10 * 60_000;

/** A session as it is held: nothing of it signs anybody in. */
interface Held {
  readonly token: string;
  readonly expiresAt: number;
  readonly usedAt: number;
  /** The last use that is stored. */
  readonly storedAt: number;
}

/** The sessions of a store, by the hash of their id; when there are too many, the one not used for longest ends. */
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
      // On a full disk people must get in too; the session then ends with the server.
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
      // Behind all others: the first one is the one not used for longest.
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

/** The name of a session, from which nobody finds its id. */
function nameOf(id: string): string {
  return hashOf(id).toString('base64url');
}

/** What is known of a session with its id; what pages prove with follows from that, so that it need not be kept. */
function shown(id: string, { token, expiresAt }: Held): Session {
  const csrf = createHash('sha256').update('csrf\0').update(id).digest('base64url');
  return { token: Buffer.from(token, 'base64url'), csrf, expiresAt };
}

function isOver({ expiresAt, usedAt }: Held, at: number): boolean {
  return at >= Math.min(expiresAt, usedAt + IDLE);
}

/** The sessions that are kept, the one not used for longest first; those that are over are forgotten. */
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

/** What was sealed with another key is no session any more. */
function opened(content: KeptSession['content'], box: SecretBox): Held | undefined {
  try {
    return JSON.parse(box.open(content)) as Held;
  } catch {
    return undefined;
  }
}
