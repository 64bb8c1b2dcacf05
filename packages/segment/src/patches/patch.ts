import type { Outcome } from '@waybill/core';
import type { UpstreamDefinition } from '../upstream/types.ts';

/** Reads the results of items from the answer to a batch: one outcome per payload, in order. */
export type ReadAnswer = (
  answer: unknown,
  payloads: readonly Readonly<Record<string, unknown>>[],
) => readonly Outcome[];

/** Changes of one published definition; a definition without a patch runs unchanged. */
export interface Patch {
  /** What it corrects, for docs and for its removal once it is fixed upstream. */
  readonly reasons: readonly string[];
  /** Returns a changed copy; the published object is never modified. */
  readonly change?: (definition: UpstreamDefinition) => UpstreamDefinition;
  /** Readers of batch answers by action. */
  readonly readBatch?: Readonly<Record<string, ReadAnswer>>;
}
