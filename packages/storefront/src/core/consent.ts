import type { Settings } from './settings.ts';
import type { Store } from './store.ts';

/** Whether anything may be kept and sent. */
export interface Consent {
  readonly granted: boolean;
  say(granted: boolean): void;
}

const SAID = 'waybill.consent';

/**
 * What a visitor has agreed to. As long as nobody has said so: nothing where the shop asks, nor where the browser says that its
 * user does not want it (Global Privacy Control).
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
      // A no is remembered only where silence is a yes.
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
    // It counts for this page.
  }
}
