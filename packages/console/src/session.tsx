import { type Client, createClient } from '@waybill/api/client';
import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react';
import { Loading } from './kit/Loading.tsx';

/** What a person may do. */
export type Role = 'read' | 'edit' | 'send' | 'admin';

/** Who is signed in. */
export interface Session {
  readonly client: Client;
  readonly name: string;
  readonly role: Role;
  signOut(): void;
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

/** Notes whether this browser has a session: that it has one, and nothing of it. */
function note(signedIn: boolean): void {
  try {
    if (signedIn) localStorage.setItem(NOTE, '1');
    else localStorage.removeItem(NOTE);
  } catch {
    // A browser that keeps nothing signs in anew.
  }
}

function isNoted(): boolean {
  try {
    return localStorage.getItem(NOTE) !== null;
  } catch {
    return false;
  }
}

/** Holds the session, which is a cookie that no script can read; the token is handed over once and kept nowhere. */
export function SessionProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [known, setKnown] = useState<Known | 'unknown' | undefined>('unknown');
  const access = useMemo(() => {
    let csrf = '';
    const leave = (): void => {
      note(false);
      setKnown(undefined);
    };
    const client = createClient(
      location.origin,
      { csrf: () => csrf },
      {
        async fetch(...given) {
          const answer = await fetch(...given);
          // The session has ended: whoever goes on signs in again, on the page where they are.
          if (answer.status === 401) leave();
          return answer;
        },
      },
    );
    return {
      client,
      leave,
      enter(answer: Known & { readonly csrf?: string }) {
        csrf = answer.csrf ?? '';
        note(true);
        setKnown({ name: answer.name, role: answer.role });
      },
    };
  }, []);
  useEffect(() => {
    // Who never signed in need not ask: the refusal would stand in the browser's console as an error.
    if (!isNoted()) setKnown(undefined);
    else access.client.get('/api/session').then(access.enter, access.leave);
  }, [access]);
  const entrance = useMemo<Entrance>(
    () => ({
      session:
        known === undefined || known === 'unknown'
          ? undefined
          : {
              ...known,
              client: access.client,
              signOut: () => void access.client.delete('/api/session').finally(access.leave),
            },
      async signIn(token) {
        access.enter(await access.client.post('/api/session', { body: { token } }));
      },
    }),
    [access, known],
  );
  if (known === 'unknown') return <Loading />;
  return <EntranceContext value={entrance}>{children}</EntranceContext>;
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

/** The client of whoever is signed in. */
export function useClient(): Client {
  return useSession().client;
}
