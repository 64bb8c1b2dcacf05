import { useSyncExternalStore } from 'react';
import { isLanguage, type Language } from './i18n/catalogue.ts';
import { type Translate, translateTo } from './i18n/translate.ts';

/** The preferences of a user; stored in the browser. */
export interface Preferences {
  readonly theme: 'system' | 'light' | 'dark';
  readonly language: Language;
  readonly zone: 'local' | 'utc';
  /** Whether single-key shortcuts are enabled. */
  readonly keys: boolean;
}

const KEY = 'waybill.preferences';
const listeners = new Set<() => void>();
let current = read();
apply(current);

function read(): Preferences {
  const language: Language = navigator.language.startsWith('de') ? 'de' : 'en';
  const preset: Preferences = { theme: 'system', language, zone: 'local', keys: true };
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Preferences>;
    return {
      theme: kept.theme === 'light' || kept.theme === 'dark' ? kept.theme : preset.theme,
      language: isLanguage(kept.language) ? kept.language : language,
      zone: kept.zone === 'utc' ? 'utc' : preset.zone,
      keys: kept.keys !== false,
    };
  } catch {
    return preset;
  }
}

function apply({ theme, language }: Preferences): void {
  document.documentElement.lang = language;
  document.documentElement.dataset['theme'] = theme;
}

/** Changes preferences, for every view at once. */
export function setPreferences(changes: Partial<Preferences>): void {
  current = { ...current, ...changes };
  apply(current);
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // Without storage they are lost.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Returns the current preferences. */
export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, () => current);
}

const translators = new Map<Language, Translate>();

/** Returns the UI strings of the current language. */
export function useTexts(): Translate {
  const { language } = usePreferences();
  let translate = translators.get(language);
  if (translate === undefined) translators.set(language, (translate = translateTo(language)));
  return translate;
}
