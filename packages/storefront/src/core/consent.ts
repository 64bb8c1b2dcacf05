import type { Settings } from './settings.ts';
import type { Store } from './store.ts';

/** Whether anything may be stored and sent. */
export interface Consent {
  readonly granted: boolean;
  say(granted: boolean): void;
}

const SAID = 'waybill.consent';

/**
 * Creates the consent of a visitor. Without a choice it is refused if the shop asks first, or the browser sends Global Privacy
 * Control.
 */
export function createConsent(settings: Settings, store: Store, onChange: () => void): Consent {
  const assumed =
    settings.consent === 'assumed' &&
    (navigator as { readonly globalPrivacyControl?: boolean }).globalPrivacyControl !== true;
  let granted = said() ?? assumed;
  if (granted) store.keep(true);
  return {
    get granted() {
      return granted;
    },
    say(given) {
      granted = given;
      store.keep(given);
      // An opt-out is stored only where consent is implied.
      if (given || settings.consent === 'assumed') remember(given ? '1' : '0');
      onChange();
    },
  };
}

function said(): boolean | undefined {
  try {
    const kept = localStorage.getItem(SAID);
    return kept === null ? undefined : kept === '1';
  } catch {
    return undefined;
  }
}

function remember(value: string): void {
  try {
    localStorage.setItem(SAID, value);
  } catch {
    // It applies to this page.
  }
}
