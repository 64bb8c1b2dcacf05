import { useQueryClient } from '@tanstack/react-query';
import { ApiError, type Client, createClient } from '@waybill/api/client';
import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react';
import { Banner } from './kit/Banner.tsx';
import { Failure } from './kit/Failure.tsx';
import { Loading } from './kit/Loading.tsx';

/** The role of a user. */
export type Role = 'read' | 'edit' | 'send' | 'admin';

/** The signed-in user. */
export interface Session {
  readonly client: Client;
  readonly name: string;
  readonly role: Role;
  /** Rejects with an ApiError when the server has not ended the session: its cookie would still be valid. */
  signOut(): Promise<void>;
}

interface Entrance {
  readonly session: Session | undefined;
  /** Signs in with a token; rejects with an ApiError when the server refuses it. */
  signIn(token: string): Promise<void>;
}

const EntranceContext = createContext<Entrance | undefined>(undefined);

interface Known {
  readonly name: string;
  readonly role: Role;
}

const NOTE = 'waybill.signed-in';

/** Records whether this browser has a session, without credentials. Notifies other tabs. */
function note(since: number | undefined): void {
  try {
    if (since === undefined) localStorage.removeItem(NOTE);
    else localStorage.setItem(NOTE, String(since));
  } catch {
    // Without storage the user signs in again.
  }
}

function isNoted(): boolean {
  try {
    return localStorage.getItem(NOTE) !== null;
  } catch {
    return false;
  }
}

/** Whether a refusal means that the session has ended. */
function isEnd(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}

/** Provides the session, which is an HttpOnly cookie; the token is sent once and never stored. */
export function SessionProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [known, setKnown] = useState<Known | 'unknown' | undefined>('unknown');
  const [unanswered, setUnanswered] = useState<unknown>();
  const queries = useQueryClient();
  const access = useMemo(() => {
    let csrf = '';
    const leave = (): void => {
      note(undefined);
      csrf = '';
      // The next user must not see cached data.
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
          // The session has ended: the user signs in again, on the same page.
          if (answer.status === 401) leave();
          if (answer.ok && (given[1]?.method ?? 'GET') !== 'GET') {
            // Every action changes the audit log, even if just read.
            void queries.invalidateQueries({ queryKey: ['audit'] });
            // Expected outcomes of dead letters depend on the current configuration; reopening refetches them.
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
      /** Resumes the session of the browser. An unreachable server has not ended it. */
      resume() {
        setUnanswered(undefined);
        client.get('/api/session').then(enter, (error: unknown) => {
          if (!isEnd(error)) setUnanswered(error);
        });
      },
    };
  }, [queries]);
  useEffect(() => {
    // Without a session there is no request: its refusal would be an error in the browser's console.
    if (isNoted()) access.resume();
    else setKnown(undefined);
  }, [access]);
  useEffect(() => {
    // All tabs share a cookie: signing in or out applies to all.
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

/** Provides a given client where nobody signs in. */
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

/** Deletes unsaved work with personal data: the next user must not see it. */
function forgetTexts(): void {
  try {
    sessionStorage.clear();
  } catch {
    // Without storage.
  }
}

/** Returns the sign-in functions. */
export function useEntrance(): Entrance {
  const entrance = use(EntranceContext);
  if (entrance === undefined) throw new Error('There is no session around this component.');
  return entrance;
}

/** Returns the session; pages are only shown with one. */
export function useSession(): Session {
  const { session } = useEntrance();
  if (session === undefined) throw new Error('Nobody is signed in.');
  return session;
}

/** Returns the client of the signed-in user. */
export function useClient(): Client {
  return useSession().client;
}
