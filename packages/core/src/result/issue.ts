import type { ErrorCode } from './errors.ts';

/** One problem with one place: in a payload, a mapping, a definition or a workspace. */
export interface Issue {
  readonly code: ErrorCode;
  /** JSON path of the place, for example `items[1].quantity`; empty for the whole. */
  readonly path: string;
  /** What is wrong there, in words a marketer understands. */
  readonly message: string;
  /** The guilty character within the text at the place: of a trigger or template. */
  readonly offset?: number;
}

/** A value, or every problem that kept it from being made. */
export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly issues: readonly Issue[] };
