import type { Run } from './run.ts';

/** The page after the one that is being read: one at most, and dropped unless it is what is asked for next. */
export interface Lookahead<Page> {
  /** The page of a run, where it was begun. */
  take(run: Run): Promise<Page> | undefined;
  begin(run: Run, read: () => Promise<Page>): void;
}

/** Begins pages before they are asked for. */
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
