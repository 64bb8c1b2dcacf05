import { useState } from 'react';

/** The unsaved input of a form, and the saved version that it is based on. */
export interface BasedDraft<T> {
  readonly draft: T;
  readonly setDraft: (draft: T) => void;
  /** The saved version when typing started. */
  readonly base: { readonly value: T; readonly version: number | undefined };
  /** The version that an edit is based on. A version with equal content is not a conflict: something else was changed. */
  readonly ifMatch: number | '*';
  /** Continues from the saved version. */
  readonly rebase: (value: T, version: number | undefined) => void;
}

/** Keeps unsaved input when something else changes. */
export function useBasedDraft<T>(saved: T, version: number | undefined): BasedDraft<T> {
  const [base, setBase] = useState({ value: saved, version });
  const [draft, setDraft] = useState(saved);
  const isSame = JSON.stringify(saved) === JSON.stringify(base.value);
  return {
    draft,
    setDraft,
    base,
    ifMatch: (isSame ? version : base.version) ?? '*',
    rebase(value, next) {
      setBase({ value, version: next });
      setDraft(value);
    },
  };
}
