import type { Identifiers, ProjectType } from '../identity/resolve.ts';
import type { Outcome } from '../result/outcome.ts';

/** What the code of a destination derives from one payload. */
export interface DerivedPayload {
  readonly identifiers?: Identifiers;
  /** The batch key. */
  readonly group?: string;
  /** Why the code could not derive it. */
  readonly problem?: string;
}

/** What the code of a destination derives from payloads, in their order; or why it failed. */
export type Derivation =
  | {
      readonly projectType?: ProjectType;
      readonly each: (at: number) => DerivedPayload | undefined;
      readonly failure?: undefined;
    }
  | { readonly failure: Outcome };
