import { useNavigate, useSearch } from '@tanstack/react-router';

/** The state of the editor in the URL: the shown part, and the selected field. */
export interface Shown {
  readonly tab?: string;
  readonly field?: string;
}

/** Hook for the shown part of a mapping. */
export function useShown(): Shown & { show(next: Shown): void } {
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as Shown;
  return {
    ...search,
    show: (next) =>
      void navigate({ to: '.', search: { ...search, ...next }, replace: true, resetScroll: false }),
  };
}
