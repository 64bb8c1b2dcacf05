import { useSyncExternalStore } from 'react';
import { usePreferences } from './preferences.ts';

/** What happened and what to do about it, for a person. */
export interface Told {
  readonly message: string;
  readonly remedy: string;
}

type Catalogue = Readonly<Record<string, Told>>;

const listeners = new Set<() => void>();
let german: Catalogue | undefined;
let isAsked = false;

/** Loads the catalogue once; English is what the server says, and stays if it cannot be loaded. */
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

/** What the registry says of a code in the language in force; undefined where that is what the server says itself. */
export function useRefusals(): (code: string) => Told | undefined {
  const { language } = usePreferences();
  const loaded = useSyncExternalStore(subscribe, () => german);
  if (language !== 'de') return () => undefined;
  load();
  return (code) => (loaded !== undefined && Object.hasOwn(loaded, code) ? loaded[code] : undefined);
}
