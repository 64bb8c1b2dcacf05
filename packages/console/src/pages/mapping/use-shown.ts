import { useNavigate, useSearch } from '@tanstack/react-router';

/** What the address says of the editor: the part that is shown, and the field that somebody points at. */
export interface Shown {
  readonly tab?: string;
  readonly field?: string;
}

/** What is shown of a mapping, and the way to show something else. */
export function useShown(): Shown & { show(next: Shown): void } {
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as Shown;
  return {
    ...search,
    show: (next) =>
      void navigate({ to: '.', search: { ...search, ...next }, replace: true, resetScroll: false }),
  };
}
