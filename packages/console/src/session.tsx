import { useQueryClient } from '@tanstack/react-query';
import { ApiError, type Client, createClient } from '@waybill/api/client';
import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react';
import { Banner } from './kit/Banner.tsx';
import { Failure } from './kit/Failure.tsx';
import { Loading } from './kit/Loading.tsx';

/** What a person may do. */
export type Role = 'read' | 'edit' | 'send' | 'admin';

/** Who is signed in. */
export interface Session {
  readonly client: Client;
  readonly name: string;
  readonly role: Role;
  /** Rejects with an ApiError when the server has not ended the session: the cookie would still open it. */
  signOut(): Promise<void>;
}

interface Entrance {
  readonly session: Session | undefined;
  /** Signs in with a token; rejects with an ApiError when the server does not take it. */
  signIn(token: string): Promise<void>;
}

const EntranceContext = createContext<Entrance | undefined>(undefined);

interface Known {
  readonly name: string;
  readonly role: Role;
}

const NOTE = 'waybill.signed-in';

/** Notes whether this browser has a session: since when, and nothing of it. The other tabs of the console hear of it. */
function note(since: number | undefined): void {
  try {
    if (since === undefined) localStorage.removeItem(NOTE);
    else localStorage.setItem(NOTE, String(since));
  } catch {
    // A browser that keeps nothing signs in again.
  }
}

function isNoted(): boolean {
  try {
    return localStorage.getItem(NOTE) !== null;
  } catch {
    return false;
  }
}

/** Whether a refusal says that there is no session any more. */
function isEnd(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}

/** Holds the session, which is a cookie that no script can read; the token is handed over once and kept nowhere. */
export function SessionProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [known, setKnown] = useState<Known | 'unknown' | undefined>('unknown');
  const [unanswered, setUnanswered] = useState<unknown>();
  const queries = useQueryClient();
  const access = useMemo(() => {
    let csrf = '';
    const leave = (): void => {
      note(undefined);
      csrf = '';
      // Whoever signs in next sees nothing of what this one saw.
      queries.clear();
      setKnown(undefined);
    };
    const enter = (answer: Known & { readonly csrf?: string }): void => {
      csrf = answer.csrf ?? '';
      setKnown({ name: answer.name, role: answer.role });
    };
    const client = createClient(
      location.origin,
      { csrf: () => csrf },
      {
        async fetch(...given) {
          const answer = await fetch(...given);
          // The session has ended: whoever continues signs in again, on the page where they are.
          if (answer.status === 401) leave();
          if (answer.ok && (given[1]?.method ?? 'GET') !== 'GET') {
            // Every action is in the audit log, however recently that was read.
            void queries.invalidateQueries({ queryKey: ['audit'] });
            // What would become of dead letters follows what is in force; opening them again asks again.
            void queries.invalidateQueries({ queryKey: ['dead-letters'], refetchType: 'none' });
          }
          return answer;
        },
      },
    );
    return {
      client,
      leave,
      enter,
      /** Goes on with the session that the browser has. A server that does not answer has not ended it. */
      resume() {
        setUnanswered(undefined);
        client.get('/api/session').then(enter, (error: unknown) => {
          if (!isEnd(error)) setUnanswered(error);
        });
      },
    };
  }, [queries]);
  useEffect(() => {
    // Who never signed in need not ask: the refusal would stand in the browser's console as an error.
    if (isNoted()) access.resume();
    else setKnown(undefined);
  }, [access]);
  useEffect(() => {
    // All tabs have one cookie: who signs in or out in one of them has done so in all.
    const follow = ({ key, newValue }: StorageEvent): void => {
      if (key !== NOTE) return;
      if (newValue === null) access.leave();
      else access.resume();
    };
    addEventListener('storage', follow);
    return () => removeEventListener('storage', follow);
  }, [access]);
  const entrance = useMemo<Entrance>(
    () => ({
      session:
        known === undefined || known === 'unknown'
          ? undefined
          : {
              ...known,
              client: access.client,
              async signOut() {
                try {
                  await access.client.delete('/api/session');
                } catch (error) {
                  if (!isEnd(error)) throw error;
                }
                forgetTexts();
                access.leave();
              },
            },
      async signIn(token) {
        access.enter(await access.client.post('/api/session', { body: { token } }));
        note(Date.now());
      },
    }),
    [access, known],
  );
  if (known === 'unknown') {
    return (
      <>
        {isNoted() && <Banner />}
        <main>
          {unanswered === undefined ? <Loading /> : <Failure error={unanswered} onRetry={access.resume} />}
        </main>
      </>
    );
  }
  return <EntranceContext value={entrance}>{children}</EntranceContext>;
}

/** Shows what pages are made of where nobody signs in, with a client of its own. */
export function WithClient({
  client,
  children,
}: {
  readonly client: Client;
  readonly children: ReactNode;
}): ReactNode {
  const entrance: Entrance = {
    session: { client, name: '', role: 'read', signOut: () => Promise.resolve() },
    signIn: () => Promise.resolve(),
  };
  return <EntranceContext value={entrance}>{children}</EntranceContext>;
}

/** Deletes unsaved work on events of customers: the next user to sign in must not see it. */
function forgetTexts(): void {
  try {
    sessionStorage.clear();
  } catch {
    // A browser that keeps nothing.
  }
}

/** The way in. */
export function useEntrance(): Entrance {
  const entrance = use(EntranceContext);
  if (entrance === undefined) throw new Error('There is no session around this component.');
  return entrance;
}

/** Who is signed in; pages are shown to nobody else. */
export function useSession(): Session {
  const { session } = useEntrance();
  if (session === undefined) throw new Error('Nobody is signed in.');
  return session;
}

/** The client of the signed-in user. */
export function useClient(): Client {
  return useSession().client;
}
