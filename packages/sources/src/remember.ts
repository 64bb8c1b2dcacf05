import type { ShopFailure, SourceContext } from '@waybill/core';

/** How long rarely changing data is cached, in milliseconds. */
const HOUR = 3_600_000;

/** Caches what is read once an hour: stores, categories, groups. Failures are not cached. */
export async function remembered<T extends object>(
  { memory, now }: Pick<SourceContext, 'memory' | 'now'>,
  name: string,
  load: () => Promise<T | ShopFailure>,
): Promise<T | ShopFailure> {
  const kept = memory.get(name) as { readonly value: T; readonly at: number } | undefined;
  if (kept !== undefined && now() - kept.at < HOUR) return kept.value;
  const value = await load();
  if (!('failure' in value)) memory.set(name, { value, at: now() });
  return value;
}

/** Replaces the answer by a fallback when a permission is missing. */
export function unlessForbidden<T>(found: T | ShopFailure, instead: T): T | ShopFailure {
  const failure = isFailure(found) ? found.failure : undefined;
  return failure?.code === 'source_forbidden' || failure?.code === 'source_not_found' ? instead : found;
}

/** Whether reading failed. */
export function isFailure(found: unknown): found is ShopFailure {
  return typeof found === 'object' && found !== null && 'failure' in found;
}
