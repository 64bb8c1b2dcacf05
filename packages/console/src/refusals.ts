import { useSyncExternalStore } from 'react';
import { usePreferences } from './preferences.ts';

/** A message and remedy. */
export interface Told {
  readonly message: string;
  readonly remedy: string;
}

type Catalogue = Readonly<Record<string, Told>>;

const listeners = new Set<() => void>();
let german: Catalogue | undefined;
let isAsked = false;

/** Loads the catalogue once; the server's English is the fallback. */
function load(): void {
  if (isAsked) return;
  isAsked = true;
  void import('./i18n/refusals/german.ts').then(
    ({ GERMAN }) => {
      german = GERMAN;
      for (const listener of listeners) listener();
    },
    () => {
      isAsked = false;
    },
  );
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Returns the registry's strings of a code in the current language; undefined for the server's own language. */
export function useRefusals(): (code: string) => Told | undefined {
  const { language } = usePreferences();
  const loaded = useSyncExternalStore(subscribe, () => german);
  if (language !== 'de') return () => undefined;
  load();
  return (code) => (loaded !== undefined && Object.hasOwn(loaded, code) ? loaded[code] : undefined);
}
