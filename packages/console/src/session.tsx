import { createClient, type Client } from '@waybill/api/client';
import { createContext, type ReactNode, use, useMemo, useState } from 'react';

/** Who is signed in. */
export interface Session {
  readonly client: Client;
  signOut(): void;
}

interface Entrance {
  readonly session: Session | undefined;
  /** Signs in with a token; rejects with an ApiError when the server does not take it. */
  signIn(token: string): Promise<void>;
}

const EntranceContext = createContext<Entrance | undefined>(undefined);

/** Holds the session. The token stays in memory: never in the address, never in storage. */
export function SessionProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [client, setClient] = useState<Client>();
  const entrance = useMemo<Entrance>(
    () => ({
      session: client === undefined ? undefined : { client, signOut: () => setClient(undefined) },
      async signIn(token) {
        const made = createClient(location.origin, token);
        await made.get('/api/stats');
        setClient(made);
      },
    }),
    [client],
  );
  return <EntranceContext value={entrance}>{children}</EntranceContext>;
}

/** The way in. */
export function useEntrance(): Entrance {
  const entrance = use(EntranceContext);
  if (entrance === undefined) throw new Error('There is no session around this component.');
  return entrance;
}

/** The client of whoever is signed in; pages are shown to nobody else. */
export function useClient(): Client {
  const { session } = useEntrance();
  if (session === undefined) throw new Error('Nobody is signed in.');
  return session.client;
}
