import type { BatchRule } from '@waybill/core';
import type { UpstreamAction, UpstreamFields } from '../upstream/types.ts';

/** The default number of items of a call. */
const BATCH_ITEMS = 1_000;

/** The default number of bytes of a call. */
export const BATCH_BYTES = 4_000_000;

/** The batch rule of an action. The maximum of the field is the limit, else its default; a mapping can only lower it. */
export function batchRule({ performBatch, fields }: UpstreamAction): BatchRule<unknown> | undefined {
  if (performBatch === undefined) return undefined;
  const keys = fields['batch_keys']?.default;
  return {
    maxItems: limitOf(fields, 'batch_size', BATCH_ITEMS),
    maxBytes: limitOf(fields, 'batch_bytes', BATCH_BYTES),
    ...(Array.isArray(keys) && keys.length > 0 ? { groupBy: groupBy(keys.map(String)) } : {}),
  };
}

function limitOf(fields: UpstreamFields, name: string, otherwise: number): number {
  const field = fields[name];
  for (const limit of [field?.maximum, field?.default]) {
    if (typeof limit === 'number' && limit >= 1) return limit;
  }
  return otherwise;
}

function groupBy(keys: readonly string[]): (payload: unknown) => string {
  return (payload) => {
    const members = payload as Readonly<Record<string, unknown>>;
    return JSON.stringify(keys.map((key) => members[key] ?? null));
  };
}
