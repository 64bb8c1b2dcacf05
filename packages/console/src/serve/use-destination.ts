import type { PageData } from '@waybill/definitions';
import { useEffect, useState } from 'react';
import { call, follow, type State } from './calls.ts';

/** The destination under development. */
export interface Loaded {
  /** The last that could be loaded. */
  readonly shown: PageData | undefined;
  readonly version: number;
  /** Why the files cannot be loaded as they are now. */
  readonly broken: string | undefined;
  readonly isGone: boolean;
}

/** Keeps what is shown in step with the files, which the server watches. */
export function useDestination(): Loaded {
  const [loaded, setLoaded] = useState<Loaded>({
    shown: undefined,
    version: 0,
    broken: undefined,
    isGone: false,
  });
  useEffect(() => {
    let known: number | undefined;
    return follow(
      (version) => {
        if (version === known) return;
        known = version;
        call<State>('GET', '/api/destination').then(
          (state) =>
            setLoaded(({ shown }) => ({
              shown: state.kind === 'loaded' ? state.shown : shown,
              version: state.version,
              broken: state.kind === 'broken' ? state.message : undefined,
              isGone: false,
            })),
          (error: unknown) => setLoaded((before) => ({ ...before, broken: String(error) })),
        );
      },
      () => setLoaded((before) => ({ ...before, isGone: true })),
    );
  }, []);
  return loaded;
}
