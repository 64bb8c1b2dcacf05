import type { ShopFailure, SourceContext } from '@waybill/core';

/** How long what rarely changes is believed, in milliseconds. */
const HOUR = 3_600_000;

/** What is read once an hour: stores, categories, groups. A failure is not kept, and neither is what it kept from being read. */
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

/** What a right that is missing makes of an answer: something lesser, instead of no answer at all. */
export function unlessForbidden<T>(found: T | ShopFailure, instead: T): T | ShopFailure {
  const failure = isFailure(found) ? found.failure : undefined;
  return failure?.code === 'source_forbidden' || failure?.code === 'source_not_found' ? instead : found;
}

/** Whether nothing was read. */
export function isFailure(found: unknown): found is ShopFailure {
  return typeof found === 'object' && found !== null && 'failure' in found;
}
