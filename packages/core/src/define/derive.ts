import type { Identifiers, ProjectType } from '../identity/resolve.ts';
import type { Outcome } from '../result/outcome.ts';

/** What the code of a destination says of one payload. */
export interface DerivedPayload {
  readonly identifiers?: Identifiers;
  /** The batch key. */
  readonly group?: string;
  /** What kept the code from saying it. */
  readonly problem?: string;
}

/** What the code of a destination says of payloads, by their places; or why it says nothing. */
export type Derivation =
  | {
      readonly projectType?: ProjectType;
      readonly each: (at: number) => DerivedPayload | undefined;
      readonly failure?: undefined;
    }
  | { readonly failure: Outcome };
