import type { Outcome } from '@waybill/core';
import type { UpstreamDefinition } from '../upstream/types.ts';

/** Reads what the answer to a batch says of each of its items: one outcome per payload, in their order. */
export type ReadAnswer = (
  answer: unknown,
  payloads: readonly Readonly<Record<string, unknown>>[],
) => readonly Outcome[];

/** What is changed of one published definition; a definition without a patch runs as it is. */
export interface Patch {
  /** What it puts right, for docs and for whoever removes it once it is put right upstream. */
  readonly reasons: readonly string[];
  /** Gives a changed copy; the published object is never written to. */
  readonly change?: (definition: UpstreamDefinition) => UpstreamDefinition;
  /** Readers of batch answers by action. */
  readonly readBatch?: Readonly<Record<string, ReadAnswer>>;
}
