import { useState } from 'react';

/** What is typed in a form, and the saved version that it is based on. */
export interface BasedDraft<T> {
  readonly draft: T;
  readonly setDraft: (draft: T) => void;
  /** What was saved when somebody began to type. */
  readonly base: { readonly value: T; readonly version: number | undefined };
  /** Which version an edit is based on. One that says the same is no conflict: something beside it was changed. */
  readonly ifMatch: number | '*';
  /** Goes on from what was saved. */
  readonly rebase: (value: T, version: number | undefined) => void;
}

/** Keeps what is typed when anything changes beside it. */
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
