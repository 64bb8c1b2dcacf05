import type { Run } from './run.ts';

/** The prefetched page after the current one: one at most, dropped unless it is requested next. */
export interface Lookahead<Page> {
  /** Returns the prefetched page of a run, if any. */
  take(run: Run): Promise<Page> | undefined;
  begin(run: Run, read: () => Promise<Page>): void;
}

/** Creates the prefetch of pages. */
export function createLookahead<Page>(): Lookahead<Page> {
  let begun: { readonly run: string; readonly page: Promise<Page> } | undefined;
  return {
    take(run) {
      const found = begun;
      begun = undefined;
      return found?.run === JSON.stringify(run) ? found.page : undefined;
    },
    begin(run, read) {
      begun = { run: JSON.stringify(run), page: read() };
    },
  };
}
