import type { PageData } from '@waybill/definitions';
import { useEffect, useState } from 'react';
import { call, follow, type State } from './calls.ts';

/** The destination under development. */
export interface Loaded {
  /** The last loaded version. */
  readonly shown?: PageData;
  readonly version: number;
  /** Why the current files cannot be loaded. */
  readonly broken?: string;
  readonly isGone?: boolean;
}

/** Hook that follows the files, which the server watches. */
export function useDestination(): Loaded {
  const [loaded, setLoaded] = useState<Loaded>({ version: 0 });
  useEffect(() => {
    const load = async (): Promise<void> => {
      const state = await call<State>('GET', '/api/destination');
      const { version } = state;
      setLoaded(({ shown }) =>
        state.kind === 'loaded'
          ? { shown: state.shown, version }
          : { ...(shown && { shown }), version, broken: state.message },
      );
    };
    const fail = (error: unknown): void => setLoaded((before) => ({ ...before, broken: String(error) }));
    return follow(
      () => void load().catch(fail),
      () => setLoaded((before) => ({ ...before, isGone: true })),
    );
  }, []);
  return loaded;
}
